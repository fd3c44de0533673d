"""Patterns of object names, as a shell has them for paths: `*`, `?`, `[...]`, and `**` for folders.

As in a shell, a name that begins with a dot is matched only by a dot.
"""

import re

_WILD = re.compile(r"[*?\[]")
_PART = re.compile(r"\*+|\?|\[(!?)(\]?[^\]]*)\]|[^*?\[]+|\[", re.DOTALL)


def is_pattern(name: str) -> bool:
    """Return whether a name is a pattern."""
    return _WILD.search(name) is not None


def fixed_folder(pattern: str) -> str:
    """Return the folder of a pattern that comes before anything wild."""
    parts = pattern.split("/")
    wild = next(number for number, part in enumerate(parts) if is_pattern(part))
    return "/".join(parts[:wild])


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as a regular expression for whole names."""
    parts = pattern.split("/")
    last = len(parts) - 1
    texts = []
    for number, part in enumerate(parts):
        if part == "**":
            texts.append(r"(?:(?!\.)[^/]+/)*" if number < last else r"(?:(?!\.)[^/]+/)*(?!\.)[^/]+")
        else:
            texts.append(_of_part(part) + ("/" if number < last else ""))
    return re.compile("".join(texts), re.DOTALL)


def _of_part(part: str) -> str:
    visible = r"(?!\.)" if is_pattern(part[:1]) else ""
    return visible + "".join(map(_of_piece, _PART.finditer(part)))


def _of_piece(piece: re.Match[str]) -> str:
    text = piece[0]
    if text.startswith("*"):
        return "[^/]*"
    if text == "?":
        return "[^/]"
    if piece[2]:
        members = re.sub(r"([\\\[\]^&~|])", r"\\\1", piece[2])
        return f"[{'^/' if piece[1] else ''}{members}]"
    return re.escape(text)
