"""Organisations: their records, their place in the tree, their permissions, pure."""
