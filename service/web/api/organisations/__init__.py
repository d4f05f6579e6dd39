"""Organisations in the JSON interface."""
