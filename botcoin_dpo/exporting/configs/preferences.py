"""Configs of pairs: as strings, as messages, and for a reward model."""

from collections.abc import Iterator

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.exporting.columns import (
    MESSAGES,
    NUMBER,
    TEXT,
    StructType,
)
from botcoin_dpo.exporting.configs.config import NAMED, Config
from botcoin_dpo.exporting.configs.sides import (
    Sides,
    attempt_of,
    both_sides,
    digest,
    named,
    reward_of,
    said,
)
from botcoin_dpo.exporting.example import Example
from botcoin_dpo.exporting.texts import Texts

DPO_REASONING = "dpo_reasoning_"
"""How the names of configs start that hold pairs as strings."""

_DPO_COLUMNS = StructType({**NAMED, "prompt": TEXT, "chosen": TEXT, "rejected": TEXT})
_CHAT_COLUMNS = StructType({**NAMED, "prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES})
_MESSAGES_COLUMNS = StructType({**NAMED, "chosen": MESSAGES, "rejected": MESSAGES})
_REWARD_COLUMNS = StructType({"prompt": TEXT, "chosen": TEXT, "rejected": TEXT, "margin": NUMBER})


def _dpo(texts: Texts) -> Iterator[Example]:
    sides = both_sides(texts)
    if isinstance(sides, str):
        yield Example(None, None, sides)
    else:
        yield Example(None, {**named(texts.row), **_preference(texts, sides)})


def _chat(texts: Texts) -> Iterator[Example]:
    sides = both_sides(texts)
    if isinstance(sides, str):
        yield Example(None, None, sides)
        return
    yield Example(
        None,
        {
            **named(texts.row),
            "prompt": [said("user", texts.prompt)],
            "chosen": [said("assistant", sides.chosen)],
            "rejected": [said("assistant", sides.rejected)],
        },
    )


def _whole_conversations(texts: Texts) -> Iterator[Example]:
    for example in _chat(texts):
        if (values := example.values) is not None:
            prompt = values["prompt"]
            sides = {side: prompt + values[side] for side in ("chosen", "rejected")}
            example = example._replace(values={name: values[name] for name in NAMED} | sides)
        yield example


def _reward(texts: Texts) -> Iterator[Example]:
    row = texts.row
    identity = digest(attempt_of(row, "chosen"), attempt_of(row, "rejected"))
    sides = both_sides(texts)
    if isinstance(sides, str):
        yield Example(identity, None, sides)
    else:
        gained = reward_of(row["chosen_metadata"]) - reward_of(row["rejected_metadata"])
        yield Example(identity, {**_preference(texts, sides), "margin": gained})


def _preference(texts: Texts, sides: Sides) -> JsonObject:
    return {"prompt": texts.prompt, **sides._asdict()}


def dpo_reasoning(pair_type: PairType) -> Config:
    """Return the config of pairs of a type."""
    return Config(
        f"{DPO_REASONING}{pair_type}",
        f"{pair_type} pairs as strings",
        "DPOTrainer",
        _DPO_COLUMNS,
        frozenset({pair_type}),
        _dpo,
    )


def dpo_chat(pair_type: PairType) -> Config:
    """Return the config of pairs of a type."""
    return Config(
        f"dpo_chat_{pair_type}",
        f"{pair_type} pairs as messages",
        "DPOTrainer",
        _CHAT_COLUMNS,
        frozenset({pair_type}),
        _chat,
    )


def dpo_messages(pair_type: PairType) -> Config:
    """Return the config of pairs of a type, the whole conversation on both sides."""
    return Config(
        f"dpo_messages_{pair_type}",
        f"{pair_type} pairs as whole conversations, for open-instruct and torchtune",
        "DPOTrainer",
        _MESSAGES_COLUMNS,
        frozenset({pair_type}),
        _whole_conversations,
    )


def reward_reasoning(pair_types: frozenset[PairType]) -> Config:
    """Return the config that is made of rows of these types."""
    return Config(
        "reward_reasoning",
        "pairs, for a reward model",
        "RewardTrainer",
        _REWARD_COLUMNS,
        pair_types,
        _reward,
    )
