"""Accounts, roles and what opens them, pure."""
