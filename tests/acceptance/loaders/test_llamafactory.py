"""LLaMA-Factory reads what `dataset_info.json` lists, by its own loader.

`.ci/loaders` sets `DISABLE_VERSION_CHECK`: its loader does without the transformers it pins.
"""

import json
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

pytest.importorskip("llamafactory", reason="LLaMA-Factory is not installed; see .ci/loaders")

if "torchaudio" not in sys.modules:  # imported for sound alone, and large
    sys.modules["torchaudio"] = ModuleType("torchaudio")
    sys.modules["torchaudio"].__spec__ = ModuleSpec("torchaudio", None)

from llamafactory.data.loader import _load_single_dataset
from llamafactory.data.parser import get_dataset_list
from llamafactory.data.processor import FeedbackDatasetProcessor, PairwiseDatasetProcessor
from llamafactory.data.template import get_template_and_fix_tokenizer
from llamafactory.hparams.data_args import DataArguments
from llamafactory.hparams.model_args import ModelArguments
from transformers import TrainingArguments

from tests.acceptance.loaders.conftest import Export


def loaded(folder: Path, name: str) -> list[dict[str, Any]]:
    arguments = DataArguments(dataset_dir=str(folder), preprocessing_num_workers=None)
    (attributes,) = get_dataset_list([name], arguments.dataset_dir)
    training = TrainingArguments(output_dir=str(folder), use_cpu=True, report_to=[])
    model = ModelArguments(model_name_or_path="none")
    return list(_load_single_dataset(attributes, model, arguments, training))


def said(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def expected(config: str, row: dict[str, Any]) -> tuple[Any, Any]:
    """Prompt and response of a row, as LLaMA-Factory carries them."""
    if config == "sft_messages":
        *prompt, response = row["messages"]
        return prompt, [response]
    prompt = [said("user", row["prompt"])]
    if "label" in row:
        sides = [said("assistant", row["completion"]), said("assistant", "")]
        return prompt, sides if row["label"] else sides[::-1]
    names = ("chosen", "rejected") if "chosen" in row else ("completion",)
    return prompt, [said("assistant", row[name]) for name in names]


def test_every_entry_of_dataset_info_is_read_whole(exported: Export) -> None:
    info = json.loads((exported.folder / "dataset_info.json").read_bytes())
    configs = set()
    for name in info:
        config, _, split = name.rpartition("_")
        configs.add(config)
        read = loaded(exported.folder, name)
        told = [(row["_prompt"], row["_response"]) for row in read]
        assert told == [expected(config, row) for row in exported.rows(config, split)], name
        assert {row["_system"] for row in read} == {""}
    assert configs == {
        *("dpo_reasoning_sequential", "reward_reasoning", "kto_reasoning"),
        *("sft_reasoning", "sft_messages"),
    }


def test_the_recipe_of_the_card_reads_pairs(exported: Export) -> None:
    settings = yaml.safe_load(exported.recipe("LLaMA-Factory"))
    read = loaded(Path(settings["dataset_dir"]), settings["dataset"])
    config = "dpo_reasoning_sequential"
    told = [(row["_prompt"], row["_response"]) for row in read]
    assert told == [expected(config, row) for row in exported.rows(config)]


@pytest.mark.parametrize("template", ["qwen3", "llama3"])
def test_a_pair_is_tokenized_whole(
    template: str, exported: Export, make_tokenizer: Callable[[str], Any], qwen3: str
) -> None:
    tokenizer = make_tokenizer(qwen3)
    arguments = DataArguments(template=template, cutoff_len=100_000)
    processor = PairwiseDatasetProcessor(
        template=get_template_and_fix_tokenizer(tokenizer, arguments),
        tokenizer=tokenizer,
        processor=None,
        data_args=arguments,
    )
    read = loaded(exported.folder, "dpo_reasoning_sequential_train")
    columns = {name: [row[name] for row in read] for name in read[0]}
    tokens = processor.preprocess_dataset(columns)
    rows = exported.rows("dpo_reasoning_sequential")
    assert len(tokens["chosen_input_ids"]) == len(rows)
    for number, row in enumerate(rows):
        for side in ("chosen", "rejected"):
            labels = tokens[f"{side}_labels"][number]
            answer = tokenizer.decode([token for token in labels if token >= 0])
            assert answer.startswith(row[side])
            assert answer.count("<think>") == 1
            assert row["prompt"] in tokenizer.decode(tokens[f"{side}_input_ids"][number])


def test_a_labelled_attempt_is_tokenized_whole(
    exported: Export, make_tokenizer: Callable[[str], Any], qwen3: str
) -> None:
    tokenizer = make_tokenizer(qwen3)
    arguments = DataArguments(template="qwen3", cutoff_len=100_000)
    processor = FeedbackDatasetProcessor(
        template=get_template_and_fix_tokenizer(tokenizer, arguments),
        tokenizer=tokenizer,
        processor=None,
        data_args=arguments,
    )
    read = loaded(exported.folder, "kto_reasoning_train")
    columns = {name: [row[name] for row in read] for name in read[0]}
    tokens = processor.preprocess_dataset(columns)
    rows = exported.rows("kto_reasoning")
    assert tokens["kto_tags"] == [row["label"] for row in rows]
    for labels, row in zip(tokens["labels"], rows, strict=True):
        answer = tokenizer.decode([token for token in labels if token >= 0])
        assert answer.startswith(row["completion"])


def test_trap_dpo_chat_as_sharegpt_has_an_empty_prompt(exported: Export, tmp_path: Path) -> None:
    entry = {
        "file_name": exported.file("dpo_chat_sequential"),
        "formatting": "sharegpt",
        "ranking": True,
        "columns": {"messages": "prompt", "chosen": "chosen", "rejected": "rejected"},
        "tags": {
            "role_tag": "role",
            "content_tag": "content",
            "user_tag": "user",
            "assistant_tag": "assistant",
        },
    }
    (tmp_path / "dataset_info.json").write_text(json.dumps({"trap": entry}))
    assert [row["_prompt"] for row in loaded(tmp_path, "trap")] == [[]] * 4


def test_messages_that_are_not_listed_stop_it(exported: Export, tmp_path: Path) -> None:
    entry = {
        "file_name": exported.file("sft_revision"),
        "formatting": "sharegpt",
        "columns": {"messages": "prompt"},
    }
    (tmp_path / "dataset_info.json").write_text(json.dumps({"revision": entry}))
    with pytest.raises(KeyError):
        loaded(tmp_path, "revision")
