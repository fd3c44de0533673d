"""A row in, the texts a model is trained on out.

The row's own text keeps what the coordinator added to the trace (`exact`, `zone:GROUND_TRUTH`) and
what a retry says of an attempt that the prompt does not show. Contract: schemas/README.md,
"Exports".
"""

import re
from functools import cached_property
from typing import Any, Literal, get_args

from botcoin_dpo.logs.fields import JsonObject
from botcoin_dpo.rows.prompt import completion_text

TextStyle = Literal["clean", "canonical"]
TEXT_STYLES: tuple[TextStyle, ...] = get_args(TextStyle)

_FIELD = " | "
_EXTRACT = "> extract: "
_REVISION = re.compile(r"> *revis[^:|]{0,40}:", re.IGNORECASE)
_SOURCE = re.compile(r"paragraph_[0-9]+")
_NOTE = "note: "
_FIELDS_OF_A_FACT = 4
_TIERS = ("exact", "unverified")
_TIER_FIELD = re.compile(r"[a-z_]+")
_ZONE_FIELD = re.compile(r"zone:\w+")
# Each starts where a run of blanks starts, so that long runs cost no more than their length.
_ZONE = re.compile(
    r"(?<!\s)\s*+(?:\|\s*+)?(?<![\w-])"
    r"zone(?::\w+|\s{0,2}:\s{0,2}(?:GROUND_TRUTH|TRAP|STANDARD)\b)",
    re.IGNORECASE,
)
_TIER = re.compile(r"(?<!\s)\s*+\|\s*+(?:exact|unverified)\b(?=\s*+(?:\||$))", re.IGNORECASE)
_IMITATION = re.compile(r"\|\s*(?:exact|unverified)\b|zone\s{0,2}:", re.IGNORECASE)

# Nearly all annotations are of this form, and most traces have nothing else to clean.
_USUAL_EXTRACT = re.compile(
    r"^(> extract: [^|\n]* \| [^|\n]* \| [^|\n]* \| paragraph_[0-9]+)"
    r" \| (?:exact|unverified)(?: \| zone:\w+)?$",
    re.MULTILINE,
)
_UNUSUAL = re.compile(
    rf"^> *revis|^> extract: [^\n]* \| [^\n]* \| [^\n]* \| [^\n]* \| |{_IMITATION.pattern}",
    re.MULTILINE | re.IGNORECASE,
)


def clean_trace(trace: str, *, with_revisions: bool) -> str:
    """Return the text of a trace without what no miner wrote, or what only imitates it.

    Args:
        trace: as in a row, one line a step.
        with_revisions: keep steps that speak of the attempt before.
    """
    text = _USUAL_EXTRACT.sub(r"\1", trace)
    if _UNUSUAL.search(text) is None:
        return text
    return "\n".join(
        _clean_step(line)
        for line in text.split("\n")
        if with_revisions or not _REVISION.match(line)
    )


def _clean_step(line: str) -> str:
    """Return a step without annotations: neither the coordinator's nor a miner's imitation."""
    if line.startswith(_EXTRACT) and line.count(_FIELD) >= _FIELDS_OF_A_FACT:
        line = _without_annotations(line.split(_FIELD))
    if _IMITATION.search(line) is None:
        return line
    return _TIER.sub("", _ZONE.sub("", line))


def _without_annotations(fields: list[str]) -> str:
    """Return a step that extracts a fact without the tier and the zone that end it.

    Fields are as many as there are bars; a value may hold some itself, and a note may follow.
    """
    note = next(
        (at for at, field in enumerate(fields) if at and field.startswith(_NOTE)), len(fields)
    )
    end = note
    if end > _FIELDS_OF_A_FACT and _ZONE_FIELD.fullmatch(fields[end - 1]):
        end -= 1
    if end > _FIELDS_OF_A_FACT and _TIER_FIELD.fullmatch(fields[end - 1]):
        is_cited = _SOURCE.fullmatch(fields[end - 2]) is not None
        if end < note or is_cited or fields[end - 1] in _TIERS:
            end -= 1
    return _FIELD.join(fields[:end] + fields[note:])


class Texts:
    """The texts of one row."""

    def __init__(self, row: JsonObject, style: TextStyle) -> None:
        """Take a row that fits its schema."""
        self.row = row
        self.prompt: str = row["prompt"]
        self._style = style

    @cached_property
    def chosen(self) -> str:
        """A passing answer to the prompt alone."""
        return self._text("chosen", with_revisions=False)

    @cached_property
    def rejected(self) -> str:
        """A failing answer to the prompt alone."""
        return self._text("rejected", with_revisions=False)

    @property
    def are_same(self) -> bool:
        """Whether nothing is left that tells the two sides apart."""
        return self.chosen == self.rejected

    @property
    def chosen_as_revision(self) -> str:
        """The passing answer, where the failing one stands in the prompt."""
        return self._text("chosen", with_revisions=True)

    def _text(self, side: str, *, with_revisions: bool) -> str:
        if self._style == "canonical":
            text: str = self.row[f"{side}_text"]
            return text
        parts = self.row[side]
        trace = clean_trace(parts["think"], with_revisions=with_revisions)
        return completion_text(trace, parts["artifact"])


def feedback_words(feedback: Any) -> str | None:
    """Return what a miner was told after an attempt, in words; None if that is not known.

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
