"""What is told to the world after a change."""
