"""When something is due: working days, deadlines and what is told on the way, pure."""
