"""The examples of an attempt object, in the configs that hold attempts.

They have the columns and the meaning of those that rows give, but are there for every usable
attempt, and their texts follow from the steps as stored. Contract: schemas/README.md, "Exports".
"""

from collections.abc import Callable, Iterator

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.attempts import BuiltAttempt
from botcoin_dpo.exporting.example import Example

AttemptExamples = Callable[[BuiltAttempt, str], Iterator[Example]]
"""Takes an attempt, and its completion, which all configs share."""


def kto_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield an attempt with its label."""
    values = {
        "prompt": attempt.prompt,
        "completion": text,
        "label": attempt.facts["is_credited"],
    }
    yield Example(None, values)


def sft_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield an attempt if it is credited."""
    if attempt.facts["is_credited"]:
        yield Example(None, {"prompt": attempt.prompt, "completion": text})


def grpo_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield an attempt with its reward."""
    yield Example(None, _rewarded(attempt, text))


def verifiable_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield an attempt with its reward and what a reward function needs."""
    facts, challenge = attempt.facts, attempt.challenge
    checked = int(facts["constraint_count"])  # the schema takes 4.0 as well
    values = {
        **_rewarded(attempt, text),
        "document": challenge["document"],
        "questions": challenge["questions"],
        "constraints": challenge["constraints"][:checked],
        "constraint_count": checked,
        "constraint_pass_count": int(facts["metadata"]["constraint_pass_count"]),
        "credited": facts["is_credited"],
    }
    yield Example(None, values)


def _rewarded(attempt: BuiltAttempt, text: str) -> JsonObject:
    facts = attempt.facts
    return {
        "challenge_id": facts["challenge_id"],
        "challenge_domain": facts["challenge_domain"],
        "prompt": attempt.prompt,
        "response": text,
        "reward": reward_of(facts["metadata"]),
    }


def reward_of(metadata: JsonObject) -> float:
    """Return the share of checked constraints that hold; without any, whether it was accepted."""
    passed, failed = metadata["constraint_pass_count"], metadata["constraint_fail_count"]
    return float(passed / (passed + failed)) if passed + failed else float(metadata["pass"])
