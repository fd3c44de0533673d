"""How long work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how far it is, and how far it goes."""
