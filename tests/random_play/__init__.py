"""Random play: whole histories on random trees, judged by a small model that knows none of the service's rules."""
