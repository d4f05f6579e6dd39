"""The one door to the world outside: short messages, mail and web hooks, each through an adapter chosen by settings."""
