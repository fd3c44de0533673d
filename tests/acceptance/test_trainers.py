"""Exports, loaded by `datasets` and trained on by TRL, with nothing in between.

Needs the extra `trainers`; what a trainer filters out or cannot read fails here.
"""

import json
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl", reason="TRL is not installed (the extra trainers); .ci/run installs it")

import torch
from datasets import Features, load_dataset
from pyarrow.parquet import read_table
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
    PreTrainedTokenizerFast,
)
from trl import (
    DPOConfig,
    DPOTrainer,
    GRPOConfig,
    GRPOTrainer,
    KTOConfig,
    KTOTrainer,
    RewardConfig,
    RewardTrainer,
    SFTConfig,
    SFTTrainer,
)

from botcoin_dpo import build
from botcoin_dpo.contract.identifiers import challenge_hash
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.front_matter import read_front_matter
from botcoin_dpo.exporting import tables
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import published

pytestmark = pytest.mark.timeout(300)

_CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>\n{{ message['content'] }}</s>\n"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated logs whose trap values mix types, and in half of which all that may be is null."""
    folder = tmp_path_factory.mktemp("simulated") / "logs"
    simulate(folder, challenges=12, miners=6, files=1)
    path = folder / "attempts-00000.jsonl"
    records = [json.loads(line) for line in path.read_bytes().splitlines()]
    challenges = sorted({challenge_hash(record["challenge_id"]) for record in records})
    for record in records:
        place = challenges.index(challenge_hash(record["challenge_id"]))
        for trap in record["trap_metadata"]["traps"]:
            wrong = trap["wrong_value"]
            trap["wrong_value"] = [wrong, str(wrong), 0.5, [wrong], None][place % 5]
        if place < len(challenges) // 2:  # the rows of these come first
            record["submission"]["model"] = None
            record |= dict.fromkeys(NULLABLE)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return folder


NULLABLE = (
    "acceptance_path", "trap_classification", "coarse_progress_bucket", "challenge_seed",
    "challenge_domain", "trace_quality", "reasoning_depth", "answer_verification", "timestamp",
    "error_annotation", "retry_metadata",
)  # fmt: skip


