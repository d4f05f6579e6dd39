"""Accounts: logging in and out, and the role a person acts in."""
