"""torchtune's datasets hold what was exported."""

from typing import Any

import pytest
import yaml

pytest.importorskip("torchtune", reason="torchtune is not installed; see .ci/loaders")

from torchtune.data import ChosenRejectedToMessages
from torchtune.datasets import chat_dataset, instruct_dataset, preference_dataset

from tests.acceptance.loaders.conftest import Export


class Texts:
    """A tokenizer of torchtune's protocol: a token for each character, masked as told."""

    def tokenize_messages(self, messages: Any, **_: Any) -> tuple[list[int], list[bool]]:
        tokens = [(ord(letter), each.masked) for each in messages for letter in each.text_content]
        return [number for number, _ in tokens], [masked for _, masked in tokens]

    def __call__(self, sample: Any, inference: bool = False) -> Any:
        tokens, mask = self.tokenize_messages(sample.pop("messages"))
        return sample | {"tokens": tokens, "mask": mask}


def text(tokens: Any) -> str:
    return "".join(chr(token) for token in tokens if token >= 0)


def where(exported: Export, config: str) -> dict[str, str]:
    source = "json" if exported.format == "jsonl" else exported.format
    return {"source": source, "data_files": exported.file(config), "split": "train"}


def test_the_recipe_of_the_card_reads_pairs(exported: Export) -> None:
    settings = yaml.safe_load(exported.recipe("torchtune"))["dataset"]
    assert settings.pop("_component_") == "torchtune.datasets.preference_dataset"
    made = preference_dataset(Texts(), **settings)
    rows = exported.rows("dpo_messages_sequential")
    assert len(made) == len(rows)
    for told, row in zip((made[number] for number in range(len(made))), rows, strict=True):
        for side in ("chosen", "rejected"):
            prompt, answer = (message["content"] for message in row[side])
            assert text(told[f"{side}_input_ids"]) == prompt + answer
            assert text(told[f"{side}_labels"]) == answer


def test_trap_dpo_chat_has_no_prompt(exported: Export) -> None:
    made = preference_dataset(Texts(), **where(exported, "dpo_chat_sequential"))
    for number, row in enumerate(exported.rows("dpo_chat_sequential")):
        assert text(made[number]["chosen_input_ids"]) == row["chosen"][0]["content"]


def test_strings_stop_it(exported: Export) -> None:
    row = exported.rows("dpo_reasoning_sequential")[0]
    with pytest.raises(TypeError):
        ChosenRejectedToMessages()(row)


def test_attempts_to_imitate(exported: Export) -> None:
    column_map = {"input": "prompt", "output": "completion"}
    made = instruct_dataset(Texts(), column_map=column_map, **where(exported, "sft_reasoning"))
    for number, row in enumerate(exported.rows("sft_reasoning")):
        assert text(made[number]["tokens"]) == row["prompt"] + row["completion"]
        assert text(made[number]["labels"]) == row["completion"]


def test_conversations_to_imitate(exported: Export) -> None:
    made = chat_dataset(
        Texts(),
        conversation_column="messages",
        conversation_style="openai",
        **where(exported, "sft_messages"),
    )
    for number, row in enumerate(exported.rows("sft_messages")):
        prompt, answer = (message["content"] for message in row["messages"])
        assert text(made[number]["tokens"]) == prompt + answer
        assert text(made[number]["labels"]) == answer
