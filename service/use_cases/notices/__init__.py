"""What organisations and persons were told: read, and marked as read."""
