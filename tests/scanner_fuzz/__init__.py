"""Attempts to make the compiled scanner read or write where it must not."""
