"""Organisations: imported, searched, shown."""
