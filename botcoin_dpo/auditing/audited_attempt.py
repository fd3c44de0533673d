"""One attempt as an audit looks at it, from a decoded record.

The audit takes nothing from the modules that made a row's annotations but the contract's own
definitions (`rows/`), and nothing from what it is to check.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import Struct

from botcoin_dpo.attempts.attempt import Attempt, PreviousAttempt
from botcoin_dpo.attempts.citations import Citation, citation_flags, citations_of
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.auditing.expected_texts.attribute_names import LONGEST_NAME
from botcoin_dpo.auditing.expected_texts.constraint_set import ConstraintSet, constraint_set_of
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.constraints.kinds import KINDS, Kinds
from botcoin_dpo.contract.record_types import AttemptRecord, JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, EXTRACT, step_id_of


class Fact(Struct, frozen=True, gc=False):
    """What an extraction whose citation matches says."""

    entity: str
    attribute: str
    value: str | int | float


class Reduction(NamedTuple):
    """A computation that takes something modulo something."""

    value: Any
    modulus: Any
    entities: frozenset[str] | None
    """Those that the value was computed from, by `entity_key`; None if it is a literal."""


@dataclass(eq=False)
class AuditedAttempt:
    """An attempt, never changed; what the record does not say is None."""

    record_id: str
    attempt_index: int
    domain: str | None
    model: str | None
    artifact: str
    trace: list[JsonObject]
    document: str
    constraints: list[str]
    outcomes: list[bool | None]
    """As recorded, of all constraints."""
    checked: int
    """Constraints that are checked; they come first."""
    passed: bool
    """As recorded."""
    is_credited: bool
    answers: Sequence[str | None] | None
    """What the coordinator expects, by question."""
    answers_are_ordered: bool
    """Whether the record says which question each of them belongs to."""
    traps: list[JsonObject]
    acceptance_path: str | None
    trap_classification: str | None
    paragraph_count: int
    stored: JsonObject
    """The summaries that the record carries, by their names there."""
    submitted_at: int | None
    kinds: Kinds = KINDS
    """Of constraints, those that are known."""
    memo: dict[int, Any] = field(default_factory=dict)
    """For `readings.py`: what it has found out."""
    previous: PreviousAttempt | None = None
    """The attempt of the session whose index is one less, where it is known."""
    trace_lines: Sequence[str] | None = None
    """The steps as a row has them; None where `trace` is what the miner wrote."""

    requirements: ConstraintSet = field(init=False)
    """What the checked constraints ask for."""
    citations: list[Citation] = field(init=False)
    """The steps that extract a fact, and what they cite."""
    flags: list[bool] = field(init=False)
    """Of each of them, whether its citation matches."""

    def __post_init__(self) -> None:
        """Work out what every audit needs."""
        self.requirements = constraint_set_of(tuple(self.constraints[: self.checked]), self.kinds)
        self.citations = citations_of(self.trace)
        self.flags = citation_flags(self.citations, self.document)

    @cached_property
    def computation_findings(self) -> list[Finding]:
        """What is wrong with the computations of the trace."""
        return list(audit_computations(self.trace))

    @cached_property
    def reduced(self) -> list[Any]:
        """What the computations of the trace take modulo something, extracted or literal."""
        values: dict[str | int, Any] = {}
        for citation in self.citations:
            name = step_id_of(citation.step)
            if name is not None:
                values[name] = citation.step.get("valueExtracted")
        taken = []
        for step in self.trace:
            inputs = step.get("inputs")
            if step.get("operation") == "mod" and isinstance(inputs, list) and inputs:
                first = inputs[0]
                taken.append(values.get(first, first) if type(first) in (str, int) else first)
        return taken

    @cached_property
    def reductions(self) -> list[Reduction]:
        """The computations that take a literal, or the result of another, modulo something."""
        reductions: list[Reduction] = []
        entities: dict[str | int, frozenset[str]] = {}
        results: dict[str | int, Any] = {}
        for step in self.trace:
            name, inputs, action = step_id_of(step), step.get("inputs"), step.get("action")
            if action == EXTRACT and name is not None:
                entity = step.get("targetEntity")
                entities[name] = frozenset([entity_key(entity)] if isinstance(entity, str) else [])
            if action != COMPUTE or not isinstance(inputs, list):
                continue
            named = [each for each in inputs if type(each) in (str, int) and each in entities]
            if name is not None:
                sources = [entities[each] for each in named]
                entities[name] = sources[0] if len(sources) == 1 else frozenset().union(*sources)
                results[name] = step.get("result")
            if step.get("operation") != "mod" or len(inputs) != 2:
                continue
            if not named:
                reductions.append(Reduction(inputs[0], inputs[1], None))
            elif named[0] in results:
                reductions.append(Reduction(results[named[0]], inputs[1], entities[named[0]]))
        return reductions

    @cached_property
    def facts(self) -> dict[str, list[Fact]]:
        """What extractions whose citation matches say, by `entity_key`."""
        facts: dict[str, list[Fact]] = {}
        for citation, matches in zip(self.citations, self.flags, strict=True):
            if not matches:
                continue
            step = citation.step
            entity, attribute = step.get("targetEntity"), step.get("attribute")
            value = step.get("valueExtracted")
            if not isinstance(entity, str) or not isinstance(attribute, str):
                continue
            if isinstance(value, (str, int, float)) and len(attribute) <= LONGEST_NAME:
                fact = Fact(entity, attribute, value)
                facts.setdefault(entity_key(entity), []).append(fact)
        return facts

    def answer(self, question: int) -> str | None:
        """Return what the coordinator expects for a question (from 1), None if that is unknown."""
        if self.answers is None or not 1 <= question <= len(self.answers):
            return None
        return self.answers[question - 1]


def entity_key(name: str) -> str:
    """Return the form of an entity's name in which equal names are equal."""
    return name.strip().casefold()


