"""Reads diagrams, forms, letter templates and profiles, and proves that their names agree."""
