"""The one door to HTTP: pages for people and an interface for programs call the same use cases."""
