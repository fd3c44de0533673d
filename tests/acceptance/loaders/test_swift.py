"""ms-swift's loader returns what was exported."""

import json
import shlex
from typing import Any

import pytest

pytest.importorskip("swift", reason="ms-swift is not installed; see .ci/loaders")

from swift.dataset.loader import load_dataset

from tests.acceptance.loaders.conftest import Export


def read(exported: Export, config: str, columns: dict[str, str] | None = None) -> Any:
    """The rows of a file as `swift rlhf --dataset FILE --columns JSON` loads them."""
    made, _ = load_dataset([exported.file(config)], columns=columns)
    return made


def conversation(prompt: str, answer: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]


def test_the_recipe_of_the_card_reads_pairs(exported: Export) -> None:
    _, _, *words = shlex.split(exported.recipe("ms-swift"))
    flags = dict(zip(words[::2], words[1::2], strict=True))
    made, _ = load_dataset([flags["--dataset"]], columns=json.loads(flags["--columns"]))
    rows = exported.rows("dpo_messages_sequential")
    assert list(made["messages"]) == [row["chosen"] for row in rows]
    assert list(made["rejected_messages"]) == [row["rejected"] for row in rows]


@pytest.mark.parametrize("config", ["dpo_reasoning_sequential", "reward_reasoning"])
def test_pairs_of_strings(config: str, exported: Export) -> None:
    columns = {"chosen": "response", "rejected": "rejected_response"}
    made = read(exported, config, columns)
    rows = exported.rows(config)
    assert list(made["messages"]) == [conversation(row["prompt"], row["chosen"]) for row in rows]
    assert list(made["rejected_response"]) == [row["rejected"] for row in rows]


def test_attempts(exported: Export) -> None:
    for config in ("sft_reasoning", "kto_reasoning"):
        made = read(exported, config)
        rows = exported.rows(config)
        assert list(made["messages"]) == [
            conversation(row["prompt"], row["completion"]) for row in rows
        ]
        if "label" in rows[0]:
            assert [bool(label) for label in made["label"]] == [row["label"] for row in rows]


def test_conversations_to_imitate(exported: Export) -> None:
    rows = exported.rows("sft_messages")
    assert list(read(exported, "sft_messages")["messages"]) == [row["messages"] for row in rows]


def test_trap_pairs_without_a_mapping_of_columns_have_no_answers(exported: Export) -> None:
    made = read(exported, "dpo_reasoning_sequential")
    assert "rejected_response" not in made.column_names
    for messages, row in zip(
        made["messages"], exported.rows("dpo_reasoning_sequential"), strict=True
    ):
        assert [message["content"] for message in messages] == [row["prompt"]]


def test_trap_dpo_chat_has_no_prompt(exported: Export) -> None:
    columns = {"chosen": "messages", "rejected": "rejected_messages"}
    made = read(exported, "dpo_chat_sequential", columns)
    rows = exported.rows("dpo_chat_sequential")
    assert list(made["messages"]) == [row["chosen"] for row in rows]
