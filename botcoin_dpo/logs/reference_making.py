"""Makes references of scanned records: what grouping and pairing will ask of them.

There are two ways to the reference of an attempt: from its scanned fields, which defines, and from
what the compiled scanner is sure of. Traces are decoded only if something might be unsafe.
"""

from typing import Any, NamedTuple

import msgspec
import orjson
import xxhash

from botcoin_dpo.contract.identifiers import challenge_hash, normalize, normalize_miner
from botcoin_dpo.contract.outcomes import constraint_outcomes, is_credited, outcome_problem
from botcoin_dpo.contract.record_types import (
    ScannedAttempt,
    ScannedChallenge,
    ScannedSession,
    Submission,
)
from botcoin_dpo.contract.timestamps import to_milliseconds
from botcoin_dpo.logs.attempt_scanner import ConstraintCounts, SureAttempt, scan_attempt
from botcoin_dpo.logs.prompts import NO_PROMPT, Prompt, prompt_of, sure_prompt
from botcoin_dpo.logs.references import (
    CONTEXT,
    DOMAIN,
    NO_TIME,
    SEED,
    TRAPS,
    AttemptRef,
    ChallengeRef,
    Location,
)
from botcoin_dpo.logs.session_heads import SessionHead, complete
from botcoin_dpo.logs.unsafe_text import may_be_unsafe, token_in, unsafe_submission

_OUTCOME_PROBLEMS = {"unknown_constraint_outcomes": 1, "inconsistent_outcomes": 2}
_decode_submission = msgspec.json.Decoder(Submission).decode


class Shared(NamedTuple):
    """What the elements of a session record take from it, looked at once for all of them."""

    head: SessionHead
    prompt: Prompt
    constraints: ConstraintCounts | None

    @classmethod
    def of(cls, head: SessionHead) -> "Shared":
        """Look at the head of a session record."""
        context = head.scanned.challenge_context
        if context is None:
            return cls(head, NO_PROMPT, None)
        return cls(head, prompt_of(context), ConstraintCounts.of(context.constraints))


def sure_ref(raw: bytes, location: Location, shared: Shared | None = None) -> AttemptRef | None:
    """Return the reference of an attempt if all of it is beyond doubt, None if it is not.

    Args:
        raw: the bytes of a record.
        location: where they lie.
        shared: what it takes from the session record whose element it is.
    """
    if shared is not None and shared.head.faults:
        return None
    sure = scan_attempt(raw, None if shared is None else shared.constraints)
    if sure is None:
        return None
    session = None if shared is None else shared.head.scanned
    challenge_id, miner_id, model = _names(sure, session)
    if not challenge_id or not miner_id:
        return None
    if shared is None or sure.document is not None:
        prompt = sure_prompt(sure, raw)
    else:
        prompt = shared.prompt
    return AttemptRef(
        location=location,
        challenge=challenge_hash(challenge_id)[:16],
        miner_id=normalize_miner(miner_id),
        record_key=_record_key(sure.record_id),
        model_key=_model_key(model),
        attempt_index=sure.attempt_index,
        is_credited=sure.is_credited,
        lacks=sure.lacks & ~_supplies(session) if session else sure.lacks,
        unsafe=prompt.unsafe or _is_unsafe_sure(sure, raw, model),
        outcome_problem=sure.outcome_problem,
        passed=sure.passed,
        pass_count=sure.pass_count,
        submitted_at=sure.submitted_at,
        timestamp=sure.timestamp,
        input_digest=prompt.digest,
    )


