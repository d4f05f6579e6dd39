"""Files as people send them, and as others would."""
