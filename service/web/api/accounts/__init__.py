"""Accounts, sessions, roles and administrators in the JSON interface."""
