"""A transfer under way: who may do what, and what it does to it, pure."""
