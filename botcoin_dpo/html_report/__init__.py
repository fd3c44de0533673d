"""A dataset as one page for a browser: its numbers as charts, and a sample of its pairs."""
