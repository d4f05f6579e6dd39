"""Members in the JSON interface."""
