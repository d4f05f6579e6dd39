"""The tree of organisations in the database."""
