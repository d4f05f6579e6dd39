"""When open hops are due, what is told on the way there, and the working days by which it is counted."""
