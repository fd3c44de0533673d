"""The closed lists of what an audit reports: rules, their levels, and signals of pairs.

Contract: schemas/README.md, "Audit".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["contradicted", "suspicious"]
LEVELS: tuple[Level, ...] = get_args(Level)


RuleId = Literal[
    "constraint_outcome",
    "pass_label",
    "acceptance",
    "citation_rate",
    "citation_flag",
    "citation_source",
    "citation_entry",
    "trace_validity",
    "trace_stats",
    "spatial_summary",
    "trace_quality",
    "reasoning_depth",
    "answer_counts",
    "answer_support",
    "stored_counts",
    "flip_summary",
    "time_difference",
    "attempt_times",
    "retry_counts",
    "path_claim",
    "trap_claim",
    "trap_zone",
    "disputed_outcome",
    "citation_tier",
    "feedback",
    "computation_result",
    "computation_operation",
    "computation_reference",
    "computation_inputs",
    "trap_value",
    "hidden_text",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding."""

    level: Level
    """`contradicted`: what the coordinator recorded is wrong; `suspicious`: worth a look."""
    meaning: str


RULES: dict[RuleId, Rule] = {
    "constraint_outcome": Rule(
        "contradicted", "a constraint is said to hold and does not, or the other way round"
    ),
    "pass_label": Rule(
        "contradicted",
        "an attempt is said to pass and lacks something that a pass needs, or is said to fail and "
        "has all of it",
    ),
    "acceptance": Rule(
        "contradicted",
        "the credit, class, path or session status is not that of an attempt accepted so",
    ),
    "citation_rate": Rule(
        "contradicted", "the stored rate or number of matches is not that of the citations"
    ),
    "citation_flag": Rule(
        "contradicted", "a resolved citation is said to match and does not, or the other way round"
    ),
    "citation_source": Rule(
        "contradicted", "a step cites one paragraph, and is said to cite another"
    ),
    "citation_entry": Rule(
        "contradicted",
        "an entry of a citation has no step, is missing or is there twice, or a stored place in "
        "the document or quote is another",
    ),
    "trace_validity": Rule(
        "contradicted", "the errors and flags of a trace contradict its validity and its score"
    ),
    "trace_stats": Rule("contradicted", "a stored number of steps is not that of the trace"),
    "spatial_summary": Rule(
        "contradicted", "a stored number of the spatial summary is not that of the trace"
    ),
    "trace_quality": Rule(
        "contradicted", "a stored score of the trace's quality does not follow from it"
    ),
    "reasoning_depth": Rule(
        "contradicted", "a stored score of reasoning depth does not follow from the trace"
    ),
    "answer_counts": Rule(
        "contradicted", "an answer is marked wrongly, or the right ones are miscounted"
    ),
    "answer_support": Rule(
        "contradicted",
        "an expected answer is not the one that the document's figures lead to, or that two other "
        "miners' records expect",
    ),
    "stored_counts": Rule(
        "contradicted",
        "a stored list of constraints, or number of traps or paragraphs, is not that of the record",
    ),
    "flip_summary": Rule("contradicted", "the stored flips are not those from the attempt before"),
    "time_difference": Rule("contradicted", "the stored time since the attempt before is another"),
    "attempt_times": Rule(
        "contradicted",
        "two stored times of the attempt differ, or it was submitted after its session's end or "
        "before the attempt that it follows",
    ),
    "retry_counts": Rule(
        "contradicted",
        "the stored number of attempts or of those left, leave to retry or bucket of progress is "
        "not that of the attempt",
    ),
    "path_claim": Rule(
        "contradicted",
        "the artifact has what the other path asks for, and not what its own does, or would pass "
        "on path A and is said not to, or the other way round",
    ),
    "trap_claim": Rule(
        "contradicted",
        "a trap names an entity, a value or a paragraph that the document does not have, or a "
        "derived value that does not follow",
    ),
    "trap_zone": Rule(
        "contradicted",
        "the zone of a step, or a flag on the extractions of a trap, does not follow from traps "
        "and trace",
    ),
    "disputed_outcome": Rule("suspicious", "two grounds ask for different texts of one constraint"),
    "citation_tier": Rule(
        "suspicious", "the tier or method of a citation contradicts whether it matches"
    ),
    "feedback": Rule(
        "suspicious",
        "the feedback that was shown, or a revision step, speaks of the attempt before as it was "
        "not",
    ),
    "computation_result": Rule("suspicious", "recomputing a step gives a different result"),
    "computation_operation": Rule(
        "suspicious", "a computation names an operation that the protocol does not have"
    ),
    "computation_reference": Rule(
        "suspicious", "a computation uses a later step, or one that is not there"
    ),
    "computation_inputs": Rule(
        "suspicious", "a computation's inputs are not what its operation takes"
    ),
    "trap_value": Rule(
        "suspicious",
        "the trace computes only with the trap's value of the path not claimed",
    ),
    "hidden_text": Rule(
        "suspicious", "the artifact, the model's name or a step of the trace has hidden characters"
    ),
}
"""Every rule; the order is that of tables."""


def in_order_of_rules(found: Iterable[str]) -> list[RuleId]:
    """Return the rules among some names, each once, in the order of `RULES`."""
    names = set(found)
    return [rule for rule in RULES if rule in names] if names else []


FAST_RETRY_MS = 10_000
SIGNALS: dict[str, str] = {
    "edit_similarity": "2 x words in the longest common subsequence / words of both texts",
    "length_ratio": "characters of the chosen text / those of the rejected one",
    "equal_artifacts": "both artifacts are the same",
    "retry_under_10s": "less than 10 s lie between the two; null across sessions or without times",
    "revision_steps": "steps of the chosen trace that speak of the attempt before",
    "right_answers": "share of the chosen side's answers that are right; null if not known",
    "unmatched_citations": "citations of the chosen side that do not match",
}
"""Every signal, and what it is."""
