"""Bytes on disk: what is there, how it is read, and files that are whole or absent."""
