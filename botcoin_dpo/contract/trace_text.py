"""Renders a reasoning trace as text, one line a step.

Contract: schemas/README.md, "Trace text".
"""

import re
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring
from typing import Any

from botcoin_dpo.contract import numbers
from botcoin_dpo.contract.record_types import JsonObject

EXTRACT = "extract_fact"
COMPUTE = "compute_logic"
PROVENANCE = "coordinator_provenance"
QUOTE_MATCH, ZONE = "quote_match", "semantic_zone"
"""What a line shows of the provenance: the tier and the zone."""

ANNOTATION = r"[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)*"
"""The tiers and zones of records that are used, as a regular expression."""

_REVISION = r"revis[^:|\n]{0,40}"
_REVISION_ACTION = re.compile(_REVISION, re.IGNORECASE)
_REVISION_LINE = re.compile(rf"^> *{_REVISION}:", re.IGNORECASE | re.MULTILINE)

_NOT_PRINTED = frozenset({"step_id", "action", PROVENANCE})
_NUMBER_NOT_PRINTED = _NOT_PRINTED | {"step"}
_BLANKS = re.compile(r"[ \t\n\v\f\r]+")


def trace_text(trace: Iterable[JsonObject]) -> str:
    """Return the text of a trace; linear in its size."""
    return "\n".join(map(step_text, trace))


def action_of(step: JsonObject) -> str | None:
    """Return the action of a step; whatever is no string counts as none."""
    action = step.get("action")
    return action if isinstance(action, str) else None


def is_revision(step: JsonObject) -> bool:
    """Return whether a step speaks of the attempt before, by its action."""
    action = action_of(step)
    return action is not None and _REVISION_ACTION.fullmatch(action) is not None


def has_revision(text: str) -> bool:
    """Return whether a trace text, or a line of one, has a revision step."""
    return _REVISION_LINE.search(text) is not None


def step_id_of(step: JsonObject) -> str | int | None:
    """Return what a step is called: its `step_id`, or else its `step`, if that is an integer."""
    step_id = step.get("step_id")
    if step_id is not None:
        return step_id if isinstance(step_id, str) else None
    number = step.get("step")
    if type(number) is float and number.is_integer():
        return int(number)
    return number if type(number) is int else None


def step_text(step: JsonObject) -> str:
    """Return the one line of a step."""
    action = action_of(step)
    if action in (EXTRACT, COMPUTE):
        render = _extract_text if action == EXTRACT else _compute_text
        line = render(step, _bare)
        if "\n" in line or "\r" in line:
            line = render(step, value_text)
        return line + _note_text(step)
    head = f"> {value_text(action)}:"
    note = step.get("note")
    if note is not None:
        return f"{head} {value_text(note)}"
    hidden = _NUMBER_NOT_PRINTED if type(step_id_of(step)) is int else _NOT_PRINTED
    rest = " | ".join(
        f"{one_line(key)}={value_text(value)}"
        for key, value in step.items()
        if key not in hidden and key != "note"
    )
    return f"{head} {rest}" if rest else head


def value_text(value: Any) -> str:
    """Return a JSON value as it stands in a trace: a string bare, the rest as JavaScript does."""
    if isinstance(value, str):
        return one_line(value) if "\n" in value or "\r" in value else value
    return str(value) if type(value) is int else _json_text(value)  # most are one of these two


def one_line(text: str) -> str:
    """Return a text with every run of blanks that holds a line break as one space."""
    if "\n" in text or "\r" in text:
        return _BLANKS.sub(_space_for_break, text)
    return text


_Text = Callable[[Any], str]


def _bare(value: Any) -> str:
    """Return a string as it is and an integer in digits, which is what most values are.

    A line of such texts is right if it has no line break.
    """
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    return str(value) if kind is int else value_text(value)


def _extract_text(step: JsonObject, text: _Text) -> str:
    get = step.get
    line = (
        f"> extract: {text(get('targetEntity'))} | {text(get('attribute'))}"
        f" | {text(get('valueExtracted'))} | {text(get('source'))}"
    )
    provenance = get(PROVENANCE)
    if isinstance(provenance, dict):
        tier, zone = provenance.get(QUOTE_MATCH), provenance.get(ZONE)
        if isinstance(tier, str) and tier:
            line = f"{line} | {text(tier.lower())}"
        if isinstance(zone, str) and zone:
            line = f"{line} | zone:{text(zone)}"
    return line


def _compute_text(step: JsonObject, text: _Text) -> str:
    inputs = step.get("inputs", [])
    listed = inputs if isinstance(inputs, list) else [inputs]
    return (
        f"> compute: {text(step.get('operation'))}"
        f" | inputs=[{','.join(map(text, listed))}]"
        f" | result={text(step.get('result'))}"
    )


def _note_text(step: JsonObject) -> str:
    note = step.get("note")
    return "" if note is None else f" | note: {value_text(note)}"


def _json_text(value: Any) -> str:
    """Return compact JSON with JavaScript's numbers and non-ASCII characters as they are."""
    if isinstance(value, str):
        return encode_basestring(one_line(value))
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return numbers.to_text(value)
    if isinstance(value, list):
        return f"[{','.join(map(_json_text, value))}]"
    pairs = (
        f"{encode_basestring(one_line(key))}:{_json_text(inner)}" for key, inner in value.items()
    )
    return f"{{{','.join(pairs)}}}"


def _space_for_break(run: re.Match[str]) -> str:
    blanks = run.group()
    return " " if "\n" in blanks or "\r" in blanks else blanks
