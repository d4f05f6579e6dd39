"""Turns the data of a letter into HTML and PDF."""
