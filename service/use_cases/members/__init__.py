"""Members: imported, listed, found."""
