"""Introduction letters: what they say, and who may look at them."""
