"""The tests: one folder per layer, beside whole transfers, whole systems and the rules of the house."""
