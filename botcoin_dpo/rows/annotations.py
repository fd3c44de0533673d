"""What a pair shows: the differences between its two sides.

Contract: schemas/README.md, "Pair annotations".
"""

from typing import Literal, get_args

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.contract import numbers
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.pairing.strategy import Strategy
from botcoin_dpo.rows.constraint_flips import constraint_flips
from botcoin_dpo.sessions.context import milliseconds_between

ImprovementBasis = Literal[
    "constraint_count_increase",
    "acceptance_path_upgrade",
    "answer_threshold_met",
    "trace_validation_recovered",
    "acceptance",
]

Transition = Literal["acceptance_path", "trap_classification"]
TRANSITIONS: tuple[Transition, ...] = get_args(Transition)


def pair_annotations(
    rejected: Attempt,
    chosen: Attempt,
    strategy: Strategy,
    rejected_metadata: JsonObject,
    chosen_metadata: JsonObject,
) -> JsonObject:
    """Return `pair_annotations`; deltas are chosen - rejected, from the row's own metadata."""
    is_session = strategy.family == "session"
    return {
        "pair_family": strategy.family,
        "pair_type": strategy.name,
        "rejected_attempt_index": rejected.record.attempt_index,
        "chosen_attempt_index": chosen.record.attempt_index,
        "constraint_pass_delta": chosen.outcomes.pass_count - rejected.outcomes.pass_count,
        "constraint_total": chosen.outcomes.checked,
        "feedback_between_attempts": chosen.record.feedback_shown if is_session else None,
        "constraint_flips": constraint_flips(rejected.outcomes.passed, chosen.outcomes.passed),
        "revision_time_ms": milliseconds_between(rejected.candidate.ref, chosen.candidate.ref)
        if is_session
        else None,
        "trace_shape_delta": trace_shape_delta(rejected_metadata, chosen_metadata),
        "acceptance_path_transition": transition(
            rejected_metadata, chosen_metadata, "acceptance_path"
        ),
        "trap_classification_transition": transition(
            rejected_metadata, chosen_metadata, "trap_classification"
        ),
        "same_input_verified": True,
        "improvement_basis": improvement_basis(rejected_metadata, chosen_metadata),
        "derived_from_observed_data_only": True,
    }


def trace_shape_delta(rejected: JsonObject, chosen: JsonObject) -> JsonObject:
    """Return how the shape of the trace changed between two metadata objects."""

    def delta(group: str, name: str) -> float | int | None:
        before, after = rejected[group].get(name), chosen[group].get(name)
        if before is None or after is None:
            return None
        difference: float | int = after - before
        return numbers.plain(difference) if isinstance(difference, float) else difference

    rate = delta("trace_validation", "citation_match_rate")
    return {
        "total_steps": delta("trace_stats", "total_steps"),
        "extract_steps": delta("trace_stats", "extract_fact_steps"),
        "compute_steps": delta("trace_stats", "compute_logic_steps"),
        "citation_rate_delta": None if rate is None else numbers.round_half_up(rate, 6),
    }


def transition(
    rejected: JsonObject,
    chosen: JsonObject,
    name: Transition,
) -> str:
    """Return `A -> B` from two metadata objects."""
    missing = "NONE" if name == "acceptance_path" else "UNKNOWN"
    before, after = (missing if side[name] is None else side[name] for side in (rejected, chosen))
    return f"{before} -> {after}"


def improvement_basis(rejected: JsonObject, chosen: JsonObject) -> ImprovementBasis:
    """Return the first reason that holds for calling the chosen side better."""
    if chosen["constraint_pass_count"] > rejected["constraint_pass_count"]:
        return "constraint_count_increase"
    if rejected["pass"] and rejected["acceptance_path"] == "A":
        return "acceptance_path_upgrade"
    if (
        rejected.get("answer_verification", {}).get("passed_threshold") is False
        and chosen.get("answer_verification", {}).get("passed_threshold") is not False
    ):
        return "answer_threshold_met"
    if rejected["trace_validation"]["ok"] is False:
        return "trace_validation_recovered"
    return "acceptance"
