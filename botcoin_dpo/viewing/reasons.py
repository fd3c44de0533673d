"""Why the chosen side of a pair won, in one line: from what its row records, and nothing else.

Constraints count from 1 here, as a prompt numbers them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from botcoin_dpo.constraints.kinds import KINDS, Kinds, constraint_kind
from botcoin_dpo.contract.numbers import to_text
from botcoin_dpo.contract.record_types import JsonObject

_MOST_NAMED = 12
"""Constraints that a reason names."""

SHORT_REASONS = {
    "acceptance_path_upgrade": "path A → B",
    "answer_threshold_met": "answers",
    "trace_validation_recovered": "valid trace",
    "acceptance": "acceptance",
}
"""By `improvement_basis`, what stands in a list where no constraint was repaired."""


def short_reason(repaired: str, basis: str) -> str:
    """Return what a list says of why chosen won: the kinds that it repaired, else the basis."""
    return repaired.replace(" ", ", ") or SHORT_REASONS.get(basis, "-")


def why_chosen(row: JsonObject, kinds: Kinds = KINDS) -> str:
    """Return why the chosen side of a row that fits its schema won."""
    flips, count = (
        row["pair_annotations"][name] for name in ("constraint_flips", "constraint_total")
    )
    checked = row["constraints"][: int(count)]
    names = [constraint_kind(text, kinds) for text in checked]
    mended, broken, left = (
        _named(flips[name], names) for name in ("flipped_to_pass", "flipped_to_fail", "stayed_fail")
    )
    if not mended:
        same = f"both fail {left}" if left else f"both sides pass all {len(names)} constraints"
        lost = f"chosen fails {broken}" if broken else same
        return f"{lost}; chosen won because {_other_reason(row)}"
    words = [f"chosen won because it passes {mended}, which rejected fails"]
    words += [f"it fails {broken}, which rejected passes"] if broken else []
    words += [f"both fail {left}"] if left else []
    return "; ".join(words)


def _named(indexes: Iterable[float], names: Sequence[str]) -> str:
    """Return constraints by number and kind."""
    known = [int(index) for index in indexes if index < len(names)]
    shown = [f"{index + 1} ({names[index]})" for index in known[:_MOST_NAMED]]
    more = [f"{len(known) - _MOST_NAMED} more"] if len(known) > _MOST_NAMED else []
    *first, last = [*shown, *more] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _other_reason(row: JsonObject) -> str:
    basis = row["pair_annotations"]["improvement_basis"]
    before, after = row["rejected_metadata"], row["chosen_metadata"]
    if basis == "constraint_count_increase":
        return "more of its constraints are recorded as passed"
    if basis == "acceptance_path_upgrade":
        path = after["acceptance_path"]
        accepted = f"was accepted by path {path}" if path in ("A", "B") else "was not"
        return f"rejected was accepted by path A, which takes a trap's value; chosen {accepted}"
    if basis == "answer_threshold_met":
        counts = [answers_words(side) for side in (before, after)]
        told = f": {counts[0] or 'not known'} → {counts[1] or 'not known'}" if any(counts) else ""
        which = " (the row does not hold which)" if any(counts) else ""
        return f"rejected has too few right answers{told}{which}"
    if basis == "trace_validation_recovered":
        return "rejected's trace was judged not valid"
    if before["pass"]:
        return "rejected passed too, but earned no credit"
    return "the coordinator accepted it and not rejected; the record does not say why"


def answers_words(metadata: JsonObject) -> str | None:
    """Return how many answers of an attempt are right; None if that is not recorded."""
    verified = metadata.get("answer_verification") or {}
    right, total, required = map(_number, map(verified.get, ("correct", "total", "required")))
    if right is None:
        return None
    words = right if total is None else f"{right} of {total}"
    return words if required is None else f"{words} right, {required} required"


def _number(value: Any) -> str | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return to_text(value) if is_number else None