@pytest.fixture(scope="module")
def built(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of everything, in three splits."""
    out = tmp_path_factory.mktemp("built") / "out"
    build(logs, out, pairs=PAIR_TYPES, splits=(0.6, 0.2, 0.2))
    return out


@pytest.fixture(scope="module")
def tokenizer(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small byte-level tokenizer, trained on the spot."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    texts = [path.read_text() for path in sorted(built.glob("sequential/*.jsonl"))]
    special = ["<s>", "</s>", "<pad>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=1000, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    made.train_from_iterator(texts, trainer)
    folder = tmp_path_factory.mktemp("tokenizer")
    PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        chat_template=_CHAT_TEMPLATE,
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=["parquet", "jsonl"])
def exported(
    request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ExportResult]:
    """An export in files so small that the first hold nothing but nulls where they may."""
    out = tmp_path_factory.mktemp("exported") / "hub"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_GROUP_BYTES", 100_000)
        patch.setattr(tables, "_FILE_BYTES", 100_000)
        yield export(built, out, format=request.param)


@pytest.fixture(scope="module")
def trained_on(
    logs: Path, tokenizer: Path, tmp_path_factory: pytest.TempPathFactory
) -> ExportResult:
    """An export with everything in one split, its lengths counted."""
    folder = tmp_path_factory.mktemp("trained_on")
    build(logs, folder / "out", pairs=("sequential", "cross_session"), splits=(1, 0, 0))
    return export(folder / "out", folder / "hub", tokenizer=str(tokenizer))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")


def test_the_first_file_holds_nothing_but_nulls_where_it_may(exported: ExportResult) -> None:
    [archive] = [each for each in exported.configs if each.config.name == "pairs_sequential"]
    domains = [
        {row["challenge_domain"] for row in _rows_of(published(exported) / file.path)}
        for file in archive.files
        if file.split == "train"
    ]
    assert domains[0] == {None}
    assert None not in domains[-1]


def _rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = read_table(path).to_pylist()
        return rows
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_every_config_and_split_loads_with_the_features_of_the_card(
    exported: ExportResult, tmp_path: Path
) -> None:
    card = read_front_matter(published(exported))
    described = {entry["config_name"]: entry for entry in card["dataset_info"]}
    assert described.keys() == {each.config.name for each in exported.configs}
    for each in exported.configs:
        name = each.config.name
        features = Features._from_yaml_list(described[name]["features"])
        loaded = load_dataset(str(published(exported)), name, cache_dir=str(tmp_path))
        streamed = load_dataset(str(published(exported)), name, streaming=True)
        splits = {split for split in SPLITS if each.rows(split)}
        assert set(loaded) == set(streamed) == splits
        for split in splits:
            assert loaded[split].features == features
            assert len(loaded[split]) == each.rows(split)
            assert list(streamed[split]) == list(loaded[split])


def test_the_default_config_is_the_first(exported: ExportResult, tmp_path: Path) -> None:
    loaded = load_dataset(str(published(exported)), split="train", cache_dir=str(tmp_path))
    first = exported.configs[0]
    assert loaded.column_names == list(first.config.columns.fields)
    assert len(loaded) == first.rows("train")


def _settings(tmp_path: Path, max_length: int) -> dict[str, Any]:
    return {
        "output_dir": str(tmp_path / "run"),
        "max_length": max_length,
        "max_steps": 2,
        "per_device_train_batch_size": 2,
        "report_to": [],
        "save_strategy": "no",
        "use_cpu": True,
        "bf16": False,
        "logging_steps": 1,
    }


def _tiny(folder: Path, cls: Any, longest: int, **more: Any) -> str:
    """A randomly initialised model of a few thousand weights, in a folder."""
    torch.manual_seed(0)
    model = cls(
        LlamaConfig(
            vocab_size=1000,
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            num_key_value_heads=2,
            max_position_embeddings=longest,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=2,
            **more,
        )
    )
    model.save_pretrained(folder)
    return str(folder)


_TRAINERS = {
    "DPOTrainer": (DPOTrainer, DPOConfig),
    "KTOTrainer": (KTOTrainer, KTOConfig),
    "SFTTrainer": (SFTTrainer, SFTConfig),
    "RewardTrainer": (RewardTrainer, RewardConfig),
}


@pytest.mark.parametrize(
    "name",
    [
        "dpo_reasoning_sequential",
        "dpo_chat_sequential",
        "dpo_reasoning_cross_session",
        "kto_reasoning",
        "reward_reasoning",
        "sft_reasoning",
        "sft_revision",
    ],
)
def test_a_trainer_takes_every_row(
    name: str, trained_on: ExportResult, tokenizer: Path, tmp_path: Path
) -> None:
    each = next(each for each in trained_on.configs if each.config.name == name)
    assert each.lengths is not None and each.config.trainer is not None
    max_length = each.lengths.max_length(1.0)
    data = load_dataset(str(trained_on.out), name, split="train", cache_dir=str(tmp_path))
    trainer_class, config_class = _TRAINERS[each.config.trainer]
    settings = _settings(tmp_path, max_length)
    model_class = LlamaForCausalLM
    more = {}
    if name.startswith("dpo"):  # as the card recommends
        settings |= {"loss_type": ["sigmoid", "sft"], "loss_weights": [1.0, 0.2]}
    if trainer_class is RewardTrainer:
        model_class, more = LlamaForSequenceClassification, {"num_labels": 1}
    loaded = PreTrainedTokenizerFast.from_pretrained(tokenizer)
    trainer = trainer_class(
        model=_tiny(tmp_path / "model", model_class, max_length, **more),
        args=config_class(**settings),
        train_dataset=data,
        processing_class=loaded,
    )
    tokens = sorted(map(_tokens, trainer.train_dataset))
    assert len(tokens) == each.rows() > 1
    assert tokens[-1] == each.lengths.quantile("whole", 1.0) < max_length
    assert tokens[(len(tokens) - 1) // 2] == each.lengths.quantile("whole", 0.5)
    assert trainer.train().global_step == 2


def _tokens(row: dict[str, Any]) -> int:
    """The tokens of a row as a trainer prepared it."""
    if "input_ids" in row:
        return len(row["input_ids"])
    if "prompt_ids" not in row:
        return max(len(row["chosen_ids"]), len(row["rejected_ids"]))
    sides = [
        row[f"{side}_ids"] for side in ("chosen", "rejected", "completion") if f"{side}_ids" in row
    ]
    return len(row["prompt_ids"]) + max(map(len, sides))


def test_without_a_max_length_of_its_own_a_trainer_loses_rows(
    trained_on: ExportResult, tokenizer: Path, tmp_path: Path
) -> None:
    name = "dpo_reasoning_sequential"
    data = load_dataset(str(trained_on.out), name, split="train", cache_dir=str(tmp_path))
    trainer = DPOTrainer(
        model=_tiny(tmp_path / "model", LlamaForCausalLM, 1024),
        args=DPOConfig(**_settings(tmp_path, 1024)),
        train_dataset=data,
        processing_class=PreTrainedTokenizerFast.from_pretrained(tokenizer),
    )
    assert len(trainer.train_dataset) < len(data)


def test_tasks_are_trained_on_with_the_rewards_of_the_export(
    logs: Path, tokenizer: Path, tmp_path: Path
) -> None:
    build(logs, tmp_path / "out", splits=(1, 0, 0), attempts=True, audit=True)
    hub = published(export(tmp_path / "out", tmp_path / "hub", configs=["rlvr"]))
    data = load_dataset(str(hub), "rlvr", split="train", cache_dir=str(tmp_path))
    constraint_reward = runpy.run_path(str(hub / "reward.py"))["constraint_reward"]
    solved = data.filter(lambda row: row["reference_artifact"] is not None)
    answers = [
        [{"role": "assistant", "content": f'Artifact: "{artifact}"'}]
        for artifact in solved["reference_artifact"]
    ]
    asked = {"prompts": solved["prompt"], "completions": answers, "checks": solved["checks"]}
    assert constraint_reward(**asked) == [1.0] * len(solved) != []
    settings = _settings(tmp_path, 1024)
    del settings["max_length"]
    trainer = GRPOTrainer(
        model=_tiny(tmp_path / "model", LlamaForCausalLM, 16_384),
        reward_funcs=constraint_reward,
        args=GRPOConfig(**settings, num_generations=2, max_completion_length=8),
        train_dataset=data.filter(lambda row: len(row["checks"]) > 0),
        processing_class=PreTrainedTokenizerFast.from_pretrained(tokenizer),
    )
    assert trainer.train().global_step == 2
    rewards = [log.get("rewards/constraint_reward/mean") for log in trainer.state.log_history]
    assert rewards[:2] == [0.0, 0.0]
