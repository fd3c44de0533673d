"""The config of steps: an attempt step by step, each step labelled."""

from collections.abc import Iterator

from botcoin_dpo.exporting.attempts import BuiltAttempt
from botcoin_dpo.exporting.columns import (
    TEXT,
    TRUTH,
    ListOf,
    StructType,
)
from botcoin_dpo.exporting.configs.config import Config, nothing
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.texts import clean_lines
from botcoin_dpo.rows.prompt import artifact_line

_STEPS_COLUMNS = StructType({"prompt": TEXT, "completions": ListOf(TEXT), "labels": ListOf(TRUTH)})


def _steps_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
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


def steps_reasoning() -> Config:
    """Return the config."""
    return Config(
        "steps_reasoning",
        "attempts step by step, each step labelled sound or not",
        "PRMTrainer",
        _STEPS_COLUMNS,
        frozenset(),
        nothing,
        _steps_of_attempt,
    )
