"""One decoded attempt, and what follows from it alone: trace text, citations, statistics."""
