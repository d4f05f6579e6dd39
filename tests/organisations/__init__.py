"""The upkeep of organisations: rules R-001 to R-020, R-202 to R-207, R-228."""
