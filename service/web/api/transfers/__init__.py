"""Transfers in the JSON interface, from the candidate to the receipt."""
