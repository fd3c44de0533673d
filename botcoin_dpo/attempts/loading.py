"""Reads the two attempts of a pair again, decoded in full; only a handful are held at a time."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from botcoin_dpo.attempts.attempt import Attempt, PreviousAttempt
from botcoin_dpo.attempts.metadata import side_metadata
from botcoin_dpo.contract.outcomes import constraint_outcomes
from botcoin_dpo.contract.record_types import AttemptRecord, ChallengeContext
from botcoin_dpo.last_result import keep_last_result
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.sessions.candidates import Candidate, Session
from botcoin_dpo.sessions.context import context_of, join, milliseconds_between

_HELD = 8
"""Decoded attempts held at once: a session of the real game has three."""


class Fingerprint(NamedTuple):
    """What decides whether two attempts of different miners make a pair, in 48 bytes."""

    input: bytes
    """Of document, questions and constraints."""
    text: bytes
    """Of trace text and artifact."""
    side: bytes
    """Of all that a row shows of the attempt as its rejected side."""


class AttemptLoader:
    """Decoded attempts of one challenge, by candidate."""

    def __init__(self, sessions: Sequence[Session], reader: RecordReader) -> None:
        """Decode the attempts of some sessions of a challenge."""
        self._sessions = {session.miner_id: session for session in sessions}
        self._reader = reader
        self._held: dict[Candidate, Attempt] = {}
        self._fingerprints: dict[Candidate, Fingerprint] = {}
        self._final_statuses: dict[Candidate, str | None] = {}
        """`session_status` of the last attempts of sessions, if they were read for nothing else."""

    def load(self, candidate: Candidate) -> Attempt:
        """Return an attempt, its context joined."""
        attempt = self._held.get(candidate)
        if attempt is None:
            if len(self._held) >= _HELD:
                self._held.pop(next(iter(self._held)))
            attempt = self._held[candidate] = self._decode(candidate)
        return attempt

    def previous(self, attempt: Attempt) -> PreviousAttempt | None:
        """Return what the attempt of the session whose index is one less says, None without one."""
        candidate = attempt.candidate.previous
        if candidate is None:
            return None
        held = self._held.get(candidate)
        return self._scan(candidate) if held is None else held.as_previous()

    def _scan(self, candidate: Candidate) -> PreviousAttempt:
        record = self._reader.scanned_attempt(candidate.ref)
        context: ChallengeContext[Any, Any] | None = record.challenge_context
        if context is None:
            assert candidate.joined is not None  # a candidate has a context
            context = self._reader.challenge(candidate.joined).challenge_context
        outcomes = constraint_outcomes(record, context.constraints)
        return PreviousAttempt(outcomes.passed, record.attempt_submitted_at)

    def fingerprint(self, candidate: Candidate) -> Fingerprint:
        """Return digests of an attempt's input, text and side; decoded once for each attempt."""
        if candidate not in self._fingerprints:
            self._fingerprints[candidate] = fingerprint_of(self.load(candidate))
        return self._fingerprints[candidate]

    def _decode(self, candidate: Candidate) -> Attempt:
        session = self._sessions[candidate.miner_id]
        joined = candidate.joined
        record = join(
            self._reader.attempt(candidate.ref), self._reader.challenge(joined) if joined else None
        )
        final_status = self._final_status(record, candidate, session)
        self._share_document(context_of(record))  # also with the last attempt, if that was loaded
        return Attempt(
            record=record,
            candidate=candidate,
            session_attempts_total=len(session.attempts),
            session_final_status=final_status,
            time_since_previous_ms=_since_previous(candidate),
        )

    def _share_document(self, context: ChallengeContext[str, Any]) -> None:
        """Keep one copy of the document that nearly all attempts at the challenge have."""
        for held in self._held.values():
            if held.context.document == context.document:
                context.document = held.context.document
                break

    def _final_status(self, record: AttemptRecord, candidate: Candidate, session: Session) -> str:
        last = session.attempts[-1]
        if last is candidate:
            status = record.session_status
        elif last in self._held or last.is_credited:  # most often the chosen side, needed next
            status = self.load(last).record.session_status
        else:
            status = self._scanned_status(last)
        if status is not None:
            return status
        return "passed" if any(attempt.ref.passed for attempt in session.attempts) else "failed"

    def _scanned_status(self, last: Candidate) -> str | None:
        if last not in self._final_statuses:
            self._final_statuses[last] = self._reader.scanned_attempt(last.ref).session_status
        return self._final_statuses[last]


def _since_previous(candidate: Candidate) -> int | None:
    previous = candidate.previous
    return None if previous is None else milliseconds_between(previous.ref, candidate.ref)


def fingerprint_of(attempt: Attempt) -> Fingerprint:
    """Return the digests of a decoded attempt."""
    context = attempt.context
    text = (attempt.think, attempt.artifact)
    return Fingerprint(
        _input_digest(context.document, tuple(context.questions), tuple(context.constraints)),
        _digest(text),
        _digest((text, side_metadata(attempt))),
    )


@keep_last_result
def _input_digest(document: str, questions: Sequence[str], constraints: Sequence[str]) -> bytes:
    return _digest((document, questions, constraints))


def _digest(value: object) -> bytes:
    return sha256(msgspec.json.encode(value)).digest()[:16]
