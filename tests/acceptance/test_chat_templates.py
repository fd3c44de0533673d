"""Chat templates that TRL ships: examples come through whole, or the export warns by name.

Needs the extra `trainers`. What is right is decided here by plain search in the rendered text.
"""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl", reason="TRL is not installed (the extra trainers); .ci/run installs it")

from datasets import load_dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer

from botcoin_dpo import build
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.exporting.thinking import THINKING_STYLES, ThinkingStyle
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import published

pytestmark = pytest.mark.timeout(120)

CONFIGS = ("dpo_chat_sequential", "sft_revision")
TEMPLATES = {
    file.name.removesuffix(".jinja"): file.read_text(encoding="utf-8")
    for file in sorted((files("trl") / "chat_templates").iterdir(), key=lambda file: file.name)
    if file.name.endswith(".jinja")
}
THINKING = [
    name
    for name, text in TEMPLATES.items()
    if "think" in text.lower() or "reasoning" in text.lower()
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    simulate(folder / "logs", challenges=3, miners=2, files=1, seed=5)
    build(folder / "logs", folder / "out", splits=(1, 0, 0))
    return folder / "out"


@pytest.fixture(scope="module")
def tokenizer(built: Path) -> PreTrainedTokenizerFast:
    """A small byte-level tokenizer, trained on the spot."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000,
        special_tokens=["<s>", "</s>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([path.read_text() for path in built.glob("*/*.jsonl")], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )


@pytest.fixture(scope="module")
def exports(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[ThinkingStyle, ExportResult]:
    """An export in each style, whatever a template makes of it."""
    folder = tmp_path_factory.mktemp("exported")
    return {
        style: export(built, folder / style, configs=CONFIGS, thinking=style)
        for style in THINKING_STYLES
    }


def _loaded(exported: ExportResult, config: str, folder: Path) -> list[dict[str, Any]]:
    data = load_dataset(str(published(exported)), config, split="train", cache_dir=str(folder))
    return list(data)


@pytest.fixture(scope="module")
def examples(
    exports: dict[ThinkingStyle, ExportResult], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, ThinkingStyle], list[dict[str, Any]]]:
    cache = tmp_path_factory.mktemp("cache")
    return {
        (config, style): _loaded(exported, config, cache / style)
        for style, exported in exports.items()
        for config in CONFIGS
    }


def _trace_and_answer(message: dict[str, Any], style: str) -> tuple[str, str]:
    if style != "inline":
        return message[style], message["content"]
    head, trace, answer = re.split("</?think>", message["content"])
    assert head == "" and answer.startswith("\n\nArtifact: ")
    return trace.strip(), answer.strip()


def _is_right(row: dict[str, Any], style: str, tokenizer: PreTrainedTokenizerFast) -> bool:
    """Return whether the rendered text has everything in its place, by plain search."""
    sides = [row[name] for name in ("chosen", "rejected", "completion") if name in row]
    for side in sides:
        try:
            before = tokenizer.apply_chat_template(
                row["prompt"], tokenize=False, add_generation_prompt=True
            )
            whole = tokenizer.apply_chat_template(row["prompt"] + side, tokenize=False)
        except Exception:
            return False
        trace, answer = _trace_and_answer(side[0], style)
        learned = whole.removeprefix(before)
        opened = before.rstrip().endswith("<think>") + learned.count("<think>")
        if (
            learned == whole
            or learned.count(trace) != 1
            or answer not in learned.partition(trace)[2]
            or opened > 1
            or learned.count("</think>") > 1
        ):
            return False
        for message in row["prompt"]:
            wanted = message["content"].strip()
            if message["role"] == "assistant":
                wanted = _trace_and_answer(message, style)[0]
            if before.count(wanted) != 1:
                return False
    return True


@pytest.mark.parametrize("name", THINKING)
def test_a_template_is_right_or_warned_of(
    name: str,
    built: Path,
    tokenizer: PreTrainedTokenizerFast,
    examples: dict[tuple[str, ThinkingStyle], list[dict[str, Any]]],
    tmp_path: Path,
) -> None:
    tokenizer.chat_template = TEMPLATES[name]
    tokenizer.save_pretrained(tmp_path / name)
    right = {
        key: all(_is_right(row, key[1], tokenizer) for row in rows)
        for key, rows in examples.items()
    }
    # It has a place for traces, and think tags are nothing to it.
    has_own_place = "<think>" not in TEMPLATES[name] and right[CONFIGS[0], "reasoning_content"]
    for style in THINKING_STYLES:
        result = export(
            built,
            tmp_path / style,
            configs=CONFIGS,
            tokenizer=str(tmp_path / name),
            thinking=style,
        )
        for config in CONFIGS:
            warnings = [
                warning
                for warning in result.warnings
                if warning.startswith(f"{config}: the chat template of {name} ")
            ]
            is_right = right[config, style] and not (style == "inline" and has_own_place)
            assert len(warnings) == (not is_right), (style, config)
            for other in THINKING_STYLES:
                if any(warning.endswith(f"export with --thinking {other}") for warning in warnings):
                    assert right[config, other]
        assert all(name in warning for warning in result.warnings)


def test_the_templates_that_are_known_to_be_wrong_are_among_them() -> None:
    known = {"deepseek_r1_distill", "deepseekv3", "gptoss", "qwen3_8", "qwen3_5_nothink", "qwen3"}
    assert known <= set(THINKING)


@pytest.mark.parametrize("style", THINKING_STYLES)
def test_a_trainer_learns_trace_and_answer_in_every_style(
    style: ThinkingStyle,
    exports: dict[ThinkingStyle, ExportResult],
    tokenizer: PreTrainedTokenizerFast,
    tmp_path: Path,
) -> None:
    tokenizer.chat_template = TEMPLATES["qwen3"]
    config = "dpo_chat_sequential"
    data = load_dataset(str(published(exports[style])), config, split="train", cache_dir=tmp_path)
    settings = {"max_steps": 1, "max_length": 16_384, "per_device_train_batch_size": 1}
    model = LlamaConfig(
        vocab_size=1000,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
    )
    LlamaForCausalLM(model).save_pretrained(tmp_path / "model")
    trainer = DPOTrainer(
        model=str(tmp_path / "model"),
        args=DPOConfig(
            output_dir=str(tmp_path / "run"),
            use_cpu=True,
            bf16=False,
            report_to=[],
            save_strategy="no",
            **settings,
        ),
        train_dataset=data,
        processing_class=tokenizer,
    )
    for row, original in zip(trainer.train_dataset, data, strict=True):
        for side in ("chosen", "rejected"):
            trace, answer = _trace_and_answer(original[side][0], style)
            learned = tokenizer.decode(row[f"{side}_ids"])
            assert learned.startswith(f"<think>\n{trace}\n</think>\n\n{answer}")
    assert trainer.train().global_step == 1
