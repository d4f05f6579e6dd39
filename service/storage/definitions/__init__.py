"""Diagrams, forms, profiles and templates as they were when a transfer began."""
