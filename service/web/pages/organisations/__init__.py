"""Pages of organisations, the tree and its upkeep."""
