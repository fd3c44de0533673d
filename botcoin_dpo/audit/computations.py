"""Computations of a trace, replayed: each on its own, with the inputs that it names.

The operations are those of the game's protocol. A wrong result does not make those after it wrong:
they are replayed with the result as the trace has it. Contract: schemas/README.md, "Audit".
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botcoin_dpo.audit.rules import Finding
from botcoin_dpo.constraints.checking import LARGEST_FOR_PRIME, next_prime
from botcoin_dpo.logs.fields import JsonObject
from botcoin_dpo.rows.trace_text import COMPUTE, action_of

Number = int | float

UNREAD = object()
"""Stands for the operation of a computation whose inputs cannot be told; it is not replayed."""

_LARGEST = 10**15
_MOST_DIGITS = 12
_TOLERANCE = 1e-6


class _NotReplayable(Exception):
    """Inputs that an operation does not take."""


def audit_computations(trace: Sequence[JsonObject]) -> Iterator[Finding]:
    """Yield what is wrong with the computations of a trace."""
    places: dict[str, int] = {}
    for place, step in enumerate(trace):
        name = step.get("step_id")
        if isinstance(name, str):
            places.setdefault(name, place)
    # A text that is numbered as the steps are is the name of one.
    patterns = {_pattern(name) for name in places} - {None}
    for place, step in enumerate(trace):
        if action_of(step) == COMPUTE:
            yield from _audit_step(step, place, trace, places, patterns)


def _audit_step(
    step: JsonObject,
    place: int,
    trace: Sequence[JsonObject],
    places: dict[str, int],
    patterns: set[str | None],
) -> Iterator[Finding]:
    name = step.get("step_id")
    subject = name if isinstance(name, str) else f"step {place + 1}"
    operation, listed = step.get("operation"), step.get("inputs", [])
    if operation is UNREAD:
        return
    inputs = []
    for each in listed if isinstance(listed, list) else [listed]:
        if isinstance(each, str) and each in places:
            if places[each] >= place:
                yield Finding("computation_reference", subject, each, "a later step")
                return
            each = _value_of(trace[places[each]])
        elif isinstance(each, str) and _pattern(each) in patterns:
            yield Finding("computation_reference", subject, each, "no such step")
            return
        inputs.append(each)
    replay = OPERATIONS.get(operation.lower()) if isinstance(operation, str) else None
    if replay is None:
        yield Finding("computation_operation", subject, operation, None)
        return
    try:
        result = replay(inputs)
    except (_NotReplayable, ZeroDivisionError, OverflowError) as error:
        yield Finding("computation_inputs", subject, listed, str(error) or "not computable")
        return
    recorded = step.get("result")
    if not _is_same(recorded, result):
        yield Finding("computation_result", subject, recorded, result)


def _value_of(step: JsonObject) -> Any:
    return step.get("result") if action_of(step) == COMPUTE else step.get("valueExtracted")


def _pattern(name: str) -> str | None:
    """Return what names of steps that are numbered alike have in common."""
    letters = name.rstrip("0123456789")
    return letters if letters != name and letters.isidentifier() else None


def number_of(value: Any) -> Number:
    """Return the number that an input is or spells: `1,200`, `9.2%`, `$4`.

    Raises:
        _NotReplayable: it is none.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        text = value.strip().removesuffix("%").removeprefix("$").replace(",", "")
        if len(text) > 40:
            raise _NotReplayable("no number")
        try:
            value = int(text)
        except ValueError:
            try:
                value = float(text)
            except ValueError as error:
                raise _NotReplayable(f"{value[:40]!a} is no number") from error
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > _LARGEST:
        raise _NotReplayable("no number, or beyond 10^15")
    return value


def _numbers(inputs: list[Any], fewest: int = 1, most: int | None = None) -> list[Number]:
    if len(inputs) == 1 and isinstance(inputs[0], list):
        inputs = inputs[0]
    if len(inputs) < fewest or (most is not None and len(inputs) > most):
        raise _NotReplayable(f"{len(inputs)} inputs")
    return [number_of(each) for each in inputs]


def _two(inputs: list[Any]) -> tuple[Number, Number]:
    left, right = _numbers(inputs, 2, 2)
    return left, right


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
    scale: int = 10**places
    return math.floor(number * scale + 0.5) / scale


def _round_nearest(inputs: list[Any]) -> Number:
    number, *multiple = _numbers(inputs, 1, 2)
    step = multiple[0] if multiple else 1
    return math.floor(number / step + 0.5) * step


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
    return len(inputs[0]) if len(inputs) == 1 and isinstance(inputs[0], list) else len(inputs)


def _product(inputs: list[Any]) -> Number:
    return math.prod(_numbers(inputs))


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
    # Written with fewer digits than it has: 0.33 for a third, but not 0 for 0.4.
    digits = len(f"{number!r}".partition(".")[2]) if isinstance(number, float) else 0
    return (
        digits > 0
        and "e" not in f"{number!r}"
        and abs(number - result) <= 0.5 * 10**-digits * (1 + 1e-9)
    )
