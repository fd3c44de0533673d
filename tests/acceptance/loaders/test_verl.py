"""verl's dataset holds the tasks that were exported, and their checks reach its reward."""

import runpy
import shlex
from collections.abc import Callable
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("verl", reason="verl is not installed; see .ci/loaders")

from omegaconf import OmegaConf
from verl.utils.dataset.rl_dataset import RLHFDataset, collate_fn

from tests.acceptance.loaders.conftest import Export


def read(file: str, tokenizer: Any, folder: Path, longest: int = 100_000) -> RLHFDataset:
    settings = {
        "cache_dir": str(folder / "cache"),
        "max_prompt_length": longest,
        "filter_overlong_prompts": True,
        "filter_overlong_prompts_workers": None,
    }
    return RLHFDataset([file], tokenizer, OmegaConf.create(settings))


@pytest.fixture
def tokenizer(make_tokenizer: Callable[[str], Any], qwen3: str) -> Any:
    return make_tokenizer(qwen3)


def test_tasks_come_through_whole(exported: Export, tokenizer: Any, tmp_path: Path) -> None:
    made = read(exported.file("verl_rlvr"), tokenizer, tmp_path)
    rows = exported.rows("verl_rlvr")
    assert len(made) == len(rows)
    for told, row in zip((made[number] for number in range(len(made))), rows, strict=True):
        assert told["raw_prompt"] == row["prompt"]
        assert {name: told[name] for name in row} == row
    batch = collate_fn([made[number] for number in range(len(made))])
    assert [each["ground_truth"] for each in batch["reward_model"]] == [
        row["reward_model"]["ground_truth"] for row in rows
    ]


def test_the_recipe_of_the_card_names_settings_that_there_are(
    exported: Export, tokenizer: Any, tmp_path: Path
) -> None:
    _, _, _, *settings = shlex.split(exported.recipe("verl"))
    given = OmegaConf.from_dotlist(settings)
    name = "verl/trainer/config/_generated_ppo_trainer.yaml"
    (defaults,) = (file for file in files("verl") or [] if str(file) == name)
    known = OmegaConf.create(defaults.read_text())
    OmegaConf.set_struct(known, True)
    used = OmegaConf.merge(known, given)  # fails on a setting that is not known
    made = read(used.data.train_files, tokenizer, tmp_path)
    assert len(made) == len(exported.rows("verl_rlvr"))
    reward = used.reward.custom_reward_function
    assert callable(runpy.run_path(reward.path)[reward.name])


def test_what_its_dataset_hands_on_is_what_the_reward_takes(
    exported: Export, tokenizer: Any, tmp_path: Path
) -> None:
    """As verl's reward manager calls a `custom_reward_function`: by these names."""
    compute_score = runpy.run_path(str(exported.folder / "reward.py"))["compute_score"]
    artifacts = {row["challenge_id"]: row["reference_artifact"] for row in exported.rows("rlvr")}
    made = read(exported.file("verl_rlvr"), tokenizer, tmp_path)
    scores = []
    for number in range(len(made)):
        task = made[number]
        artifact = artifacts[task["extra_info"]["challenge_id"]]
        score = {
            answer: compute_score(
                data_source=task["data_source"],
                solution_str=answer,
                ground_truth=task["reward_model"]["ground_truth"],
                extra_info=task["extra_info"],
            )
            for answer in (f'<think>\n</think>\n\nArtifact: "{artifact}"', "nothing")
        }
        assert score["nothing"] == 0
        if artifact is not None:
            scores.append(max(score.values()))
    assert scores
    assert set(scores) == {1.0}


def test_trap_a_filter_with_its_own_length_drops_all_prompts(
    exported: Export, tokenizer: Any, tmp_path: Path
) -> None:
    made = read(exported.file("verl_rlvr"), tokenizer, tmp_path, longest=512)
    assert len(made) == 0
