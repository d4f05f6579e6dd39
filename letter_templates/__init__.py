"""The letters: one template per part or overlay."""
