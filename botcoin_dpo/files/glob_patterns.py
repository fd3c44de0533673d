"""Patterns of object names, as a shell has them for paths: `*`, `?`, `[...]`, and `**` for folders.

As in a shell, a name that begins with a dot is matched only by a dot.
"""

import re

_WILD = re.compile(r"[*?\[]")
_PIECE = re.compile(r"\*+|\?|\[(!?)(\]?[^\]]*)\]|[^*?\[]+|\[", re.DOTALL)
_RANGE = re.compile(r".-.|.", re.DOTALL)

_NAME = r"(?!\.)[^/]+"
_FOLDER = f"(?:{_NAME}/)"


def is_pattern(name: str) -> bool:
    """Return whether a name is a pattern."""
    return _WILD.search(name) is not None


def fixed_folder(pattern: str) -> str:
    """Return the folder of a pattern that comes before anything wild."""
    parts = pattern.split("/")
    wild = next(number for number, part in enumerate(parts) if is_pattern(part))
    return "/".join(parts[:wild])


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as a regular expression for whole names.

    What stands between two `*`, or two `**`, is taken where it comes first, in an atomic group: no
    other place could do better, and to try them all takes longer than anybody waits.
    """
    first, *others = _between_folders(pattern)
    if not others:
        return re.compile("/".join(first), re.DOTALL)
    *middle, last = others
    texts = [part + "/" for part in first]
    for parts in middle:
        texts.append(f"(?>{_FOLDER}*?{''.join(part + '/' for part in parts)})")
    texts.append(f"{_FOLDER}*{'/'.join(last) if last else _NAME}")
    return re.compile("".join(texts), re.DOTALL)


def _between_folders(pattern: str) -> list[list[str]]:
    """Return the parts of a pattern as regular expressions, divided where it has `**`."""
    divided: list[list[str]] = [[]]
    for part in pattern.split("/"):
        if part == "**":
            divided.append([])
        else:
            divided[-1].append(_of_part(part))
    return divided


def _of_part(part: str) -> str:
    texts = [r"(?!\.)" if is_pattern(part[:1]) else ""]
    for piece in _PIECE.finditer(part):
        if piece[0].startswith("*"):
            texts.append("")
        else:
            texts[-1] += _of_piece(piece)
    first, *others = texts
    if not others:
        return first
    *middle, last = others
    return first + "".join(f"(?>[^/]*?{text})" for text in middle) + f"[^/]*{last}"


def _of_piece(piece: re.Match[str]) -> str:
    text = piece[0]
    if text == "?":
        return "[^/]"
    if piece[2]:
        return _of_set(_RANGE.findall(piece[2]), is_negated=bool(piece[1]))
    return re.escape(text)


def _of_set(members: list[str], *, is_negated: bool) -> str:
    """Return a set of characters and ranges; as in a shell, a reversed range has no character."""
    texts = [
        "-".join(map(re.escape, (member[0], member[-1]))) if member[1:] else re.escape(member)
        for member in members
        if member[0] <= member[-1]
    ]
    if is_negated:
        return f"[^/{''.join(texts)}]"
    return f"(?!/)[{''.join(texts)}]" if texts else "(?!)"
