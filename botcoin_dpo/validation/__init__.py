"""A built dataset in, everything that is wrong with it out."""
