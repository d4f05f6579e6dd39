"""Backups: a consistent copy of the whole database in one encrypted file, and the way back from it (R-226)."""
