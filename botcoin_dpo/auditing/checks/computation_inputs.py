"""What the inputs of a computation stand for: numbers, texts, and earlier steps in many spellings.

An input with two meanings that lead nowhere together is left alone: `Unclear`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from botcoin_dpo.auditing.checks.operations import COMMUTATIVE
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, step_id_of

_MOST_DIGITS = 12
_MOST_REFERRED = 6
"""Inputs of a computation that may be numbers or name steps; with more it is not replayed."""

_MARKED = re.compile(r"[$#@]*(?:\{{1,2}|\[|<)? ?(?P<name>[^{}\[\]<>]+?) ?(?:\}{1,2}|\]|>)?")
_PREFIX = re.compile(r"(?:steps?|ref|result|output)[:._ -]+", re.IGNORECASE)
_STEP = frozenset({"step", "step_id", "stepId", "ref", "reference", "from", "id"})
_VALUE = frozenset({"value", "literal", "number", "const", "constant", "result"})
_TELLING_NOTHING = frozenset({"type", "name", "label", "note", "description"})
_ONE_INPUT = frozenset({"next_prime", "round", "round_nearest"})
_FIRST = frozenset(
    {"minuend", "dividend", "numerator", "left", "lhs", "first", "value", "number", "n"}
)
_SECOND = frozenset(
    {"subtrahend", "divisor", "denominator", "right", "rhs", "second", "modulus", "mod", "modulo",
     "digits", "decimals", "places", "multiple"}
)  # fmt: skip


class Unclear(Exception):
    """Inputs that have several meanings, or none that is known."""


class UnknownStep(Exception):
    """An input that names a step which is not there, or comes later."""

    def __init__(self, named: Any, why: str) -> None:
        """Say what is named, and what is wrong with it."""
        super().__init__(why)
        self.named = named
        self.why = why


class _Both(NamedTuple):
    """An input that gives a value and names the step that it is from."""

    value: Any
    step: Any


class Steps:
    """The steps of a trace, by their names."""

    def __init__(self, trace: Sequence[JsonObject]) -> None:
        """Find the names."""
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

    def value_at(self, place: int) -> Any:
        """Return what a step extracts or computes."""
        step = self.trace[place]
        return step.get("result" if step.get("action") == COMPUTE else "valueExtracted")


def readings_of(listed: Any, operation: str, place: int, steps: Steps) -> Iterator[list[Any]]:
    """Return what the inputs of the step at a place may be, the likeliest first.

    Raises:
        Unclear: they are to be left alone.
        UnknownStep: one names no earlier step.
    """
    choices: list[tuple[Any, ...]] = []
    for each in _operands(listed, operation):
        if isinstance(each, _Both):
            choices.append((each.value, _resolved(each.step, operation, place, steps)))
            continue
        number = _number_of_step(each) if steps.are_numbered else None
        if number is not None and steps.places.get(number, place) < place:
            choices.append((each, steps.value_at(steps.places[number])))
        else:
            choices.append((_resolved(each, operation, place, steps),))
    if sum(len(choice) > 1 for choice in choices) > _MOST_REFERRED:
        raise Unclear
    return map(list, product(*choices))


def _resolved(each: Any, operation: str, place: int, steps: Steps) -> Any:
    """Return the value of the step that an input names, or the input."""
    if not isinstance(each, str):
        return each
    names = (each, *_names_in(each))
    named = next((name for name in names if name in steps.places), None)
    if named is None:
        if operation != "count" and any(_pattern(name) in steps.patterns for name in names[1:]):
            raise UnknownStep(each, "no such step")
        return each
    at = steps.places[named]
    if at >= place:
        raise UnknownStep(each, "a later step")
    return steps.value_at(at)


def _names_in(text: str) -> list[str]:
    """Return what an input may call a step: `e1`, `$e1`, `${e1}`, `step:e1`, `e1.value`."""
    match = _MARKED.fullmatch(text.strip()) if len(text) <= 200 else None
    if match is None:
        return [text.strip()]
    name = match["name"].partition(".value")[0].partition(".result")[0].strip()
    prefix = _PREFIX.match(name)
    return [name, name[prefix.end() :]] if prefix else [name]


def _number_of_step(each: Any) -> int | None:
    """Return the number of the step that an input may name: `3`, `$3`, `step 3`, `${3}`."""
    if type(each) is int:
        return each
    if not isinstance(each, str):
        return None
    digits = _names_in(each)[-1].lower().removeprefix("step").lstrip(" _-")
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else None


def _operands(listed: Any, operation: str) -> list[Any]:
    """Return the inputs; lists among them are taken apart once, and so are objects."""
    if isinstance(listed, dict):
        listed = _named_operands(listed, operation)
    inputs = listed if isinstance(listed, list) else [listed]
    if len(inputs) == 1 and isinstance(inputs[0], dict):
        inputs = _named_operands(inputs[0], operation)
    if list in map(type, inputs):
        inputs = [inner for each in inputs for inner in (each if type(each) is list else [each])]
    return [_opened(each) if isinstance(each, dict) else each for each in inputs]


def _named_operands(operands: JsonObject, operation: str) -> list[Any]:
    """Return the values of named operands, in their order where that tells anything."""
    names = operands.keys()
    if names & (_STEP | _VALUE) and names <= _STEP | _VALUE | _TELLING_NOTHING:
        return [_opened(operands)]
    if operation in COMMUTATIVE or (operation in _ONE_INPUT and len(names) == 1):
        return [*operands.values()]
    if len(names) == 2 and len(names & _FIRST) == 1 and len(names & _SECOND) == 1:
        return _in_order(operands)
    raise Unclear


def _in_order(operands: JsonObject) -> list[Any]:
    """Return two operands whose names say which comes first."""
    return [value for _, value in sorted(operands.items(), key=lambda item: item[0] in _SECOND)]


def _opened(operand: JsonObject) -> Any:
    """Return what an object stands for that is one input."""
    names = operand.keys()
    steps, values = names & _STEP, names & _VALUE
    if len(steps) > 1 or len(values) > 1 or not names <= _STEP | _VALUE | _TELLING_NOTHING:
        raise Unclear
    step = operand[next(iter(steps))] if steps else None
    value = operand[next(iter(values))] if values else None
    if isinstance(step, (dict, list)) or isinstance(value, (dict, list)) or not (steps or values):
        raise Unclear
    if steps and values:
        return _Both(value, step)
    return step if steps else value


def _pattern(name: str) -> str | None:
    """Return what names of steps that are numbered alike have in common."""
    letters = name.rstrip("0123456789")
    return letters if letters != name and letters.isidentifier() else None
