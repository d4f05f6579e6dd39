"""The database's history, one numbered step per change of its shape."""
