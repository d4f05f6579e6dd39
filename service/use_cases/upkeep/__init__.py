"""Looking after a deployment: setting it up, upgrading it, saying what is wrong with it."""
