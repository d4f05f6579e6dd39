"""The profiles: the rules in which deployments differ, as data."""
