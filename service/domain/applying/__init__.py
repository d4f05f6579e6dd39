"""Everything that is checked before a transfer exists, pure."""
