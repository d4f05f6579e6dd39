"""Pages of one's account and of the administrators."""
