"""Numbers as JavaScript rounds and prints them: the published rows were written by it."""

from math import floor
from typing import Any

_MOST_EQUAL_DIGITS = 10**16
"""Below this an integral double has the digits of that integer, in Python and in JavaScript; above
it the two print other digits, so that it stays what it was."""

_NO_DOUBLES = frozenset({str, int, bool, type(None)})


def round_half_up(value: float, digits: int) -> float | int:
    """Return `Math.round(value * 10**digits) / 10**digits`, without `.0` where it is whole."""
    power = 10**digits
    scaled = value * power
    whole = floor(scaled)
    if scaled - whole >= 0.5:
        whole += 1
    return plain(whole / power)


def number_of(digits: str) -> float | int:
    """Return the double that JSON spells, as an integer where it is whole."""
    value = float(digits)
    return value if value % 1 else plain(value)  # most are not whole


def plain(value: float) -> float | int:
    """Return a whole double as an integer: `1.0` is `1`, `-0.0` is `0`."""
    return int(value) if value.is_integer() and abs(value) < _MOST_EQUAL_DIGITS else value


def integral_as_integer(value: Any) -> Any:
    """Return a JSON value in which every double is `plain`."""
    if isinstance(value, dict):
        return {
            key: inner if type(inner) in _NO_DOUBLES else integral_as_integer(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [
            inner if type(inner) in _NO_DOUBLES else integral_as_integer(inner) for inner in value
        ]
    return plain(value) if isinstance(value, float) else value


def ratio(part: float, whole: float) -> float | int:
    """Return a quotient; 0/0 is 0."""
    return plain(part / whole) if whole else 0


def to_text(number: float) -> str:
    """Return a number as JavaScript prints it; integers keep all their digits.

    The shortest digits that read back as the same double, as in Python, but placed by ECMA-262
    `Number::toString`: plain notation from 1e-6 up to, not including, 1e21.
    """
    if isinstance(number, int):
        return str(number)
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+d}"
