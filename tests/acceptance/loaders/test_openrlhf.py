"""OpenRLHF's datasets hold what was exported, if its keys name our columns."""

import shlex
from argparse import Namespace
from collections.abc import Callable
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openrlhf", reason="OpenRLHF is not installed; see .ci/loaders")

from openrlhf.datasets import PromptDataset, RewardDataset, SFTDataset
from openrlhf.datasets.utils import blending_datasets

from tests.acceptance.loaders.conftest import Export

LENGTH = 100_000


class Strategy:
    """As much of OpenRLHF's strategy as its datasets ask for."""

    def __init__(self, **data: Any) -> None:
        self.args = Namespace(data=Namespace(**data), use_ms=False)

    def print(self, *told: Any) -> None:
        """Say nothing."""

    def is_rank_0(self) -> bool:
        return False


def read(exported: Export, config: str) -> Any:
    """The rows of `FOLDER/CONFIG`, as the command line of OpenRLHF loads them."""
    return blending_datasets(str(exported.folder / config), strategy=Strategy())


def pairs(
    exported: Export, config: str, tokenizer: Any, *, is_dpo: bool = True, **data: Any
) -> RewardDataset:
    strategy = Strategy(**{"chosen_key": "chosen", "rejected_key": "rejected"} | data)
    return RewardDataset(
        read(exported, config), tokenizer, LENGTH, strategy, is_dpo=is_dpo, num_processors=None
    )


@pytest.fixture
def tokenizer(make_tokenizer: Callable[[str], Any], qwen3: str) -> Any:
    return make_tokenizer(qwen3)


def test_pairs_of_strings(exported: Export, tokenizer: Any) -> None:
    made = pairs(exported, "dpo_reasoning_sequential", tokenizer, prompt_key="prompt")
    rows = exported.rows("dpo_reasoning_sequential")
    assert list(made.prompts) == [row["prompt"] for row in rows]
    assert list(made.chosens) == [row["chosen"] for row in rows]
    assert list(made.rejects) == [row["rejected"] for row in rows]
    chosen, _, rejected, _, length = made[0]
    for side, tokens in (("chosen", chosen[0]), ("rejected", rejected[0])):
        assert tokenizer.decode(tokens[:length]) == rows[0]["prompt"]
        assert tokenizer.decode(tokens[length:]) == rows[0][side] + " <|im_end|>"


def test_the_recipe_of_the_card_reads_pairs(exported: Export, tokenizer: Any) -> None:
    _, _, module, *words = shlex.split(exported.recipe("OpenRLHF"))
    flags = dict(zip(words[::2], words[1::2], strict=True))
    (program,) = (
        file for file in files("openrlhf") or [] if str(file) == f"{module.replace('.', '/')}.py"
    )
    known = program.read_text()
    assert all(f'"{flag}"' in known for flag in flags)
    given = {flag.removeprefix("--data."): value for flag, value in flags.items()}
    loaded = blending_datasets(
        given.pop("dataset"), strategy=Strategy(), dataset_split=given.pop("dataset_split")
    )
    length = int(given.pop("max_len"))
    strategy = Strategy(**given)
    made = RewardDataset(loaded, tokenizer, 10 * length, strategy, is_dpo=True, num_processors=None)
    rows = exported.rows("dpo_reasoning_sequential")
    assert list(made.prompts) == [row["prompt"] for row in rows]
    assert list(made.chosens) == [row["chosen"] for row in rows]
    assert list(made.rejects) == [row["rejected"] for row in rows]


def test_pairs_for_a_reward_model_have_their_margin(exported: Export, tokenizer: Any) -> None:
    made = pairs(exported, "reward_reasoning", tokenizer, is_dpo=False, prompt_key="prompt")
    rows = exported.rows("reward_reasoning")
    assert list(made.prompts) == [row["prompt"] for row in rows]
    assert list(made.chosens) == [row["chosen"] for row in rows]
    assert list(made.rejects) == [row["rejected"] for row in rows]
    assert list(made.extras) == [row["margin"] for row in rows]
    assert any(made.extras)


@pytest.mark.parametrize(
    ("config", "keys"),
    [("dpo_chat_sequential", {"prompt_key": "prompt"}), ("dpo_messages_sequential", {})],
)
def test_pairs_of_messages(
    config: str, keys: dict[str, Any], exported: Export, tokenizer: Any
) -> None:
    made = pairs(exported, config, tokenizer, apply_chat_template=True, **keys)
    rows = exported.rows("dpo_chat_sequential")
    asked = [row["prompt"][0]["content"] for row in rows]
    assert list(made.prompts) == [
        f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n" for text in asked
    ]
    for side, told in (("chosen", made.chosens), ("rejected", made.rejects)):
        assert list(told) == [row[side][0]["content"] + "<|im_end|>\n" for row in rows]


def test_trap_without_a_prompt_key_the_document_disappears(
    exported: Export, tokenizer: Any
) -> None:
    made = pairs(exported, "dpo_reasoning_sequential", tokenizer)
    assert list(made.prompts) == [""] * len(exported.rows("dpo_reasoning_sequential"))


def test_trap_dpo_chat_without_a_prompt_key_has_no_document(
    exported: Export, tokenizer: Any
) -> None:
    """For DPO it stops; a reward model is given the answers alone."""
    with pytest.raises(ValueError, match="empty conversation"):
        pairs(exported, "dpo_chat_sequential", tokenizer, apply_chat_template=True)
    made = pairs(exported, "dpo_chat_sequential", tokenizer, is_dpo=False, apply_chat_template=True)
    assert set(made.prompts) == {""}
    for chosen, row in zip(made.chosens, exported.rows("dpo_chat_sequential"), strict=True):
        assert row["prompt"][0]["content"] not in chosen


def test_attempts_to_imitate(exported: Export, tokenizer: Any) -> None:
    strategy = Strategy(input_key="prompt", output_key="completion")
    loaded = read(exported, "sft_reasoning")
    made = SFTDataset(loaded, tokenizer, LENGTH, strategy, num_processors=None)
    rows = exported.rows("sft_reasoning")
    assert list(made.prompts) == [row["prompt"] for row in rows]
    assert list(made.responses) == [row["completion"] for row in rows]


def test_conversations_to_imitate(exported: Export, tokenizer: Any) -> None:
    strategy = Strategy(input_key="messages", apply_chat_template=True)
    loaded = read(exported, "sft_messages")
    made = SFTDataset(loaded, tokenizer, LENGTH, strategy, num_processors=None)
    rows = exported.rows("sft_messages")
    for prompt, response, row in zip(made.prompts, made.responses, rows, strict=True):
        asked, answer = (message["content"] for message in row["messages"])
        assert asked in prompt
        assert response == answer + "<|im_end|>\n"


def test_tasks_with_checks_as_labels(exported: Export, tokenizer: Any) -> None:
    strategy = Strategy(input_key="prompt", label_key="checks", apply_chat_template=True)
    made = PromptDataset(read(exported, "rlvr"), tokenizer, strategy)
    rows = exported.rows("rlvr")
    assert len(made) == len(rows)
    for (_, prompt, label, _), row in zip(made, rows, strict=True):
        assert row["prompt"][0]["content"] in prompt
        assert label == row["checks"]


def test_files_are_read_as_folders_are(exported: Export) -> None:
    file = exported.file("dpo_reasoning_sequential")
    assert Path(file).suffix.removeprefix(".") == exported.format
    loaded = blending_datasets(file, strategy=Strategy())
    assert list(loaded) == exported.rows("dpo_reasoning_sequential")
