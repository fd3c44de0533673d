"""Text from the data, made harmless for a terminal.

Escape sequences, control characters and direction overrides are shown, not obeyed. Rich markup is
never parsed (consoles are made with `markup=False`).
"""

import re

_ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, C0 and C1, but tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks and overrides
    "\u2028\u2029\ufeff\ud800-\udfff"
    "\ufffe\uffff]"  # no characters at all: no XML may have them
)


def inert(text: str) -> str:
    """Return a text that a terminal only shows."""
    return _ACTIVE.sub(lambda match: match.group().encode("unicode_escape").decode(), text)


def inert_line(text: str) -> str:
    """Return a text that a terminal only shows, on one line."""
    return inert(text).replace("\n", "\\n").replace("\t", "\\t")
