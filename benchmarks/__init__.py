"""Benchmarks. A package, since some versions of pyarrow install one of that name."""
