"""One module a check: what a record says, compared with what follows from it."""
