"""`dataset_info.json`, by which LLaMA-Factory finds the files of an export and reads them right.

It has an entry for each file of the configs that LLaMA-Factory reads right, and none for others:
`dpo_chat_*` as conversations would come out without their prompt. Source of the format:
https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md
"""

from typing import Any

import orjson

from botcoin_dpo.contract.splits import SPLITS, Split
from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.result import ExportedConfig

_PAIRS: dict[str, Any] = {
    "ranking": True,
    "columns": {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"},
}
_READ_AS: dict[str, dict[str, Any]] = {
    "dpo_reasoning": _PAIRS,
    "reward_reasoning": _PAIRS,
    "kto_reasoning": {
        "columns": {"prompt": "prompt", "response": "completion", "kto_tag": "label"},
    },
    "sft_reasoning": {"columns": {"prompt": "prompt", "response": "completion"}},
    "sft_messages": {
        "formatting": "sharegpt",
        "columns": {"messages": "messages"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
        },
    },
}
"""By the start of a config's name."""


def make_dataset_info(facts: CardFacts) -> bytes:
    """Return the bytes of the file."""
    entries = {
        name: {"file_name": file.path, **read_as}
        for each in facts.configs
        if (read_as := _read_as(each.config.name, facts.thinking)) is not None
        for split in SPLITS
        for name, file in zip(entry_names(each, split), each.files_of(split), strict=True)
    }
    return orjson.dumps(entries, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _read_as(config: str, thinking: str) -> dict[str, Any] | None:
    """Return how a config is read; a trace in a field of its own would not be looked at."""
    for start, read_as in _READ_AS.items():
        if config.startswith(start) and (thinking == "inline" or "formatting" not in read_as):
            return read_as
    return None


def entry_names(each: ExportedConfig, split: Split) -> list[str]:
    """Return the names of a split's entries, one a file."""
    name, files = f"{each.config.name}_{split}", each.files_of(split)
    return [name] if len(files) == 1 else [f"{name}_{number}" for number in range(len(files))]
