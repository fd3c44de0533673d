"""Statistics of datasets and logs, and how results look in a terminal."""
