"""Makes references of scanned records: what grouping and pairing will ask of them.

Documents are not decoded and traces only if something in them might be unsafe.
"""

import secrets
from typing import Any, NamedTuple

import msgspec
import orjson
import xxhash

from botcoin_dpo.contract.identifiers import challenge_hash, normalize, normalize_miner
from botcoin_dpo.contract.outcomes import constraint_outcomes, is_credited, outcome_problem
from botcoin_dpo.contract.record_types import ChallengeContext, ScannedAttempt, ScannedChallenge
from botcoin_dpo.contract.timestamps import to_milliseconds
from botcoin_dpo.logs.attempt_scanner import NOT_KNOWN, Plain
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
from botcoin_dpo.logs.unsafe_text import (
    may_be_unsafe,
    prompt_may_be_unsafe,
    unsafe_prompt,
    unsafe_submission,
)

_OUTCOME_PROBLEMS = {"unknown_constraint_outcomes": 1, "inconsistent_outcomes": 2}
_SEED = secrets.randbits(64)
"""So that nobody can write a harmless document with the digest of a hostile one."""
_REMEMBERED = 4096
_known_prompts: dict[tuple[int, int], bool] = {}
"""Whether prompts are unsafe, by their digests; most attempts have one that was seen before."""


class Prompt(NamedTuple):
    """What a reference says of a context."""

    digest: bytes
    unsafe: bool


_NO_PROMPT = Prompt(bytes(16), False)


def prompt_of(context: ChallengeContext[msgspec.Raw, msgspec.Raw]) -> Prompt:
    """Look at the document, the questions and the constraints of a context."""
    return Prompt(_input_digest(context), _is_unsafe_prompt(context))


def attempt_ref(
    attempt: ScannedAttempt,
    location: Location,
    prompt: Prompt | None = None,
    plain: Plain = NOT_KNOWN,
) -> AttemptRef:
    """Return the reference of an attempt that lies there.

    Args:
        attempt: what scanning saw of it.
        location: where it lies.
        prompt: what is known of its context, if that was looked at before.
        plain: where there is certainly no unsafe text.
    """
    context = attempt.challenge_context
    if prompt is None:
        if context is None:
            prompt = _NO_PROMPT
        else:
            prompt = Prompt(_input_digest(context), False) if plain.prompt else prompt_of(context)
    problem = pass_count = 0
    if context is not None:
        outcomes = constraint_outcomes(attempt, context.constraints)
        pass_count = outcomes.pass_count
        if cause := outcome_problem(attempt, outcomes):
            problem = _OUTCOME_PROBLEMS[cause.reason]
    return AttemptRef(
        location=location,
        challenge=challenge_hash(attempt.challenge_id)[:16],
        miner_id=normalize_miner(attempt.miner_id),
        record_key=xxhash.xxh3_64_intdigest(normalize(attempt.record_id).encode()),
        model_key=xxhash.xxh3_64_intdigest((attempt.submission.model or "").encode()) & 0xFFFFFFFF,
        attempt_index=attempt.attempt_index,
        is_credited=is_credited(attempt.passed, attempt.credit_eligible, attempt.acceptance_path),
        lacks=~_supplies(attempt) & (SEED | DOMAIN | TRAPS | CONTEXT),
        unsafe=prompt.unsafe or _is_unsafe(attempt, plain.trace),
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


def _supplies(record: ScannedAttempt | ScannedChallenge) -> int:
    """Return which of the fields that are joined from challenge records a record has."""
    return (
        (SEED if record.challenge_seed is not None else 0)
        | (DOMAIN if record.challenge_domain is not None else 0)
        | (TRAPS if record.trap_metadata is not None else 0)
        | (CONTEXT if record.challenge_context is not None else 0)
    )


def _is_unsafe(attempt: ScannedAttempt, is_trace_plain: bool) -> bool:
    submission = attempt.submission
    steps: list[dict[str, Any]] = []
    if not is_trace_plain:
        trace = bytes(submission.reasoning_trace)
        # Only a hint that something could be wrong is worth decoding the trace.
        steps = orjson.loads(trace) if may_be_unsafe(trace) else []
    return unsafe_submission(submission.artifact, submission.model, steps) is not None


def _is_unsafe_prompt(context: ChallengeContext[msgspec.Raw, msgspec.Raw]) -> bool:
    document, texts = memoryview(context.document), (context.questions, context.constraints)
    key = (xxhash.xxh3_64_intdigest(document, _SEED), hash(tuple(map(tuple, texts))))
    known = _known_prompts.get(key)
    if known is None:
        known = (
            prompt_may_be_unsafe(bytes(document), *texts)
            and unsafe_prompt(orjson.loads(document), *texts) is not None
        )
        if len(_known_prompts) >= _REMEMBERED:
            _known_prompts.clear()
        _known_prompts[key] = known
    return known


def _milliseconds(timestamp: str | None) -> int:
    milliseconds = None if timestamp is None else to_milliseconds(timestamp)
    return NO_TIME if milliseconds is None else milliseconds


def _input_digest(context: ChallengeContext[msgspec.Raw, msgspec.Raw]) -> bytes:
    """Return a digest that is equal only for equal inputs; different ones may still be equal."""
    digest = xxhash.xxh3_128(memoryview(context.document))
    digest.update(msgspec.json.encode((context.questions, context.constraints)))
    return digest.digest()
