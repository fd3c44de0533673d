"""axolotl's dataset transforms return what was exported."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

pytest.importorskip("axolotl", reason="axolotl is not installed; see .ci/loaders")

from axolotl.prompt_strategies.dpo import load as load_dpo
from axolotl.prompt_strategies.kto import load as load_kto
from axolotl.prompt_strategies.stepwise_supervised import load as load_steps
from axolotl.utils.dict import DictDefault
from axolotl.utils.schemas.datasets import DPODataset, SFTDataset
from datasets import load_dataset
from pydantic import TypeAdapter

from tests.acceptance.loaders.conftest import Export

PLAIN = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CHAT = {"field_messages": "prompt", "field_chosen": "chosen", "field_rejected": "rejected"}


def read(exported: Export, config: str) -> list[dict[str, Any]]:
    """Rows as `path`, `name` and `split` of a dataset make axolotl load them."""
    return list(load_dataset(str(exported.folder), config, split="train"))


def transformed(
    strategy: str,
    rows: list[dict[str, Any]],
    tokenizer: Any,
    *,
    chat_template: str = "tokenizer_default",
    **dataset: Any,
) -> list[dict[str, str]]:
    settings = DictDefault({"datasets": [dataset], "chat_template": chat_template})
    transform = load_dpo(strategy, settings, dataset_idx=0)
    if isinstance(transform, tuple):
        transform = transform[0]
    return [transform(dict(row), tokenizer=tokenizer) for row in rows]


@pytest.mark.parametrize("template", ["qwen3", "plain"])
@pytest.mark.parametrize(
    ("config", "strategy", "columns"),
    [
        ("dpo_chat_sequential", "chat_template.default", CHAT),
        ("dpo_messages_sequential", "chat_template.argilla_chat", {}),
    ],
)
def test_messages_come_through_whole(
    config: str,
    strategy: str,
    columns: dict[str, str],
    template: str,
    exported: Export,
    make_tokenizer: Callable[[str], Any],
    qwen3: str,
) -> None:
    tokenizer = make_tokenizer(qwen3 if template == "qwen3" else PLAIN)
    made = transformed(strategy, read(exported, config), tokenizer, **columns)
    rows = exported.rows("dpo_chat_sequential")
    for told, row in zip(made, rows, strict=True):
        asked = row["prompt"][0]["content"]
        assert told["prompt"] == (f"<|im_start|>user\n{asked}<|im_end|>\n<|im_start|>assistant\n")
        for side in ("chosen", "rejected"):
            assert told[side] == row[side][0]["content"] + "<|im_end|>"
            assert told[side].startswith("<think>\n")


def test_the_recipe_of_the_card_reads_pairs(
    exported: Export, make_tokenizer: Callable[[str], Any], qwen3: str
) -> None:
    settings = DictDefault(yaml.safe_load(exported.recipe("axolotl")))
    told = TypeAdapter(SFTDataset | DPODataset).validate_python(settings["datasets"][0])
    dataset = told.model_dump(exclude_none=True)  # the settings that its own schema keeps
    settings["datasets"] = [dataset]
    transform, _ = load_dpo(dataset["type"], settings, dataset_idx=0)
    loaded = load_dataset(dataset["path"], dataset["name"], split=dataset["split"])
    rows = exported.rows("dpo_chat_sequential")
    for sample, row in zip(loaded, rows, strict=True):
        made = transform(sample, tokenizer=make_tokenizer(qwen3))
        assert row["prompt"][0]["content"] in made["prompt"]
        assert made["chosen"] == row["chosen"][0]["content"] + "<|im_end|>"
        assert made["rejected"] == row["rejected"][0]["content"] + "<|im_end|>"


def test_trap_one_line_break_after_the_trace_leaves_nothing_under_qwen3(
    exported: Export, make_tokenizer: Callable[[str], Any], qwen3: str
) -> None:
    rows = read(exported, "dpo_chat_sequential")
    for row in rows:
        for side in ("chosen", "rejected"):
            (message,) = row[side]
            message["content"] = message["content"].replace("</think>\n\n", "</think>\n")
    made = transformed("chat_template.default", rows, make_tokenizer(qwen3), **CHAT)
    assert {told[side] for told in made for side in ("chosen", "rejected")} == {""}


def test_trap_axolotls_own_qwen3_opens_the_trace_twice(
    exported: Export, make_tokenizer: Callable[[str], Any]
) -> None:
    """`chat_template: qwen3`; the tokenizer's own template is right, as tested above."""
    rows = read(exported, "dpo_chat_sequential")
    made = transformed(
        "chat_template.default", rows, make_tokenizer(PLAIN), chat_template="qwen3", **CHAT
    )
    for told in made:
        assert told["prompt"].endswith("<think>\n\n")
        assert told["chosen"].startswith("<think>\n")


def test_without_the_column_of_the_prompt_it_stops(
    exported: Export, make_tokenizer: Callable[[str], Any]
) -> None:
    rows = read(exported, "dpo_chat_sequential")
    with pytest.raises(KeyError, match="messages"):
        transformed("chat_template.default", rows, make_tokenizer(PLAIN))


def test_strings_come_through_whole(exported: Export) -> None:
    for config in ("dpo_reasoning_sequential", "reward_reasoning"):
        rows = exported.rows(config)
        for strategy in ("user_defined.default", "passthrough.default"):
            settings = DictDefault({"datasets": [{"type": {"field_prompt": "prompt"}}]})
            transform = load_dpo(strategy, settings, dataset_idx=0)
            assert [transform(dict(row)) for row in read(exported, config)] == rows


def test_labelled_attempts_come_through_whole(exported: Export) -> None:
    settings = DictDefault({"datasets": [{"type": {"field_prompt": "prompt"}}]})
    transform = load_kto("user_defined.default", settings, dataset_idx=0)
    rows = exported.rows("kto_reasoning")
    assert [transform(dict(row)) for row in read(exported, "kto_reasoning")] == rows


def test_steps_come_through_whole(exported: Export, make_tokenizer: Callable[[str], Any]) -> None:
    tokenizer = make_tokenizer(PLAIN)
    strategy = load_steps(tokenizer, DictDefault({"sequence_len": 100_000}), DictDefault({}))
    for row in exported.rows("steps_reasoning"):
        made = strategy.tokenize_prompt(row)
        labels = [label for label in made["labels"] if label != -100]
        assert labels == [int(label) for label in row["labels"]]
        steps = "".join(f"{step}\n" for step in row["completions"])
        assert tokenizer.decode(made["input_ids"]) == row["prompt"] + steps
