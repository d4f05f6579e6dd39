"""Transfers, their history, letters and files in the database."""
