"""The forms: one JSON Schema per user task."""
