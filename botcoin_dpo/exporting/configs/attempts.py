"""Configs of attempts: of the sides of rows, or of the attempt objects of a build.

Both give the same columns with the same meaning. Attempt objects are there for every usable
attempt, and their texts follow from the steps as stored.
"""

from collections.abc import Iterator

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.attempts import BuiltAttempt
from botcoin_dpo.exporting.columns import (
    NUMBER,
    TEXT,
    TRUTH,
    StructType,
)
from botcoin_dpo.exporting.configs.config import NAMED, Config
from botcoin_dpo.exporting.configs.sides import (
    attempt_of,
    both_sides,
    digest,
    each_side,
    named,
)
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.texts import Texts

_KTO_COLUMNS = StructType({"prompt": TEXT, "completion": TEXT, "label": TRUTH})
_SFT_COLUMNS = StructType({"prompt": TEXT, "completion": TEXT})
_GRPO_COLUMNS = StructType({**NAMED, "prompt": TEXT, "response": TEXT, "reward": NUMBER})


def _kto(texts: Texts) -> Iterator[Example]:
    is_same = both_sides(texts) == "identical_sides"
    for side, text in each_side(texts):
        identity = digest(attempt_of(texts.row, side))
        if text is None or is_same:
            yield Example(identity, None, "both_labels" if is_same else "ambiguous_trace")
            continue
        values = {"prompt": texts.prompt, "completion": text, "label": side == "chosen"}
        yield Example(identity, values)


def _kto_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield an attempt with its label."""
    values = {
        "prompt": attempt.prompt,
        "completion": text,
        "label": attempt.facts["is_credited"],
    }
    yield Example(None, values)


def _sft(texts: Texts) -> Iterator[Example]:
    identity = digest(attempt_of(texts.row, "chosen"))
    if texts.chosen is None:
        yield Example(identity, None, "ambiguous_trace")
    else:
        yield Example(identity, {"prompt": texts.prompt, "completion": texts.chosen})


def _sft_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield an attempt if it is credited."""
    if attempt.facts["is_credited"]:
        yield Example(None, {"prompt": attempt.prompt, "completion": text})


def _grpo(texts: Texts) -> Iterator[Example]:
    for side, text in each_side(texts):
        identity = digest(attempt_of(texts.row, side))
        if text is None:
            yield Example(identity, None, "ambiguous_trace")
            continue
        yield Example(
            identity,
            {
                **named(texts.row),
                "prompt": texts.prompt,
                "response": text,
                "reward": reward_of(texts.row[f"{side}_metadata"]),
            },
        )


def _grpo_of_attempt(attempt: BuiltAttempt, text: str) -> Iterator[Example]:
    """Yield an attempt with its reward."""
    yield Example(None, _rewarded(attempt, text))


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


def kto_reasoning(pair_types: frozenset[PairType]) -> Config:
    """Return the config that is made of rows of these types."""
    return Config(
        "kto_reasoning",
        "attempts, each labelled good or bad",
        "KTOTrainer",
        _KTO_COLUMNS,
        pair_types,
        _kto,
        _kto_of_attempt,
    )


def sft_reasoning(pair_types: frozenset[PairType]) -> Config:
    """Return the config that is made of rows of these types."""
    return Config(
        "sft_reasoning",
        "credited attempts, to be imitated",
        "SFTTrainer",
        _SFT_COLUMNS,
        pair_types,
        _sft,
        _sft_of_attempt,
    )


def grpo_reasoning(pair_types: frozenset[PairType]) -> Config:
    """Return the config that is made of rows of these types."""
    return Config(
        "grpo_reasoning",
        "attempts with the share of constraints that hold",
        "GRPOTrainer",
        _GRPO_COLUMNS,
        pair_types,
        _grpo,
        _grpo_of_attempt,
    )
