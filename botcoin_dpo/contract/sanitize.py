"""Text from the data, made harmless for a terminal or a page.

Escape sequences and control characters are shown, not obeyed, and hidden characters are seen. Rich
markup is never parsed (consoles are made with `markup=False`).
"""

import json
import re
from collections.abc import Callable

from botcoin_dpo.contract.hidden_text import escape_of, show_hidden

_ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, C0 and C1, but tab and line feed
    "\u2028\u2029\ud800-\udfff"
    "\ufffe\uffff]"  # no characters at all: no XML may have them
)


def inert(text: str) -> str:
    """Return a text that a terminal only shows."""
    return _inert(text, escape_of)


def inert_line(text: str) -> str:
    """Return a text that a terminal only shows, on one line."""
    return inert(text).replace("\n", "\\n").replace("\t", "\\t")


def inert_start(text: str, most: int) -> str:
    """Return at most so many characters of a text as `inert_line` does, and whether it goes on."""
    shown = inert_line(text[: most + 1])
    # A cut may take away what a joiner or a flag needs.
    return shown if len(shown) <= most else f"{inert_line(shown[:most])}…"


def inert_json(document: str) -> str:
    """Return a JSON text of the same value that a terminal only shows."""
    return _inert(document, lambda character: json.dumps(character)[1:-1])


def _inert(text: str, escape: Callable[[str], str]) -> str:
    return _ACTIVE.sub(lambda match: escape(match.group()), show_hidden(text, escape))
