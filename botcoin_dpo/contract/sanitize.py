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


def sanitize(text: str) -> str:
    """Return a text with all that a terminal would obey, or hide, spelled out."""
    return _sanitize(text, escape_of)


def sanitize_line(text: str) -> str:
    """Return a text as `sanitize` does, on one line."""
    return sanitize(text).replace("\n", "\\n").replace("\t", "\\t")


def sanitize_start(text: str, most: int) -> str:
    """Return the start of a text as `sanitize_line` does, with an ellipsis if there is more.

    Args:
        text: any text.
        most: characters that are shown at most.
    """
    shown = sanitize_line(text[: most + 1])
    # A cut may take away what a joiner or a flag needs.
    return shown if len(shown) <= most else f"{sanitize_line(shown[:most])}…"


def sanitize_json(document: str) -> str:
    """Return a JSON text of the same value, as `sanitize` does."""
    return _sanitize(document, lambda character: json.dumps(character)[1:-1])


def _sanitize(text: str, escape: Callable[[str], str]) -> str:
    return _ACTIVE.sub(lambda match: escape(match.group()), show_hidden(text, escape))
