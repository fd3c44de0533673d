"""Text of others in Markdown."""

import re

from botcoin_dpo.contract.sanitize import sanitize_line


def plain(text: str) -> str:
    """Return a text that is nothing but itself in Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|&~-])", r"\\\1", sanitize_line(text))
