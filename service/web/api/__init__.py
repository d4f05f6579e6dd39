"""The JSON interface, described in OpenAPI."""
