"""Workers that are killed at random: what they did happened once, what they had begun was undone or is done by others."""
