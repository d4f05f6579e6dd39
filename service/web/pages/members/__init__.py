"""Pages of members and their records."""
