"""Fewer rounds of the garbage collector while very many short-lived objects are made.

Records, traces and rows are trees: reference counting frees them, and the collector's rounds over
them find nothing. It stays on, for what might be a cycle after all.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS_BETWEEN_ROUNDS = 100_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Let the collector look only after every hundred thousand new objects."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_ROUNDS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
