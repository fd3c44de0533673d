"""What a build can write of attempts and of what they were made on, beside the rows of pairs.

An attempt object names the object of its challenge by a key that follows from the content of that
object. Contract: schemas/README.md, "Attempts and challenges"; `schemas/attempt_facts.schema.json`,
`schemas/challenge_facts.schema.json`.
"""

from hashlib import sha256

import orjson

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.metadata import side_metadata
from botcoin_dpo.contract.identifiers import normalize
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.splits import Split

_INPUT = (
    "challenge_seed",
    "challenge_domain",
    "document",
    "questions",
    "constraints",
    "paragraph_count",
    "question_metadata",
    "trap_metadata",
)
"""What tells the inputs of one challenge apart."""


def challenge_facts(attempt: Attempt, split: Split | None = None) -> JsonObject:
    """Return the challenge object of an attempt, in the order of its keys.

    Args:
        attempt: one of those that were made on it.
        split: of its document; to be filled in if not given.
    """
    record, context = attempt.record, attempt.context
    facts: JsonObject = {
        "challenge_id": record.challenge_id,
        "input": None,
        "split": split,
        "challenge_seed": record.challenge_seed,
        "challenge_domain": record.challenge_domain,
        "document": context.document,
        "questions": context.questions,
        "constraints": context.constraints,
        "paragraph_count": attempt.paragraph_count,
        "question_metadata": context.question_metadata,
        "trap_metadata": attempt.trap_metadata,
    }
    facts["input"] = input_key(facts)
    return facts


def input_key(challenge: JsonObject) -> str:
    """Return the key of a challenge object: 32 hexadecimal digits.

    Raises:
        TypeError: it nests deeper than a record may.
    """
    parts = (normalize(challenge["challenge_id"]), *(challenge[name] for name in _INPUT))
    return sha256(orjson.dumps(parts)).hexdigest()[:32]


def attempt_facts(attempt: Attempt, challenge: JsonObject) -> JsonObject:
    """Return the attempt object of an attempt, in the order of its keys.

    Args:
        attempt: a usable attempt.
        challenge: the challenge object of its input.
    """
    record, outcomes = attempt.record, attempt.outcomes
    return {
        "record_id": record.record_id,
        "challenge_id": record.challenge_id,
        "challenge_domain": record.challenge_domain,
        "miner_id": record.miner_id,
        "attempt_index": record.attempt_index,
        "split": challenge["split"],
        "input": challenge["input"],
        "model": record.submission.model,
        "steps": attempt.steps,
        "artifact": attempt.artifact,
        "is_credited": attempt.candidate.is_credited,
        "pass": record.passed,
        "constraint_outcomes": outcomes.passed,
        "constraint_count": outcomes.checked,
        "metadata": side_metadata(attempt),
    }
