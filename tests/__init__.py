"""Tests. A package, so that none of that name in an installed library is taken for it."""
