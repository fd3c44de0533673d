"""The config of tasks: what a reward function checks of an answer that nobody has given yet."""

from collections.abc import Iterator

import orjson

from botcoin_dpo.exporting.attempts import BuiltInput
from botcoin_dpo.exporting.columns import (
    INTEGER,
    MESSAGES,
    NUMBER,
    TEXT,
    ListOf,
    StructType,
)
from botcoin_dpo.exporting.configs.config import NAMED, Config, nothing
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.folder import REWARD, RLVR, VERL_RLVR

_TASK_COLUMNS = StructType(
    {
        "prompt": MESSAGES,
        "checks": ListOf(
            StructType(
                {
                    "index": INTEGER,
                    "kind": TEXT,
                    "expected": TEXT,
                    "ground": TEXT,
                    "parameter": INTEGER,
                }
            )
        ),
        "undecided": INTEGER,
        "attempts": INTEGER,
        "pass_rate": NUMBER,
        **NAMED,
        "reference_artifact": TEXT,
    }
)

_VERL_COLUMNS = StructType(
    {
        "data_source": TEXT,
        "prompt": MESSAGES,
        "ability": TEXT,
        "reward_model": StructType({"style": TEXT, "ground_truth": TEXT}),
        "extra_info": StructType(
            {"split": TEXT, **NAMED, "attempts": INTEGER, "pass_rate": NUMBER}
        ),
    }
)


def _task_of_input(built: BuiltInput) -> Iterator[Example]:
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


def _verl_task_of_input(built: BuiltInput) -> Iterator[Example]:
    """Yield the task of an input as verl has it: the checks are the ground truth, as JSON text."""
    for example in _task_of_input(built):
        values = example.values
        assert values is not None
        if not values["checks"]:
            yield Example(None, None, "no_checks")
            continue
        told = ("challenge_id", "challenge_domain", "attempts", "pass_rate")
        verl = {
            "data_source": "botcoin",
            "prompt": values["prompt"],
            "ability": "document-reasoning",
            "reward_model": {
                "style": "rule",
                "ground_truth": orjson.dumps(values["checks"]).decode(),
            },
            "extra_info": {
                "split": built.challenge["split"],
                **{name: values[name] for name in told},
            },
        }
        yield Example(None, verl)


def rlvr() -> Config:
    """Return the config."""
    return Config(
        RLVR,
        f"tasks, each once, with what `{REWARD}` checks of an answer",
        "GRPOTrainer",
        _TASK_COLUMNS,
        frozenset(),
        nothing,
        input_examples=_task_of_input,
    )


def verl_rlvr() -> Config:
    """Return the config."""
    return Config(
        VERL_RLVR,
        "tasks with checks, for verl",
        None,
        _VERL_COLUMNS,
        frozenset(),
        nothing,
        input_examples=_verl_task_of_input,
    )
