"""Finds everything that is wrong with a built or exported dataset."""
