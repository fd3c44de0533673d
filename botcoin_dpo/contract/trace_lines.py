"""Reads the lines of a trace text as far as they are clear: a value may hold what divides fields.

Contract: schemas/README.md, "Trace text" and, for annotations, "Exports".
"""

import re
from typing import NamedTuple

from botcoin_dpo.contract.trace_text import ANNOTATION

EXTRACT_HEAD = "> extract: "
COMPUTE_HEAD = "> compute: "

_EXTRACT = re.compile(
    r"> extract: ([^|]*) \| ([^|]*) \| ([^|]*) \| (paragraph_[0-9]+)"
    r"(?: \| ([a-z_]+))?(?: \| zone:([A-Z_]+))?(?: \| note: .*)?"
)
_COMPUTE = re.compile(
    r"> compute: ([^|]*) \| inputs=\[([^|\]]*)\] \| result=([^|]*)(?: \| note: .*)?"
)
_STEP = re.compile(r"> ([^:]*):.*")

_FIELD = " | "
_NOTE = "note: "
_FIELDS_OF_A_FACT = 4
_TIERS = frozenset({"exact", "unverified", "value-anchored", "entity-anchored"})
_TIER_FIELD = re.compile(r"[a-z0-9_-]+(?: [a-z0-9_-]+)*")  # `ANNOTATION`, in lower case
_ZONE_FIELD = re.compile(f"zone:{ANNOTATION}")
_SOURCE = re.compile(r"paragraph_[0-9]+")

# Nearly all lines with annotations are of this form, and can only be read in one way.
_USUAL_EXTRACT = re.compile(
    r"^(> extract: [^|\n]* \| [^|\n]* \| [^|\n]* \| paragraph_[0-9]+)"
    r" \| (?:exact|unverified)(?: \| zone:\w+)?$",
    re.MULTILINE | re.ASCII,
)


class ExtractLine(NamedTuple):
    """The fields of an extract step, without its note."""

    entity: str
    attribute: str
    value: str
    source: str
    tier: str | None
    zone: str | None


class ComputeLine(NamedTuple):
    """The fields of a compute step, without its note."""

    operation: str
    inputs: str
    """Divided by commas, which an input may have as well."""
    result: str


def lines_of(text: str) -> list[str]:
    """Return the lines of a trace text, one a step."""
    return text.split("\n") if text else []


def read_extract(line: str) -> ExtractLine | None:
    """Return the fields of an extract step; None if the line may be read in other ways."""
    match = _EXTRACT.fullmatch(line)
    return ExtractLine(*match.groups()) if match else None


def read_compute(line: str) -> ComputeLine | None:
    """Return the fields of a compute step; None if the line may be read in other ways."""
    match = _COMPUTE.fullmatch(line)
    return ComputeLine(*match.groups()) if match else None


def action_of_line(line: str) -> str | None:
    """Return the action that a line starts with, as it stands there; None if it has none."""
    match = _STEP.fullmatch(line)
    return match[1] if match else None


def without_annotations(text: str) -> str | None:
    """Return a trace text without tiers and zones; None if they are not clear in some line."""
    lines: list[str] = []
    for line in _USUAL_EXTRACT.sub(r"\1", text).split("\n"):
        plain = _plain_extract(line) if line.startswith(EXTRACT_HEAD) else line
        if plain is None:
            return None
        lines.append(plain)
    return "\n".join(lines)


def _plain_extract(line: str) -> str | None:
    """Return an extract step without its tier and zone, None if they are not clear.

    The line is entity, attribute, value and source, then perhaps a tier, a zone and a note. Any of
    the values may hold a bar itself; then there are more fields than the grammar has names for.
    """
    fields = line.removeprefix(EXTRACT_HEAD).split(_FIELD)
    fact, rest = fields[:_FIELDS_OF_A_FACT], fields[_FIELDS_OF_A_FACT:]
    notes = [at for at, field in enumerate(rest) if f"{field} ".startswith(_NOTE)]
    end = notes[0] if notes else len(rest)
    # Tier and zone stand before a note or at the end, wherever a bar in a value moves those.
    ends = [at for at in (*notes, len(rest)) if at and _may_be_annotation(rest[at - 1])]
    if _are_annotations(rest[:end], fact[-1]) and (
        _SOURCE.fullmatch(fact[-1]) or all(at <= end for at in ends)
    ):
        return EXTRACT_HEAD + _FIELD.join(fact + rest[end:])
    return None if ends else line


def _are_annotations(fields: list[str], source: str) -> bool:
    """Return whether these fields, which follow a source, can only be a tier and a zone."""
    has_zone = bool(fields) and _ZONE_FIELD.fullmatch(fields[-1]) is not None
    tiers = fields[:-1] if has_zone else fields
    if len(tiers) != 1:
        return not tiers
    # Any word may be a tier; it may be the source too, if a value before it holds a bar.
    is_known = tiers[0] in _TIERS
    return is_known or (_may_be_tier(tiers[0]) and _SOURCE.fullmatch(source) is not None)


def _may_be_annotation(field: str) -> bool:
    return _ZONE_FIELD.fullmatch(field) is not None or _may_be_tier(field)


def _may_be_tier(field: str) -> bool:
    return _TIER_FIELD.fullmatch(field) is not None and _SOURCE.fullmatch(field) is None
