"""Accounts, roles, sessions and what opens them, in the database."""