def attempt_ref(
    attempt: ScannedAttempt, location: Location, prompt: Prompt | None = None
) -> AttemptRef:
    """Return the reference of an attempt that lies there.

    Args:
        attempt: what scanning saw of it.
        location: where it lies.
        prompt: what is known of its context, if that was looked at before.
    """
    context = attempt.challenge_context
    if prompt is None:
        prompt = NO_PROMPT if context is None else prompt_of(context)
    problem = pass_count = 0
    if context is not None:
        outcomes = constraint_outcomes(attempt, context.constraints)
        pass_count = outcomes.pass_count
        if cause := outcome_problem(attempt, outcomes):
            problem = _OUTCOME_PROBLEMS[cause.reason]
    submission = attempt.submission
    return AttemptRef(
        location=location,
        challenge=challenge_hash(attempt.challenge_id)[:16],
        miner_id=normalize_miner(attempt.miner_id),
        record_key=_record_key(attempt.record_id),
        model_key=_model_key(submission.model),
        attempt_index=attempt.attempt_index,
        is_credited=is_credited(attempt.passed, attempt.credit_eligible, attempt.acceptance_path),
        lacks=~_supplies(attempt) & (SEED | DOMAIN | TRAPS | CONTEXT),
        unsafe=prompt.unsafe or _is_unsafe(submission, submission.model),
        outcome_problem=problem,
        passed=attempt.passed,
        pass_count=pass_count,
        submitted_at=NO_TIME
        if attempt.attempt_submitted_at is None
        else attempt.attempt_submitted_at,
        timestamp=_milliseconds(attempt.timestamp),
        input_digest=prompt.digest,
    )


def challenge_ref(challenge: ScannedChallenge, location: Location) -> ChallengeRef:
    """Return the reference of a challenge record that lies there."""
    prompt = prompt_of(challenge.challenge_context)
    return ChallengeRef(
        location=location,
        challenge=challenge_hash(challenge.challenge_id)[:16],
        has=_supplies(challenge),
        unsafe=prompt.unsafe,
        input_digest=prompt.digest,
    )


def _names(
    sure: SureAttempt, session: ScannedSession | None
) -> tuple[str | None, str | None, str | None]:
    """Return the ids of challenge and miner and the model's name, completed where they lack."""
    if sure.challenge_id and sure.miner_id and sure.model is not None:  # as most have them
        return sure.challenge_id, sure.miner_id, sure.model
    named = ScannedAttempt(
        record_id=sure.record_id,
        challenge_id=sure.challenge_id or "",
        miner_id=sure.miner_id or "",
        attempt_index=sure.attempt_index,
        passed=sure.passed,
        submission=Submission("", msgspec.Raw(b"[]"), sure.model),
        operator=sure.operator,
        rigId=sure.rig,
        model_version=sure.model_version,
        modelVersion=sure.model_version_in_camel_case,
    )
    complete(named, session)
    return named.challenge_id, named.miner_id, named.submission.model


def _supplies(record: ScannedAttempt | ScannedChallenge | ScannedSession) -> int:
    """Return which of the fields that are joined from challenge records a record has."""
    return (
        (SEED if record.challenge_seed is not None else 0)
        | (DOMAIN if record.challenge_domain is not None else 0)
        | (TRAPS if record.trap_metadata is not None else 0)
        | (CONTEXT if record.challenge_context is not None else 0)
    )


def _is_unsafe_sure(sure: SureAttempt, raw: bytes, model: str | None) -> bool:
    if sure.doubtful_submission is None:
        return model is not None and token_in(model) is not None
    return _is_unsafe(_decode_submission(raw[sure.doubtful_submission]), model)


def _is_unsafe(submission: Submission, model: str | None) -> bool:
    trace = bytes(submission.reasoning_trace)
    # Only a hint that something could be wrong is worth decoding the trace.
    steps: list[dict[str, Any]] = orjson.loads(trace) if may_be_unsafe(trace) else []
    return unsafe_submission(submission.artifact, model, steps) is not None


def _record_key(record_id: str) -> int:
    return xxhash.xxh3_64_intdigest(normalize(record_id).encode())


def _model_key(model: str | None) -> int:
    return xxhash.xxh3_64_intdigest((model or "").encode()) & 0xFFFFFFFF


def _milliseconds(timestamp: str | None) -> int:
    milliseconds = None if timestamp is None else to_milliseconds(timestamp)
    return NO_TIME if milliseconds is None else milliseconds
