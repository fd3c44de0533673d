"""The examples of an attempt object or a challenge object, in the configs that hold such.

Those of attempts have the columns and the meaning of those that rows give, but are there for every
usable attempt, and their texts follow from the steps as stored. Contract: schemas/README.md,
"Exports".
"""

from collections.abc import Callable, Iterator

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.attempts import BuiltAttempt, BuiltInput
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.texts import clean_lines
from botcoin_dpo.rows.prompt import artifact_line

AttemptExamples = Callable[[BuiltAttempt, str], Iterator[Example]]
"""Takes an attempt, and its completion, which all configs share."""

InputExamples = Callable[[BuiltInput], Iterator[Example]]


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


def steps_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield the steps of an attempt, each with a label by its verdict.

    A step that the audit does not judge stands before the next one that it does; what follows the
    last such step is left out. The artifact is the last completion, right if it earned credit.
    """
    verdicts = {each["step"]: each["verdict"] for each in attempt.facts["audit"]["steps"]}
    completions: list[str] = []
    labels: list[bool] = []
    waiting: list[str] = []
    for number, line in clean_lines(attempt.facts):
        waiting.append(line)
        verdict = verdicts.get(number, "unchecked")
        if verdict != "unchecked":
            completions.append("\n".join(waiting))
            labels.append(verdict == "sound")
            waiting = []
    completions.append(artifact_line(attempt.facts["artifact"]))
    labels.append(attempt.facts["is_credited"])
    yield Example(None, {"prompt": attempt.prompt, "completions": completions, "labels": labels})


def rlvr_of_input(built: BuiltInput) -> Iterator[Example]:
    """Yield the task of an input with what a reward function checks of an answer."""
    challenge, found = built.challenge, built.checks
    checks = found.checks(challenge["constraints"])
    values = {
        "prompt": [{"role": "user", "content": built.prompt}],
        "checks": checks,
        "undecided": found.checked - len(checks),
        "attempts": found.attempts,
        "pass_rate": found.pass_rate,
        "challenge_id": challenge["challenge_id"],
        "challenge_domain": challenge["challenge_domain"],
        "reference_artifact": found.reference_artifact,
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
