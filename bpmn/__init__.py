"""The diagrams: one per variety of transfer."""
