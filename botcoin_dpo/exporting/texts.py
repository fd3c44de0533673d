"""Makes the texts that a model is trained on from a row.

The row's own text keeps what the coordinator added to the trace (`exact`, `zone:GROUND_TRUTH`) and
what a retry says of an attempt that the prompt does not show. Contract: schemas/README.md,
"Exports".
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal, get_args

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_lines import without_annotations
from botcoin_dpo.contract.trace_text import PROVENANCE, has_revision, step_text, trace_text
from botcoin_dpo.rows.prompt import completion_text

TextStyle = Literal["clean", "canonical"]
TEXT_STYLES: tuple[TextStyle, ...] = get_args(TextStyle)


def clean_trace(trace: str, *, with_revisions: bool) -> str | None:
    """Return the text of a trace without what the coordinator added to it.

    Args:
        trace: as in a row, one line a step.
        with_revisions: keep steps that speak of the attempt before.

    Returns:
        None where a line can be read in more than one way.
    """
    if not with_revisions and has_revision(trace):
        trace = "\n".join(line for line in trace.split("\n") if not has_revision(line))
    return without_annotations(trace)


def attempt_text(facts: JsonObject, style: TextStyle) -> str:
    """Return the completion of an attempt object, an answer to the prompt alone.

    The steps are as stored, so what the coordinator added is left out and nothing is ambiguous.
    """
    if style == "canonical":
        return completion_text(trace_text(facts["steps"]), facts["artifact"])
    clean = "\n".join(line for _, line in clean_lines(facts))
    return completion_text(clean, facts["artifact"])


def clean_lines(facts: JsonObject) -> Iterator[tuple[int, str]]:
    """Yield the lines of an attempt object's trace, each with the number of its step, from 0.

    What the coordinator added, and steps that speak of the attempt before, are left out.
    """
    for number, step in enumerate(facts["steps"]):
        line = step_text(_without_provenance(step))
        if not has_revision(line):
            yield number, line


def _without_provenance(step: JsonObject) -> JsonObject:
    return {name: value for name, value in step.items() if name != PROVENANCE}


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
