"""`dataset_info.json`, by which LLaMA-Factory finds the files of an export and reads them right.

It has an entry for each file of the configs that LLaMA-Factory reads right, and none for others:
`dpo_chat_*` as conversations would come out without their prompt. Source of the format:
https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md
"""

from typing import Any

import orjson

from botcoin_dpo.exporting.card.facts import CardFacts
from botcoin_dpo.exporting.result import ExportedConfig
from botcoin_dpo.exporting.tables import TableFile

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
        for name, file in _named_files(each)
    }
    return orjson.dumps(entries, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _read_as(config: str, thinking: str) -> dict[str, Any] | None:
    """Return how a config is read; a trace in a field of its own would not be looked at."""
    for start, read_as in _READ_AS.items():
        if config.startswith(start) and (thinking == "inline" or "formatting" not in read_as):
            return read_as
    return None


def _named_files(each: ExportedConfig) -> list[tuple[str, TableFile]]:
    """Return the files of a config, each with the name of its entry: of its split."""
    named = []
    for file in each.files:
        of_split = [other for other in each.files if other.split == file.split]
        number = f"_{of_split.index(file)}" if len(of_split) > 1 else ""
        named.append((f"{each.config.name}_{file.split}{number}", file))
    return named
