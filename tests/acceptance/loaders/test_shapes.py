"""The shapes that loaders ask for which cannot be installed for a test, as their sources say it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.loaders.conftest import Export

ROLES = ["user", "assistant"]


def is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def test_nemo_rl_binary_preferences(exported: Export) -> None:
    """Strings under `prompt`, `chosen` and `rejected`; an answer becomes a message's content.

    A list as prompt is taken as it is, but a list as answer would be nested in a message: so not
    `dpo_chat_*`. On PyPI there is only an empty placeholder, nemo-rl 0.0.0. Settings, source:
    https://docs.nvidia.com/nemo/rl/0.6.0/guides/dpo.html
    https://github.com/NVIDIA-NeMo/RL/blob/040c0c87f867835158be783a3eb52c7313a37394/nemo_rl/data/datasets/preference_datasets/binary_preference_dataset.py
    """
    for config in ("dpo_reasoning_sequential", "reward_reasoning"):
        for row in exported.rows(config):
            assert all(is_text(row[key]) for key in ("prompt", "chosen", "rejected"))
    for row in exported.rows("dpo_chat_sequential"):
        assert not any(is_text(row[key]) for key in ("chosen", "rejected"))
    settings = yaml.safe_load(exported.recipe("NeMo RL"))["data"]["train"]
    assert settings.pop("dataset_name") == "BinaryPreferenceDataset"
    assert Path(settings.pop("data_path")).is_file()
    keys = exported.rows("dpo_reasoning_sequential")[0].keys()
    assert settings.keys() == {"prompt_key", "chosen_key", "rejected_key"}
    assert keys >= set(settings.values())


@pytest.mark.parametrize("side", ["chosen", "rejected"])
def test_open_instruct_preferences(side: str, exported: Export) -> None:
    """Whole conversations under `chosen` and `rejected`, whose last messages alone differ.

    open-instruct is not on PyPI. It trains on the last message and takes the prompt to be in the
    conversation: `dpo_chat_*` would be trained on without a prompt. The source
    (`preference_tulu_tokenize_and_truncate_v1_2`):
    https://github.com/allenai/open-instruct/blob/e6c3044aa6201c8bfa4573c1b03142af599e730d/open_instruct/dataset_transformation.py
    """
    chats = exported.rows("dpo_chat_sequential")
    for row, chat in zip(exported.rows("dpo_messages_sequential"), chats, strict=True):
        assert [message["role"] for message in row[side]] == ROLES
        assert all(message.keys() == {"role", "content"} for message in row[side])
        assert row[side] == chat["prompt"] + chat[side]
        assert row["chosen"][:-1] == row["rejected"][:-1]
        assert row["chosen"][-1] != row["rejected"][-1]


def test_open_instruct_conversations(exported: Export) -> None:
    """A list under `messages`, which ends with the assistant; the source is that of above."""
    for row in exported.rows("sft_messages"):
        assert [message["role"] for message in row["messages"]] == ROLES
        assert all(is_text(message["content"]) for message in row["messages"])
