"""The size of the terminal that the environment claims, kept within reason."""

import os

MOST_COLUMNS = 500
"""A wider terminal is drawn on as if it had these."""

_MOST = {"COLUMNS": MOST_COLUMNS, "LINES": 10**6}
_DIGITS = 10
"""That are looked at: a longer number is beyond all limits."""


def tame_sizes() -> None:
    """Make COLUMNS and LINES numbers that every library can use, or remove them.

    With 0 columns Rich draws nothing, with 99,999,999 it pads each line of a table to that width,
    and digits of other scripts end in a traceback. Pagers inherit both variables.
    """
    for name, most in _MOST.items():
        given = os.environ.get(name, "")
        size = int(given[:_DIGITS]) if given.isascii() and given.isdigit() else 0
        if size:
            os.environ[name] = str(min(size, most))
        else:
            os.environ.pop(name, None)
