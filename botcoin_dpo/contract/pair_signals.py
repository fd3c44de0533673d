"""Signals of a pair that its row tells, with an audit or without.

Contract: schemas/README.md, "Choosing pairs".
"""

from collections.abc import Callable

from botcoin_dpo.contract.record_types import JsonObject

Value = float | int | None


def _note(name: str) -> Callable[[JsonObject], Value]:
    return lambda row: row["pair_annotations"][name]


def _shape(name: str) -> Callable[[JsonObject], Value]:
    return lambda row: row["pair_annotations"]["trace_shape_delta"][name]


def _steps(side: str) -> Callable[[JsonObject], Value]:
    return lambda row: row[f"{side}_metadata"]["trace_stats"].get("total_steps")


def _length(side: str) -> Callable[[JsonObject], Value]:
    return lambda row: len(row[f"{side}_text"])


def _length_gap(row: JsonObject) -> int:
    return len(row["chosen_text"]) - len(row["rejected_text"])


_SIGNALS: dict[str, tuple[Callable[[JsonObject], Value], str]] = {
    "constraint_gain": (
        _note("constraint_pass_delta"),
        "checked constraints that hold, chosen - rejected (`constraint_pass_delta`)",
    ),
    "revision_time_ms": (
        _note("revision_time_ms"),
        "milliseconds between the two; null across sessions or without times",
    ),
    "rejected_steps": (
        _steps("rejected"),
        "steps of the rejected trace, by `trace_stats`",
    ),
    "chosen_steps": (_steps("chosen"), "those of the chosen one"),
    "steps_gap": (_shape("total_steps"), "their difference, chosen - rejected"),
    "extract_steps_gap": (_shape("extract_steps"), "the same of `extract_fact` steps"),
    "compute_steps_gap": (_shape("compute_steps"), "the same of `compute_logic` steps"),
    "citation_rate_gap": (
        _shape("citation_rate_delta"),
        "citation match rate, chosen - rejected; null if a side has none",
    ),
    "rejected_length": (_length("rejected"), "characters of `rejected_text`"),
    "chosen_length": (_length("chosen"), "characters of `chosen_text`"),
    "length_gap": (_length_gap, "their difference, chosen - rejected"),
}

ROW_SIGNALS: dict[str, str] = {name: meaning for name, (_, meaning) in _SIGNALS.items()}
"""Every such signal, and what it is."""


def row_signal(name: str, row: JsonObject) -> Value:
    """Return a signal of a row that fits its schema; None where it is not known."""
    return _SIGNALS[name][0](row)
