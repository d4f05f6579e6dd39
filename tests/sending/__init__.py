"""The adapters that speak to the world outside."""
