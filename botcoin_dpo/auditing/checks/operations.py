"""The operations of computations, and the numbers that they take.

They are those of the game's protocol, which traces spell in many ways.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from botcoin_dpo.constraints.primes import LARGEST_FOR_PRIME, next_prime

Number = int | float

_LARGEST = 10**300
_MOST_DIGITS = 12
_LONGEST = 60
"""Characters of a text that is a number."""

_NUMBER = re.compile(
    r"[~≈]?\s*(?P<sign>[-−+]?)\s*[$€£]?\s*"
    r"(?P<number>[0-9]+(?:[ ,][0-9]{3})*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?)\s*[%A-Za-zµ°/]{0,12}"
)
_MAGNITUDE = re.compile(
    r"(?P<number>.*[0-9])\s*(?P<magnitude>thousand|million|billion|trillion|bn|mn|[kmb])"
    r"(?:\s+[A-Za-z]{1,12})?",
    re.IGNORECASE,
)
_FACTORS = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6,
    "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12,
}  # fmt: skip
_OPERATION_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|[- ]")


class NotReplayable(Exception):
    """Inputs that an operation does not take."""


def number_of(value: Any) -> Number:
    """Return the number that an input is or spells: `1,200`, `9.2%`, `$4`.

    Raises:
        NotReplayable: it is not a number.
    """
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip()) if _may_be_number(value) else None
        if match is None:
            raise NotReplayable(f"{value[:40]!a} is not a number")
        digits = match["number"].replace(",", "").replace(" ", "")
        value = float(digits) if any(mark in digits for mark in ".eE") else int(digits)
        if match["sign"] in ("-", "−"):
            value = -value
    if not isinstance(value, (int, float)) or not abs(value) <= _LARGEST:
        raise NotReplayable("no number, or beyond 10^300")
    number: Number = value if type(value) is not bool else int(value)
    return number


def is_number(value: Any) -> bool:
    """Return whether an input is a number or spells one."""
    try:
        number_of(value)
    except NotReplayable:
        return False
    return True


def _numbers(inputs: list[Any], fewest: int = 1, most: int | None = None) -> list[Number]:
    if len(inputs) < fewest or (most is not None and len(inputs) > most):
        raise NotReplayable(f"{len(inputs)} inputs")
    return [each if type(each) is int else number_of(each) for each in inputs]


def _two(inputs: list[Any]) -> tuple[Number, Number]:
    if len(inputs) != 2:
        raise NotReplayable(f"{len(inputs)} inputs")
    left, right = inputs
    if type(left) is int and type(right) is int:  # as most are
        return left, right
    return number_of(left), number_of(right)


def _subtract(inputs: list[Any]) -> Number:
    first, *rest = _numbers(inputs, 2)
    return first - sum(rest)


def _divide(inputs: list[Any]) -> Number:
    left, right = _two(inputs)
    return left / right


def _floor_divide(inputs: list[Any]) -> Number:
    left, right = _two(inputs)
    return left // right


def _mod(inputs: list[Any]) -> Number:
    left, right = _two(inputs)
    return left % right


def _next_prime(inputs: list[Any]) -> Number:
    [number] = _numbers(inputs, 1, 1)
    if number != int(number) or not 0 <= number <= LARGEST_FOR_PRIME:
        raise NotReplayable("no whole number up to 10^9")
    return next_prime(int(number))


def _round(inputs: list[Any]) -> Number:
    number, *digits = _numbers(inputs, 1, 2)
    places = int(digits[0]) if digits else 0
    if not 0 <= places <= _MOST_DIGITS:
        raise NotReplayable("no number of digits")
    return _half_up(number, Decimal(1).scaleb(-places))


def _round_nearest(inputs: list[Any]) -> Number:
    number, *multiple = _numbers(inputs, 1, 2)
    step = Decimal(repr(multiple[0])) if multiple else Decimal(1)
    if step <= 0:
        raise NotReplayable("no multiple")
    return _half_up(number, step)


def _half_up(number: Number, step: Decimal) -> Number:
    """Return the nearest multiple of a step as people round, on the digits that are written."""
    try:
        units = (Decimal(repr(number)) / step).quantize(Decimal(1), ROUND_HALF_UP)
        rounded = units * step
    except InvalidOperation as error:
        raise NotReplayable("too many digits") from error
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _average(inputs: list[Any]) -> Number:
    numbers = _numbers(inputs)
    return sum(numbers) / len(numbers)


def _compare(holds: Callable[[Number, Number], bool]) -> Callable[[list[Any]], bool]:
    def replay(inputs: list[Any]) -> bool:
        return holds(*_two(inputs))

    return replay


def _equal(inputs: list[Any]) -> bool:
    if len(inputs) != 2:
        raise NotReplayable(f"{len(inputs)} inputs")
    try:
        left, right = _two(inputs)
    except NotReplayable:
        return bool(inputs[0] == inputs[1])
    return left == right


def _count(inputs: list[Any]) -> int:
    return len(inputs)


def _product(inputs: list[Any]) -> Number:
    product: Number = 1
    for number in _numbers(inputs):
        product *= number
        if abs(product) > _LARGEST:
            raise NotReplayable("a result beyond 10^300")
    return product


OPERATIONS: dict[str, Callable[[list[Any]], Number | bool]] = {
    "add": lambda inputs: sum(_numbers(inputs)),
    "sum": lambda inputs: sum(_numbers(inputs)),
    "subtract": _subtract,
    "multiply": _product,
    "divide": _divide,
    "floor_divide": _floor_divide,
    "mod": _mod,
    "max": lambda inputs: max(_numbers(inputs)),
    "min": lambda inputs: min(_numbers(inputs)),
    "average": _average,
    "next_prime": _next_prime,
    "round": _round,
    "round_nearest": _round_nearest,
    "abs_diff": lambda inputs: abs(_subtract(_numbers(inputs, 2, 2))),
    "ratio": _divide,
    "count": _count,
    "compare_equal": _equal,
    "compare_greater_than": _compare(lambda left, right: left > right),
    "compare_less_than": _compare(lambda left, right: left < right),
}
"""The operations of the protocol, and `floor_divide`."""

COMMUTATIVE = frozenset(
    {"add", "sum", "multiply", "max", "min", "average", "abs_diff", "count", "compare_equal"}
)
"""Those whose inputs may come in any order."""

AMBIGUOUS = frozenset({"div", "difference", "quotient", "diff"})
"""Names that mean one operation to some and another to others."""

_SPELLINGS = {
    "add": "addition plus + adding",
    "subtract": "subtraction minus - − subtracting",
    "multiply": "multiplication times * × product multiplying",
    "divide": "division / ÷ divided_by dividing",
    "floor_divide": "floor_division // floordiv floor_div integer_division integer_divide",
    "mod": "modulo modulus % remainder",
    "next_prime": "nextprime",
    "max": "maximum",
    "min": "minimum",
    "average": "mean avg",
    "abs_diff": "absolute_difference abs_difference absolute_diff",
    "compare_equal": "equal equals eq == =",
    "compare_greater_than": "greater_than gt >",
    "compare_less_than": "less_than lt <",
}
_OPERATION_BY_SPELLING = {
    spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()
}


def operation_of(name: str) -> str:
    """Return the name of an operation as `OPERATIONS` spells it, an unknown name unchanged."""
    if name in OPERATIONS:
        return name
    name = name.strip()
    if name not in _OPERATION_BY_SPELLING:
        name = _OPERATION_WORDS.sub("_", name).lower().strip("_ ")
    return _OPERATION_BY_SPELLING.get(name, name)


def magnitude_of(value: Any) -> tuple[Number, int] | None:
    """Return the two factors of a text with a magnitude: 1.2 and 10^6 of `1.2 million`."""
    match = _MAGNITUDE.fullmatch(value.strip()) if _may_be_number(value) else None
    if match is None or not is_number(match["number"]):
        return None
    return number_of(match["number"]), _FACTORS[match["magnitude"].lower()]


def scaled(number: Number, factor: int) -> Number:
    """Return a number that is written with a magnitude, exactly as its digits say."""
    product = Decimal(repr(number)) * factor
    return int(product) if product == product.to_integral_value() else float(product)


def _may_be_number(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST
