"""One pair in, one row out: prompt, trace text, statistics, constraint flips, metadata."""
