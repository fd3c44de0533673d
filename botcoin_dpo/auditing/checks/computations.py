"""Computations of a trace, replayed: each on its own, with the inputs that it names.

A wrong result does not make those after it wrong: they are replayed with the result as the trace
has it. Contract: schemas/README.md, "Audit".
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from botcoin_dpo.auditing.checks.computation_inputs import (
    Steps,
    Unclear,
    UnknownStep,
    readings_of,
)
from botcoin_dpo.auditing.checks.operations import (
    AMBIGUOUS,
    OPERATIONS,
    NotReplayable,
    Number,
    is_number,
    magnitude_of,
    number_of,
    operation_of,
    scaled,
)
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, step_id_of

UNREAD = object()
"""Stands for the operation of a computation whose inputs are not known; it is not replayed."""

_TOLERANCE = 1e-6


class Replay(NamedTuple):
    """A computation, replayed."""

    place: int
    """Of its step in the trace, from 0."""
    finding: Finding | None = None
    is_checked: bool = True
    """Whether it could be replayed at all."""


def audit_computations(trace: Sequence[JsonObject]) -> Iterator[Finding]:
    """Yield what is wrong with the computations of a trace."""
    for replayed in replay(trace):
        if replayed.finding is not None:
            yield replayed.finding


def replay(trace: Sequence[JsonObject]) -> Iterator[Replay]:
    """Yield each computation of a trace, replayed."""
    steps = Steps(trace)
    for place, step in enumerate(trace):
        if step.get("action") == COMPUTE:
            try:
                yield Replay(place, _audit_step(step, place, steps))
            except Unclear:
                yield Replay(place, is_checked=False)


def _audit_step(step: JsonObject, place: int, steps: Steps) -> Finding | None:
    """Return what is wrong with a computation.

    Raises:
        Unclear: what it computes cannot be told.
    """
    name = step_id_of(step)
    subject = name if isinstance(name, str) else f"step {place + 1 if name is None else name}"
    operation = step.get("operation")
    if operation is UNREAD:
        raise Unclear
    operation = operation_of(operation) if isinstance(operation, str) else ""
    if operation in AMBIGUOUS:
        raise Unclear
    if operation not in OPERATIONS:
        return Finding("computation_operation", subject, step.get("operation"), None)
    try:
        readings = readings_of(step.get("inputs", []), operation, place, steps)
    except UnknownStep as unknown:
        return Finding("computation_reference", subject, unknown.named, unknown.why)
    first: Finding | None = None
    for inputs in readings:
        for numbers, factor in _with_magnitudes(inputs):
            finding = _audit_result(step, subject, operation, numbers, factor)
            if finding is None:
                return None
            first = first or finding
    return first


def _with_magnitudes(inputs: list[Any]) -> Iterator[tuple[list[Any], int]]:
    """Yield the inputs with `1.2 million` as a number, and the largest factor among them.

    Where all have the same, some compute with what stands before it; and `5 m` may be a length.
    """
    magnitudes = [magnitude_of(each) for each in inputs]
    factors = {found[1] for found in magnitudes if found is not None}
    if factors:
        numbers = [
            each if found is None else scaled(*found)
            for each, found in zip(inputs, magnitudes, strict=True)
        ]
        yield numbers, max(factors)
    if len(factors) < 2 or any(map(_has_one_letter, inputs)):
        yield inputs, 1


def _has_one_letter(each: Any) -> bool:
    return isinstance(each, str) and not each.rstrip()[-2:-1].isalpha()


def _audit_result(
    step: JsonObject, subject: str, operation: str, inputs: list[Any], factor: int
) -> Finding | None:
    """Return what is wrong with the result of a computation that takes these values."""
    recorded = step.get("result")
    try:
        result = OPERATIONS[operation](inputs)
        if _is_same(recorded, result) or _is_same_remainder(recorded, result, inputs):
            return None
    except (NotReplayable, ZeroDivisionError, OverflowError) as error:
        listed = step.get("inputs", [])
        return Finding("computation_inputs", subject, listed, str(error) or "not computable")
    if _is_same_in_magnitude(recorded, result, factor):
        return None
    if operation in ("max", "min") and isinstance(recorded, str) and not is_number(recorded):
        return None  # it names whose value it is
    return Finding("computation_result", subject, recorded, result)


def _is_same_in_magnitude(recorded: Any, result: Number | bool, factor: int) -> bool:
    """Return whether a result is right as written with a magnitude, or in that of the inputs."""
    if isinstance(result, bool):
        return False
    magnitude = magnitude_of(recorded)
    if magnitude is not None:
        return _is_same(magnitude[0], result / magnitude[1])
    return factor > 1 and _is_same(recorded, result / factor)


def _is_same_remainder(recorded: Any, result: Number | bool, inputs: list[Any]) -> bool:
    """Return whether a remainder is right in another language: they differ on negative ones."""
    if len(inputs) != 2 or isinstance(result, bool):
        return False
    left, right = (number_of(each) if is_number(each) else 0 for each in inputs)
    is_remainder = bool(right) and left < 0 and result == left % right
    return is_remainder and _is_same(recorded, math.fmod(left, right))


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
    except NotReplayable:
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
