"""Pairs as a person looks at them: found in a dataset, taken apart, compared; nothing is drawn."""
