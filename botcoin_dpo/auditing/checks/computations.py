"""Computations of a trace, replayed: each on its own, with the inputs that it names.

The operations are those of the game's protocol. A wrong result does not make those after it wrong:
they are replayed with the result as the trace has it. Contract: schemas/README.md, "Audit".
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property
from itertools import product
from typing import Any

from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.constraints.primes import LARGEST_FOR_PRIME, next_prime
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, step_id_of

Number = int | float

UNREAD = object()
"""Stands for the operation of a computation whose inputs are not known; it is not replayed."""

_LARGEST = 10**300
_MOST_DIGITS = 12
_MOST_REFERRED = 6
"""Inputs of a computation that may be numbers or name steps; with more it is not replayed."""
_NUMBER = re.compile(
    r"[~≈]?\s*(?P<sign>[-−+]?)\s*[$€£]?\s*"
    r"(?P<number>[0-9]+(?:[ ,][0-9]{3})*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?)\s*[%A-Za-zµ°/]{0,12}"
)
_OPERATION_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|[- ]")
_TOLERANCE = 1e-6


class _NotReplayable(Exception):
    """Inputs that an operation does not take."""


class _Steps:
    """The steps of a trace, by their names."""

    def __init__(self, trace: Sequence[JsonObject]) -> None:
        self.trace = trace
        self.places: dict[str | int, int] = {}
        self.are_numbered = False
        """Whether some are called by a number, which an input may name."""
        for place, step in enumerate(trace):
            name = step_id_of(step)
            if name is not None:
                self.places.setdefault(name, place)
                self.are_numbered = self.are_numbered or type(name) is int

    @cached_property
    def patterns(self) -> set[str | None]:
        """How steps are numbered: a text like that is the name of one."""
        names = [name for name in self.places if isinstance(name, str)]
        return {_pattern(name) for name in names} - {None}


def audit_computations(trace: Sequence[JsonObject]) -> Iterator[Finding]:
    """Yield what is wrong with the computations of a trace."""
    steps = _Steps(trace)
    for place, step in enumerate(trace):
        if step.get("action") == COMPUTE:
            finding = _audit_step(step, place, steps)
            if finding is not None:
                yield finding


def _audit_step(step: JsonObject, place: int, steps: _Steps) -> Finding | None:
    name = step_id_of(step)
    subject = name if isinstance(name, str) else f"step {place + 1 if name is None else name}"
    operation, listed = step.get("operation"), step.get("inputs", [])
    if operation is UNREAD:
        return None
    operation = _plain_operation(operation) if isinstance(operation, str) else ""
    replay = OPERATIONS.get(operation)
    if replay is None:
        return Finding("computation_operation", subject, step.get("operation"), None)
    inputs: list[Any] = []
    places = steps.places
    referred: dict[int, Any] = {}
    for each in _flattened(listed):
        number = _number_of_step(each) if steps.are_numbered else None
        if number is not None and places.get(number, place) < place:
            referred[len(inputs)] = _value_of(steps.trace[places[number]])
            inputs.append(each)
            continue
        if not isinstance(each, str):
            inputs.append(each)
            continue
        named = each if each in places else _name_in(each)
        at = places.get(named)
        if at is None:
            if replay is not _count and _pattern(named) in steps.patterns:
                return Finding("computation_reference", subject, each, "no such step")
            inputs.append(each)
        elif at >= place:
            return Finding("computation_reference", subject, each, "a later step")
        else:
            inputs.append(_value_of(steps.trace[at]))
    if len(referred) > _MOST_REFERRED:
        return None
    finding = None
    for reading in _readings(inputs, referred):
        finding = _audit_result(step, subject, operation, reading)
        if finding is None:
            break
    return finding


def _audit_result(
    step: JsonObject, subject: str, operation: str, inputs: list[Any]
) -> Finding | None:
    """Return what is wrong with the result of a computation that takes these values."""
    recorded = step.get("result")
    try:
        result = OPERATIONS[operation](inputs)
        if _is_same(recorded, result) or _is_same_remainder(recorded, result, inputs):
            return None
    except (_NotReplayable, ZeroDivisionError, OverflowError) as error:
        listed = step.get("inputs", [])
        return Finding("computation_inputs", subject, listed, str(error) or "not computable")
    if operation in ("max", "min") and isinstance(recorded, str) and not _is_number(recorded):
        return None  # it names whose value it is
    return Finding("computation_result", subject, recorded, result)


def _readings(inputs: list[Any], referred: dict[int, Any]) -> Iterator[list[Any]]:
    """Yield what the inputs may be, by position those that may name a step: that comes last."""
    choices = [
        (each, referred[at]) if at in referred else (each,) for at, each in enumerate(inputs)
    ]
    return map(list, product(*choices))


def _number_of_step(each: Any) -> int | None:
    """Return the number of the step that an input may name: `3`, `$3`, `step 3`."""
    if type(each) is int:
        return each
    if not isinstance(each, str):
        return None
    digits = _name_in(each).lower().removeprefix("step").lstrip(" _-")
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else None


def _flattened(listed: Any) -> list[Any]:
    """Return the inputs; lists among them are taken apart once."""
    inputs = listed if isinstance(listed, list) else [listed]
    if list not in map(type, inputs):
        return inputs
    return [inner for each in inputs for inner in (each if isinstance(each, list) else [each])]


def _name_in(text: str) -> str:
    """Return the name of the step that an input may refer to: `e1`, `$e1`, `e1.valueExtracted`."""
    return text.strip().lstrip("$#").partition(".value")[0].partition(".result")[0]


def _is_same_remainder(recorded: Any, result: Number | bool, inputs: list[Any]) -> bool:
    """Return whether a remainder is right in another language: they differ on negative ones."""
    if len(inputs) != 2 or isinstance(result, bool):
        return False
    left, right = (number_of(each) if _is_number(each) else 0 for each in inputs)
    is_remainder = bool(right) and left < 0 and result == left % right
    return is_remainder and _is_same(recorded, math.fmod(left, right))


def _plain_operation(name: str) -> str:
    """Return the name of an operation as `OPERATIONS` spells it."""
    if name in OPERATIONS:
        return name
    return _OPERATION_WORDS.sub("_", name).lower().strip("_ ")


def _value_of(step: JsonObject) -> Any:
    return step.get("result" if step.get("action") == COMPUTE else "valueExtracted")


def _pattern(name: str) -> str | None:
    """Return what names of steps that are numbered alike have in common."""
    letters = name.rstrip("0123456789")
    return letters if letters != name and letters.isidentifier() else None


def number_of(value: Any) -> Number:
    """Return the number that an input is or spells: `1,200`, `9.2%`, `$4`.

    Raises:
        _NotReplayable: it is none.
    """
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip()) if len(value) <= 60 else None
        if match is None:
            raise _NotReplayable(f"{value[:40]!a} is not a number")
        digits = match["number"].replace(",", "").replace(" ", "")
        value = float(digits) if any(mark in digits for mark in ".eE") else int(digits)
        if match["sign"] in ("-", "−"):
            value = -value
    if not isinstance(value, (int, float)) or not abs(value) <= _LARGEST:
        raise _NotReplayable("no number, or beyond 10^300")
    number: Number = value if type(value) is not bool else int(value)
    return number


def _is_number(value: Any) -> bool:
    try:
        number_of(value)
    except _NotReplayable:
        return False
    return True


def _numbers(inputs: list[Any], fewest: int = 1, most: int | None = None) -> list[Number]:
    if len(inputs) < fewest or (most is not None and len(inputs) > most):
        raise _NotReplayable(f"{len(inputs)} inputs")
    return [each if type(each) is int else number_of(each) for each in inputs]


def _two(inputs: list[Any]) -> tuple[Number, Number]:
    if len(inputs) != 2:
        raise _NotReplayable(f"{len(inputs)} inputs")
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


def _mod(inputs: list[Any]) -> Number:
    left, right = _two(inputs)
    return left % right


def _next_prime(inputs: list[Any]) -> Number:
    [number] = _numbers(inputs, 1, 1)
    if number != int(number) or not 0 <= number <= LARGEST_FOR_PRIME:
        raise _NotReplayable("no whole number up to 10^9")
    return next_prime(int(number))


def _round(inputs: list[Any]) -> Number:
    number, *digits = _numbers(inputs, 1, 2)
    places = int(digits[0]) if digits else 0
    if not 0 <= places <= _MOST_DIGITS:
        raise _NotReplayable("no number of digits")
    return _half_up(number, Decimal(1).scaleb(-places))


def _round_nearest(inputs: list[Any]) -> Number:
    number, *multiple = _numbers(inputs, 1, 2)
    step = Decimal(repr(multiple[0])) if multiple else Decimal(1)
    if step <= 0:
        raise _NotReplayable("no multiple")
    return _half_up(number, step)


def _half_up(number: Number, step: Decimal) -> Number:
    """Return the nearest multiple of a step as people round, on the digits that are written."""
    try:
        units = (Decimal(repr(number)) / step).quantize(Decimal(1), ROUND_HALF_UP)
        rounded = units * step
    except InvalidOperation as error:
        raise _NotReplayable("too many digits") from error
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
        raise _NotReplayable(f"{len(inputs)} inputs")
    try:
        left, right = _two(inputs)
    except _NotReplayable:
        return bool(inputs[0] == inputs[1])
    return left == right


def _count(inputs: list[Any]) -> int:
    return len(inputs)


def _product(inputs: list[Any]) -> Number:
    product: Number = 1
    for number in _numbers(inputs):
        product *= number
        if abs(product) > _LARGEST:
            raise _NotReplayable("a result beyond 10^300")
    return product


OPERATIONS: dict[str, Callable[[list[Any]], Number | bool]] = {
    "add": lambda inputs: sum(_numbers(inputs)),
    "sum": lambda inputs: sum(_numbers(inputs)),
    "subtract": _subtract,
    "multiply": _product,
    "divide": _divide,
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
"""The operations of the protocol."""


def _is_same(recorded: Any, result: Number | bool) -> bool:
    """Return whether a recorded result is the recomputed one, perhaps rounded."""
    if recorded == result and type(recorded) is type(result):
        return True
    if isinstance(result, bool):
        if isinstance(recorded, str):
            return recorded.strip().lower() in (("true", "yes") if result else ("false", "no"))
        return recorded in (0, 1) and bool(recorded) == result
    try:
        number = number_of(recorded)
    except _NotReplayable:
        return False
    if math.isclose(number, result, rel_tol=_TOLERANCE, abs_tol=1e-12):
        return True
    if isinstance(recorded, str) and "%" in recorded and math.isclose(number / 100, result):
        return True
    # Written with fewer digits than it has: 0.33 for a third, 1.2e-9, but not 0 for 0.4.
    if not isinstance(number, float):
        return False
    mantissa, _, exponent = f"{number!r}".partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(number - result) <= 0.5 * unit * (1 + 1e-9)
