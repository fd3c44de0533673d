"""What a card tells trainers other than TRL, and what LLaMA-Factory finds."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, export, simulate
from botcoin_dpo.exporting import tables
from botcoin_dpo.exporting.card.recipes import RECIPES
from tests.builders import published


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    simulate(folder / "logs", challenges=6, miners=4, seed=4)
    build(folder / "logs", folder / "out", attempts=True, audit=True, splits=(1, 0, 0))
    return folder / "out"


def card_and_entries(hub: Path) -> tuple[str, dict[str, dict[str, str]]]:
    entries = json.loads((hub / "dataset_info.json").read_bytes())
    return (hub / "README.md").read_text().partition("## Other trainers")[2], entries


def test_each_recipe_stands_where_its_config_is(built: Path, tmp_path: Path) -> None:
    card, _ = card_and_entries(published(export(built, tmp_path / "hub", format="jsonl")))
    assert [recipe.trainer for recipe in RECIPES] == re.findall(r"^### (.+)$", card, re.M)
    assert not re.search(r"\b(?:FOLDER|FILE|FILES|CONFIG|SPLIT|LENGTH|REWARD)\b", card)
    options: dict[str, Any] = {
        "format": "jsonl",
        "configs": ["dpo_chat_sequential"],
        "overwrite": True,
    }
    card, entries = card_and_entries(published(export(built, tmp_path / "hub", **options)))
    assert (re.findall(r"^### (.+)$", card, re.M), entries) == (["axolotl"], {})
    options["configs"] = ["grpo_reasoning"]
    card, _ = card_and_entries(published(export(built, tmp_path / "hub", **options)))
    assert card == ""


def test_no_file_of_a_split_is_left_out(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_GROUP_BYTES", 30_000)
    monkeypatch.setattr(tables, "_FILE_BYTES", 60_000)
    hub = published(export(built, tmp_path / "hub", format="jsonl"))
    card, entries = card_and_entries(hub)
    named = re.search(r"^dataset: (\S+)", card, re.M)
    assert named is not None
    names = named[1].split(",")
    assert len(names) > 1
    read = {entries[name]["file_name"] for name in names}
    assert read == {f"dpo_reasoning_sequential/{path.name}" for path in
                    (hub / "dpo_reasoning_sequential").iterdir()}  # fmt: skip
    for trainer, config in (("NeMo RL", "dpo_reasoning"), ("torchtune", "dpo_messages")):
        section = card.partition(f"### {trainer}\n")[2].partition("###")[0]
        [pattern] = re.findall(r"path/to/this/folder/(\S+\*\S+)", section)
        assert {*hub.glob(pattern)} == {*(hub / f"{config}_sequential").iterdir()}
    for trainer, config in (("ms-swift", "dpo_messages_sequential"), ("verl", "verl_rlvr")):
        section = card.partition(f"### {trainer}\n")[2].partition("###")[0]
        listed = {*re.findall(rf"path/to/this/folder/({config}/[\w.-]+)", section)}
        assert {hub / path for path in listed} == {*(hub / config).iterdir()}


def test_messages_with_traces_apart_are_not_listed(built: Path, tmp_path: Path) -> None:
    hub = published(export(built, tmp_path / "hub", format="jsonl", thinking="thinking"))
    _, entries = card_and_entries(hub)
    assert "sft_reasoning_train" in entries
    assert not [name for name in entries if name.startswith("sft_messages")]
    card = (hub / "README.md").read_text()
    assert "For axolotl, ms-swift, torchtune, export with `--thinking inline`." in card
    assert "### axolotl" not in card and "### OpenRLHF" in card
    for entry in entries.values():
        assert (hub / entry["file_name"]).is_file()


def test_a_card_says_what_other_trainers_need(built: Path, tmp_path: Path) -> None:
    hub = published(export(built, tmp_path / "hub", format="jsonl", configs="dpo_chat_sequential"))
    card, _ = card_and_entries(hub)
    assert "For LLaMA-Factory, OpenRLHF, NeMo RL, export `dpo_reasoning_*` as well." in card
    assert "For verl, export `verl_rlvr` as well." in card
