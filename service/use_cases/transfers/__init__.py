"""Transfers: submitted, decided step by step, shown."""
