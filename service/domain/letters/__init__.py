"""Introduction letters: when they are written, what stands in them, who may change it, pure."""
