"""Numbers about the texts that are trained on, against the rows that an export writes."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from statistics import median_low
from typing import Any

import orjson
import pytest

from botcoin_dpo import build
from botcoin_dpo.exporting.answer_text import answer_of, word_overlap
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.label_weights import suggested_weights
from botcoin_dpo.exporting.prompt_counts import PromptCounts
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.exporting.shortcuts import Shortcut
from botcoin_dpo.exporting.text_statistics import TextStatistics
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import attempt, extract, published, run, write_log

PAIR = {"prompt": "Q", "chosen": "<think>\na\n</think>\nx", "rejected": "<think>\na\n</think>\ny"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> ExportResult:
    folder = tmp_path_factory.mktemp("texts")
    simulate(folder / "logs", challenges=12, miners=5, seed=8)
    pairs = ["sequential", "cross_session"]
    build(folder / "logs", folder / "out", pairs=pairs, attempts=True, splits=(0.6, 0.2, 0.2))
    return export(folder / "out", folder / "hub", format="jsonl")


def rows_of(result: ExportResult, config: str, split: str = "*") -> list[dict[str, Any]]:
    files = sorted((published(result) / config).glob(f"{split}-*.jsonl"))
    return [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]


def texts_of(result: ExportResult, config: str) -> dict[str, Any]:
    configs = json.loads(json.dumps(result.as_json()))["configs"]
    texts: dict[str, Any] = next(each["texts"] for each in configs if each["config"] == config)
    return texts


def said(content: Any) -> str:
    text: str = content if isinstance(content, str) else content[-1]["content"]
    return text


@pytest.mark.parametrize(
    "config", ["dpo_reasoning_sequential", "dpo_chat_cross_session", "reward_reasoning"]
)
def test_pairs_are_counted_as_their_rows_are(hub: ExportResult, config: str) -> None:
    sides = [(said(row["chosen"]), said(row["rejected"])) for row in rows_of(hub, config)]
    found = texts_of(hub, config)["pairs"]
    assert found["count"] == len(sides) > 5
    assert found["longer"]["chosen"] == sum(len(chosen) > len(other) for chosen, other in sides)
    steps = [tuple(side.count("\n> ") for side in pair) for pair in sides]
    for rule, numbers in (
        ("longer", [(len(chosen), len(other)) for chosen, other in sides]),
        ("more_steps", steps),
    ):
        points = sum(1 if one > other else 0.5 if one == other else 0 for one, other in numbers)
        assert found[rule]["accuracy"] == round(points / len(sides), 4)
    assert found["steps"]["chosen"] == median_low([chosen for chosen, _ in steps])
    overlaps = []
    for chosen, other in sides:
        words, others = set(chosen.split()), set(other.split())
        overlaps.append(round(len(words & others) / len(words | others), 3))
    assert found["word_overlap"]["median"] == median_low(overlaps)


@pytest.mark.parametrize(
    "config", ["dpo_reasoning_sequential", "reward_reasoning", "kto_reasoning", "sft_revision"]
)
def test_prompts_are_counted_as_their_rows_are(hub: ExportResult, config: str) -> None:
    prompts = Counter(
        row["prompt"] if isinstance(row["prompt"], str) else row["prompt"][0]["content"]
        for row in rows_of(hub, config)
    )
    assert texts_of(hub, config)["prompts"] == {
        "count": len(prompts),
        "examples": {"median": median_low(prompts.values()), "max": max(prompts.values())},
    }


def test_labels_are_weighed_by_those_of_the_train_split(hub: ExportResult) -> None:
    found = texts_of(hub, "kto_reasoning")["labels"]
    for split in ("train", "validation", "test"):
        labels = Counter(row["label"] for row in rows_of(hub, "kto_reasoning", split))
        assert found[split] == {"desirable": labels[True], "undesirable": labels[False]}
    train = found["train"]
    assert [found["desirable_weight"], found["undesirable_weight"]] == list(
        suggested_weights(**train) or ()
    )
    weight = found["desirable_weight"]
    card = (published(hub) / "README.md").read_text()
    assert f"KTOConfig(desirable_weight={weight:g}, undesirable_weight=1)" in card
    assert f"{train['desirable']:,} examples labelled good" in card


def test_weights_bring_labels_to_what_trl_asks_for() -> None:
    for good in range(1, 60):
        for bad in range(1, 60):
            weights = suggested_weights(good, bad)
            assert weights is not None
            assert min(weights) == 1
            ratio = weights.desirable * good / (weights.undesirable * bad)
            assert 1 - 1e-9 <= ratio <= 4 / 3 + 1e-9
    assert suggested_weights(98, 129) == (1.32, 1.0)
    assert suggested_weights(0, 5) is suggested_weights(5, 0) is None


def test_parts_that_follow_one_another_count_as_the_whole() -> None:
    chance = random.Random(4)
    for _ in range(200):
        examples = [
            (bytes([challenge]), bytes([chance.randrange(3)]))
            for challenge in range(chance.randrange(6))
            for _ in range(chance.randrange(1, 6))
        ]
        cuts = sorted(chance.randrange(len(examples) + 1) for _ in range(chance.randrange(4)))
        joined = PromptCounts()
        for start, end in zip([0, *cuts], [*cuts, len(examples)], strict=True):
            part = PromptCounts()
            for each in examples[start:end]:
                part.add(*each)
            joined.merge(part)
        assert joined.by_examples() == Counter(Counter(examples).values())


def test_statistics_of_parts_can_be_joined() -> None:
    longer = {**PAIR, "chosen": "<think>\na\nb\n</think>\nx x"}
    whole, first, second = TextStatistics(), TextStatistics(), TextStatistics()
    for part, values in ((first, PAIR), (first, longer), (second, longer)):
        for statistics in (whole, part):
            statistics.add(b"c", "train", values)
    first.merge(second)
    assert first.as_json() == whole.as_json()
    assert whole.as_json()["pairs"]["longer"] == {
        **{"chosen": 2, "rejected": 0, "equal": 1},
        "accuracy": 0.8333,
    }


@pytest.mark.parametrize(
    ("chosen", "rejected", "equal", "is_telling"),
    [
        (29, 0, 0, False),  # too few, whatever they say
        (30, 0, 0, True),
        (0, 30, 0, True),
        (20, 10, 0, False),  # 67% by chance
        (24, 6, 0, True),
        (600, 400, 0, False),
        (620, 380, 0, False),
        (640, 360, 0, True),
        (360, 640, 0, True),
        (240, 160, 600, False),  # of ties, half are right
    ],
)
def test_a_shortcut_is_told_where_chance_does_not_explain_it(
    chosen: int, rejected: int, equal: int, is_telling: bool
) -> None:
    assert Shortcut(chosen, rejected, equal).is_telling == is_telling


def with_longer_chosen(tmp_path: Path, challenges: int) -> Path:
    """Return a build whose chosen side always has more steps."""
    trace = [extract(step_id=f"e{number}") for number in range(4)]
    records = []
    for number in range(challenges):
        kwargs: dict[str, Any] = {"challenge": f"0x{number}", "number": number}
        passed = attempt(2, passed=True, **kwargs)
        passed["submission"]["reasoning_trace"] += trace
        records += [attempt(1, **kwargs), passed]
    write_log(tmp_path / "logs/a.jsonl", records)
    build(tmp_path / "logs", tmp_path / "out", splits=(1, 0, 0))
    return tmp_path / "out"


def test_each_shortcut_is_warned_of_once_for_all_configs(tmp_path: Path) -> None:
    out = with_longer_chosen(tmp_path, 30)
    made = run("export", str(out), "-o", str(tmp_path / "hub"), "--format", "jsonl", "--json")
    warnings = json.loads(made.stdout)["warnings"]
    configs = ", ".join(
        [
            *(f"dpo_{kind}_sequential" for kind in ("reasoning", "chat", "messages")),
            "reward_reasoning",
        ]
    )
    assert warnings == [
        f"the longer side is the chosen one in 100% of pairs ({configs}): a model can learn length "
        "instead of quality; see Shortcuts in README.md",
        f"the side with more steps is the chosen one in 100% of pairs ({configs}): a model can "
        "learn the number of steps instead of quality; see Shortcuts in README.md",
    ]
    assert made.returncode == 0
    assert made.stderr.splitlines() == [f"warning: {warning}" for warning in warnings]
    card = (tmp_path / "hub/README.md").read_text()
    assert [f"- **Warning**: {warning}." in card for warning in warnings] == [True, True]


def test_few_pairs_are_not_warned_of(tmp_path: Path) -> None:
    result = export(with_longer_chosen(tmp_path, 20), tmp_path / "hub", format="jsonl")
    assert result.warnings == []
    assert texts_of(result, "dpo_reasoning_sequential")["pairs"]["longer"]["accuracy"] == 1
    assert "**Warning**" not in (tmp_path / "hub/README.md").read_text()


def test_one_max_length_stands_in_card_program_and_json(hub: ExportResult) -> None:
    strings = [each for each in hub.configs if each.config.name.startswith("dpo_reasoning_")]
    most = max(each.lengths.max_length(1.0) for each in strings if each.lengths)
    assert hub.as_json()["max_length"] == most
    card = (published(hub) / "README.md").read_text()
    assert f"**`max_length={most}` keeps every pair as strings.**" in card
    assert f"max_length={most},  # keeps every row" in card


@pytest.mark.parametrize(
    ("content", "steps"),
    [
        ('<think>\n> a\n> b\n</think>\nArtifact: "x"', 2),
        ("<think>\n\n</think>\nx", 0),
        ("x\ny", 0),
        ([{"role": "assistant", "content": "<think>\n> a\n</think>\n\nx"}], 1),
        ([{"role": "user", "content": "Q"}, {"role": "assistant", "content": "x"}], 0),
    ],
)
def test_steps_are_the_lines_of_the_trace_wherever_it_stands(content: Any, steps: int) -> None:
    assert answer_of(content).steps == steps


def test_of_enormous_texts_only_the_beginning_is_compared() -> None:
    text = "a " * 600_000
    assert word_overlap(text, text + " ".join(map(str, range(1000)))) == 1
    assert word_overlap("", " ") == 1
    assert word_overlap("a b b", "b c") == pytest.approx(1 / 3)
