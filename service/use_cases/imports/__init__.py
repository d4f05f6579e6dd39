"""Taking over whole files: all of it or nothing, with every line at fault named."""
