"""Makes one row from one pair: prompt, constraint flips, annotations."""
