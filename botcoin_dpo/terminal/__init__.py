"""Results as text for terminals, with Rich; nothing here computes."""
