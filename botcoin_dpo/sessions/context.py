"""What an attempt takes from the challenge record, and what two attempts of a session share."""

from typing import TYPE_CHECKING, Any

import msgspec
import xxhash

from botcoin_dpo.contract.record_types import (
    JOINED_FIELDS,
    AttemptRecord,
    ChallengeContext,
    ChallengeRecord,
)
from botcoin_dpo.logs.references import NO_TIME, AttemptRef
from botcoin_dpo.sessions.candidates import Candidate

if TYPE_CHECKING:  # what is here of a decoded attempt reads no logs
    from botcoin_dpo.logs.record_reader import RecordReader


def join(record: AttemptRecord, challenge: ChallengeRecord | None) -> AttemptRecord:
    """Return an attempt with what it lacks and its challenge record has."""
    if challenge is not None:
        for name in JOINED_FIELDS:
            if getattr(record, name) is None:
                setattr(record, name, getattr(challenge, name))
    return record


def context_of(record: AttemptRecord) -> ChallengeContext[str, Any]:
    """Return the context of an attempt that has one, its own or joined."""
    assert record.challenge_context is not None
    return record.challenge_context


def input_key(candidate: Candidate, reader: "RecordReader") -> bytes:
    """Return a digest of the decoded input: equal inputs have equal keys, however spelled."""
    if candidate.ref.has_context:
        context = context_of(reader.attempt(candidate.ref))
    else:
        assert candidate.joined is not None
        context = reader.challenge(candidate.joined).challenge_context
    parts = (context.document, context.questions, context.constraints)
    return xxhash.xxh3_128_digest(msgspec.json.encode(parts))


def milliseconds_between(earlier: AttemptRef, later: AttemptRef) -> int | None:
    """Return the time between two attempts, by one clock that both have; None without one."""
    for clock in ("submitted_at", "timestamp"):
        start, end = getattr(earlier, clock), getattr(later, clock)
        if start != NO_TIME and end != NO_TIME:
            return int(end - start)
    return None
