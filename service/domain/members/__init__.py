"""Members: their records, how somebody becomes one, who keeps the records, pure."""
