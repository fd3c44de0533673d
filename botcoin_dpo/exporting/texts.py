"""Makes the texts that a model is trained on from a row.

The row's own text keeps what the coordinator added to the trace (`exact`, `zone:GROUND_TRUTH`) and
what a retry says of an attempt that the prompt does not show. Contract: schemas/README.md,
"Exports".
"""

import re
from functools import cached_property
from typing import Any, Literal, get_args

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import ANNOTATION, has_revision
from botcoin_dpo.rows.prompt import completion_text

TextStyle = Literal["clean", "canonical"]
TEXT_STYLES: tuple[TextStyle, ...] = get_args(TextStyle)

_FIELD = " | "
_EXTRACT = "> extract: "
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


def clean_trace(trace: str, *, with_revisions: bool) -> str | None:
    """Return the text of a trace without what the coordinator added to it.

    Args:
        trace: as in a row, one line a step.
        with_revisions: keep steps that speak of the attempt before.

    Returns:
        None where a line can be read in more than one way.
    """
    lines: list[str] = []
    for line in _USUAL_EXTRACT.sub(r"\1", trace).split("\n"):
        clean: str | None = line
        if line.startswith(_EXTRACT):
            clean = _clean_extract(line)
        elif not with_revisions and has_revision(line):
            continue
        if clean is None:
            return None
        lines.append(clean)
    return "\n".join(lines)


def _clean_extract(line: str) -> str | None:
    """Return an extract step without its tier and zone, None if they are not clear.

    The line is entity, attribute, value and source, then perhaps a tier, a zone and a note. Any of
    the values may hold a bar itself; then there are more fields than the grammar has names for.
    """
    fields = line.removeprefix(_EXTRACT).split(_FIELD)
    fact, rest = fields[:_FIELDS_OF_A_FACT], fields[_FIELDS_OF_A_FACT:]
    notes = [at for at, field in enumerate(rest) if f"{field} ".startswith(_NOTE)]
    end = notes[0] if notes else len(rest)
    # Tier and zone stand before a note or at the end, wherever a bar in a value moves those.
    ends = [at for at in (*notes, len(rest)) if at and _may_be_annotation(rest[at - 1])]
    if _are_annotations(rest[:end], fact[-1]) and (
        _SOURCE.fullmatch(fact[-1]) or all(at <= end for at in ends)
    ):
        return _EXTRACT + _FIELD.join(fact + rest[end:])
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


class Texts:
    """The texts of one row."""

    def __init__(self, row: JsonObject, style: TextStyle) -> None:
        """Make the texts of a row that fits its schema."""
        self.row = row
        self.prompt: str = row["prompt"]
        self._style = style

    @cached_property
    def chosen(self) -> str | None:
        """A passing answer to the prompt alone; None where its trace is ambiguous."""
        return self._text("chosen", with_revisions=False)

    @cached_property
    def rejected(self) -> str | None:
        """A failing answer to the prompt alone; None where its trace is ambiguous."""
        return self._text("rejected", with_revisions=False)

    @property
    def chosen_as_revision(self) -> str | None:
        """The passing answer, where the failing one stands in the prompt; None as above."""
        return self._text("chosen", with_revisions=True)

    def _text(self, side: str, *, with_revisions: bool) -> str | None:
        if self._style == "canonical":
            text: str = self.row[f"{side}_text"]
            return text
        parts = self.row[side]
        trace = clean_trace(parts["think"], with_revisions=with_revisions)
        return None if trace is None else completion_text(trace, parts["artifact"])


def feedback_text(feedback: Any) -> str | None:
    """Return the feedback that a miner got after an attempt, in words; None if it is not known.

    The game tells how many constraints hold, never which.
    """
    if not isinstance(feedback, dict):
        return None
    passed, total = (feedback.get(f"constraints_{name}_shown") for name in ("passed", "total"))
    if not (_is_count(passed) and _is_count(total)):
        return None
    assert passed is not None and total is not None
    if passed >= total:
        words = [
            f"This attempt did not pass, although all {total} constraints hold: its answers or its "
            "trace were not accepted."
        ]
    else:
        words = [
            f"This attempt did not pass: {passed} of {total} constraints hold; "
            "which ones do not is not told."
        ]
    left = feedback.get("attempts_remaining_shown")
    if _is_count(left):
        words.append(f"{left} attempt{'' if left == 1 else 's'} left.")
    words.append("Answer again, with a complete new trace and artifact.")
    return " ".join(words)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
