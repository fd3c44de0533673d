"""A usable attempt, decoded: the raw material of rows.

Holds what the record says, its context joined, and what only its session can tell.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from botcoin_dpo.attempts.citations import Citation, citations_of, paragraphs_of
from botcoin_dpo.attempts.compiled_text import compiled_text
from botcoin_dpo.contract.outcomes import Outcomes, constraint_outcomes
from botcoin_dpo.contract.record_types import AttemptRecord, ChallengeContext, JsonObject
from botcoin_dpo.contract.trace_text import trace_text
from botcoin_dpo.logs.undecoded import decode_value
from botcoin_dpo.sessions.candidates import Candidate
from botcoin_dpo.sessions.context import context_of


class PreviousAttempt(NamedTuple):
    """What is asked of the attempt right before one."""

    outcomes: list[bool | None]
    """By constraint, tips included."""
    submitted_at: int | None
    """ms since the epoch."""


@dataclass(frozen=True)
class Attempt:
    """One attempt that may stand in a pair."""

    record: AttemptRecord
    """As stored, with `challenge_context` and the like joined where it lacked them."""
    candidate: Candidate
    """What pairing knows of it."""
    session_attempts_total: int
    """Usable attempts of its session."""
    session_final_status: str
    """`session_status` of the session's last attempt, else `passed` or `failed`."""
    time_since_previous_ms: int | None
    """Since the attempt of the session whose index is one less."""

    @property
    def context(self) -> ChallengeContext[str, Any]:
        """Document, questions and constraints."""
        return context_of(self.record)

    @property
    def paragraph_count(self) -> int:
        """The paragraphs of the document: as recorded, else counted."""
        recorded = self.context.paragraph_count
        return paragraphs_of(self.context.document).total if recorded is None else recorded

    @property
    def trap_metadata(self) -> JsonObject:
        """The traps of the document."""
        recorded = self.record.trap_metadata
        return {"trap_count": 0, "traps": []} if recorded is None else recorded

    @property
    def artifact(self) -> str:
        """The answer string."""
        return self.record.submission.artifact

    @cached_property
    def steps(self) -> list[JsonObject]:
        """The trace, decoded."""
        steps: list[JsonObject] = decode_value(self.record.submission.reasoning_trace)
        return steps

    @cached_property
    def think(self) -> str:
        """The trace as text."""
        text = compiled_text(self.record.submission.reasoning_trace)
        return trace_text(self.steps) if text is None else text

    @cached_property
    def citations(self) -> list[Citation]:
        """The steps of the trace that extract a fact, and what they cite."""
        return citations_of(self.steps)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcome of every constraint."""
        return constraint_outcomes(self.record, self.context.constraints)

    def as_previous(self) -> PreviousAttempt:
        """Return what the attempt right after this one asks of it."""
        return PreviousAttempt(self.outcomes.passed, self.record.attempt_submitted_at)

    def has_same_input(self, other: "Attempt") -> bool:
        """Return whether document, questions and constraints of both are equal."""
        mine, theirs = self.context, other.context
        return mine is theirs or (
            mine.document == theirs.document
            and mine.questions == theirs.questions
            and mine.constraints == theirs.constraints
        )

    def has_same_text(self, other: "Attempt") -> bool:
        """Return whether artifact and rendered trace of both are equal."""
        return self.artifact == other.artifact and self.think == other.think
