"""Whole transfers played on the real diagrams."""
