"""Which attempts are compared: strategies that propose pairs, and the filter of proposals."""
