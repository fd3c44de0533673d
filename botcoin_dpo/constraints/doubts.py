"""Other ways in which a coordinator may split, compare or normalise texts.

How it does that is not known to the last character. Where an outcome differs between these ways, it
proves nothing. Contract: schemas/README.md, "Constraints".
"""

import re
from collections.abc import Callable, Iterator
from unicodedata import normalize

_QUOTES = "\"'`“”„‟«»‘’‚‛"
_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("−–—‐‑", "-"),
    }
)
_BLANKS = re.compile(r"\s+")
_BLANKS_IN_LINE = re.compile(r"[^\S\n\r]+")
_UNUSUAL_BLANKS = re.compile(r"[^\S \t\n\r]|[\u200b\u200c\u200d\u2060\ufeff]")
_IN_NUMBERS = re.compile(r"(?<=\d)[\s,'’](?=\d{3})")
_LEGAL_FORM = re.compile(
    r",? (?:inc|ltd|llc|corp|co|corporation|company|limited|plc|gmbh|ag|sa)\.?$", re.IGNORECASE
)


def readings_of(artifact: str) -> Iterator[str]:
    """Yield an artifact as a coordinator may take it: without padding or quotes, or normalised."""
    yield artifact
    bare = artifact.strip()
    yield bare
    yield _BLANKS_IN_LINE.sub(" ", bare)
    if len(bare) > 1 and bare[0] in _QUOTES and bare[-1] in _QUOTES:
        bare = bare[1:-1].strip()
        yield bare
        yield _BLANKS_IN_LINE.sub(" ", bare)
    if not artifact.isascii():
        yield normalize("NFC", artifact)
        yield normalize("NFD", artifact)


def without_accents(text: str) -> str:
    """Return a text with the letters that accents stand on."""
    return "".join(
        [letter for letter in normalize("NFD", text) if not "\u0300" <= letter <= "\u036f"]
    )


def with_usual_digits(text: str) -> str:
    """Return a text with plain digits and signs, and without blanks that are no spaces."""
    return normalize("NFKC", _UNUSUAL_BLANKS.sub("", text))


def without_legal_form(name: str) -> str:
    """Return a name without an `Inc.` behind it."""
    return _LEGAL_FORM.sub("", name)


def _with_plain_marks(text: str) -> str:
    return _BLANKS.sub(" ", text.translate(_MARKS))


def _without_separators(text: str) -> str:
    return _IN_NUMBERS.sub("", text)


def _nfc(text: str) -> str:
    return normalize("NFC", text)


def _nfkc(text: str) -> str:
    return normalize("NFKC", text)


def _all_at_once(text: str) -> str:
    return without_accents(_without_separators(_with_plain_marks(_nfkc(text)).casefold()))


FOLDINGS: tuple[Callable[[str], str], ...] = (
    _nfc,
    _nfkc,
    str.casefold,
    _with_plain_marks,
    _without_separators,
    with_usual_digits,
    _all_at_once,
)
"""Forms in which two texts may be compared."""

CASES: tuple[Callable[[str], str], ...] = (
    str.casefold,
    str.upper,
    lambda text: _nfc(text).lower(),
    lambda text: normalize("NFKD", text).lower(),
    lambda text: without_accents(text).casefold(),
)
"""Forms in which letters may be compared in either case."""
