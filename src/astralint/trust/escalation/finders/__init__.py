"""How the targets of a path are found: one function for each word of `finds` in the table."""
