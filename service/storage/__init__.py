"""The one door to the database; rows never leave it."""
