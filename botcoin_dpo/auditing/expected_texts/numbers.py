"""Numbers as records spell them."""

from typing import Any

from botcoin_dpo.contract.trace_text import value_text

_DIGITS = frozenset("0123456789")
_IN_NUMBERS = _DIGITS | {"."}


def whole_number(value: Any) -> int | None:
    """Return the whole number that a value is or spells, None if there is none."""
    if isinstance(value, str):
        digits = value.replace(",", "").strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        return None
    return int(value)


def as_read(value: Any) -> int | str:
    """Return a value in the form in which equal values are equal, be they numbers or texts."""
    number = whole_number(value)
    return value_text(value) if number is None else number


def same_value(one: Any, other: Any) -> bool:
    """Return whether two values are the same, in whatever way they are spelled."""
    return as_read(one) == as_read(other)


def has_number(text: str, digits: str) -> bool:
    """Return whether digits stand in a text as a number, or before its point."""
    start = text.find(digits)
    while start >= 0:
        end = start + len(digits)
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        if before not in _IN_NUMBERS and after not in _DIGITS:
            return True
        start = text.find(digits, start + 1)
    return False
