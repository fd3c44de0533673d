"""Checks again what logs claim: labels, computations, citations, summaries, paths."""