_STORED = (
    "trace_validation",
    "trace_stats",
    "trace_spatial_summary",
    "trace_quality",
    "reasoning_depth",
    "answer_verification",
    "submitted_answers",
    "constraint_flip_summary",
    "time_since_previous_attempt_ms",
    "feedback_shown",
    "trap_metadata",
    "timestamp",
    "session_expires_at",
    "retry_metadata",
    "coarse_progress_bucket",
)
_LISTS = ("constraints_passed", "constraints_failed")


def audited_attempt_of(
    attempt: Attempt, previous: PreviousAttempt | None = None, kinds: Kinds = KINDS
) -> AuditedAttempt:
    """Return a decoded attempt as an audit looks at it."""
    record, context, outcomes = attempt.record, attempt.context, attempt.outcomes
    traps = (record.trap_metadata or {}).get("traps")
    submitted_at = record.attempt_submitted_at
    stored = {name: value for name in _STORED if (value := getattr(record, name)) is not None}
    if _has_all_results(record, outcomes.checked):  # else outcomes follow from the lists
        stored |= {name: value for name in _LISTS if (value := getattr(record, name)) is not None}
    return AuditedAttempt(
        record_id=record.record_id,
        attempt_index=record.attempt_index,
        domain=record.challenge_domain,
        model=record.submission.model,
        artifact=record.submission.artifact,
        trace=record.submission.reasoning_trace,
        document=context.document,
        constraints=context.constraints,
        outcomes=outcomes.passed,
        checked=outcomes.checked,
        passed=record.passed,
        is_credited=attempt.candidate.is_credited,
        answers=expected_answers(
            record.submitted_answers,
            record.answer_verification,
            context.question_metadata,
            len(context.questions),
        ),
        answers_are_ordered=isinstance(context.question_metadata, list),
        traps=[trap for trap in traps if isinstance(trap, dict)] if traps else [],
        acceptance_path=record.acceptance_path,
        trap_classification=record.trap_classification,
        paragraph_count=attempt.paragraph_count,
        stored=stored,
        submitted_at=submitted_at,
        kinds=kinds,
        previous=previous,
    )


def _has_all_results(record: AttemptRecord, checked: int) -> bool:
    """Return whether `constraint_results` alone settles all checked constraints."""
    results = record.constraint_results or {}
    for index in range(checked):
        result = results.get(str(index))
        if result is None or result.passed is None:
            return False
    return True


def expected_answers(
    submitted: Any, verification: Any, metadata: Any, questions: int
) -> list[str | None] | None:
    """Return the answers that the coordinator expects, in question order; None if unknown.

    Args:
        submitted: `submitted_answers`, by question id.
        verification: `answer_verification`, whose `per_question` says the same.
        metadata: `question_metadata`, whose ids are in question order; without it the order is
            that of the answers.
        questions: how many questions there are.
    """
    entries = submitted
    if not isinstance(entries, dict) or not entries:
        entries = verification.get("per_question") if isinstance(verification, dict) else None
    if not isinstance(entries, dict):
        return None
    ids = list(entries)
    if isinstance(metadata, list):
        ids = [each.get("id") if isinstance(each, dict) else None for each in metadata]
    if len(ids) != questions:
        return None
    found = [entries.get(each) if isinstance(each, str) else None for each in ids]
    answers = [each.get("expected") if isinstance(each, dict) else None for each in found]
    return [answer if isinstance(answer, str) and answer else None for answer in answers]
