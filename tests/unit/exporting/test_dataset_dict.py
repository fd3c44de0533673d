"""What `to_datasets` hands out is what the files hold; .ci/run runs these with the library."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, UsageError, build, export, iter_rows, to_datasets
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.front_matter import read_front_matter
from botcoin_dpo.exporting.columns import encoder, pair_columns
from botcoin_dpo.exporting.tables import TableFormat
from tests.builders import ROOT, recovery, write_log

CONFIGS = ["dpo_chat_sequential", "kto_reasoning", "pairs_sequential"]


def needs_datasets() -> Any:
    return pytest.importorskip(
        "datasets", reason="datasets is not installed (the extra datasets); .ci/run installs it"
    )


@pytest.fixture
def built(tmp_path: Path) -> Path:
    records = [
        record
        for number in range(9)
        for record in recovery(f"0x{number}", number=number, challenge_domain="2024-01-01")
    ]
    write_log(tmp_path / "logs/a.jsonl", records)
    pairs = ("sequential", "bookend")
    build(tmp_path / "logs", tmp_path / "out", pairs=pairs, splits=(0.5, 0.3, 0.2))
    return tmp_path / "out"


@pytest.fixture
def hub(built: Path) -> Path:
    export(built, built.parent / "hub", configs=CONFIGS, format="jsonl")
    return built.parent / "hub"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec("datasets") is not None:
        monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")


@pytest.mark.parametrize("table_format", ["parquet", "jsonl"])
def test_an_export_is_what_its_files_hold(built: Path, table_format: TableFormat) -> None:
    datasets = needs_datasets()
    folder = built.parent / "an export [1]"
    result = export(built, folder, configs=CONFIGS, format=table_format)
    export(built, built.parent / "lines", configs=CONFIGS, format="jsonl")
    for each in result.configs:
        name = each.config.name
        loaded = to_datasets(folder, name)
        assert isinstance(loaded, datasets.DatasetDict)
        assert list(loaded) == [split for split in SPLITS if each.rows(split)]
        for split, data in loaded.items():
            lines = sorted((built.parent / "lines" / name).glob(f"{split}-*"))
            assert data.split == split
            assert list(data) == [
                json.loads(line) for path in lines for line in path.read_bytes().splitlines()
            ]
        [card] = [
            datasets.Features._from_yaml_list(entry["features"])
            for entry in read_front_matter(folder)["dataset_info"]
            if entry["config_name"] == name
        ]
        assert loaded["train"].features == card
    first = to_datasets(folder, CONFIGS[0])["train"]
    assert to_datasets(folder)["train"].features == first.features


def test_a_build_gives_a_pair_type_with_every_field_of_its_rows(built: Path) -> None:
    needs_datasets()
    encode = encoder(pair_columns())
    assert encode is not None
    loaded = to_datasets(str(built), "bookend")
    rows = [
        encode(row) for row in iter_rows(built) if row["pair_annotations"]["pair_type"] == "bookend"
    ]
    assert len(rows) == 9
    assert len(loaded) > 1
    assert [row for split in loaded.values() for row in split] == rows
    first = to_datasets(built)
    kinds = {notes["pair_type"] for notes in first["train"]["pair_annotations"]}
    assert kinds == {"sequential"}


def test_a_folder_that_was_replaced_is_read_again(built: Path, hub: Path) -> None:
    needs_datasets()
    before = to_datasets(hub, "kto_reasoning")["train"].num_rows
    write_log(
        built.parent / "logs/b.jsonl", [r for n in range(9) for r in recovery(f"0xb{n}", number=n)]
    )
    build(built.parent / "logs", built, overwrite=True)
    export(built, hub, format="jsonl", overwrite=True)
    assert to_datasets(hub, "kto_reasoning")["train"].num_rows > before


def test_a_row_that_does_not_fit_is_told_with_its_place(hub: Path) -> None:
    needs_datasets()
    [path] = (hub / "kto_reasoning").glob("train-*")
    path.write_bytes(path.read_bytes() + b'{"prompt": 1}\n')
    with pytest.raises(InputError, match=rf"kto_reasoning/{path.name}:\d+: does not fit the card"):
        to_datasets(hub, "kto_reasoning")


def test_a_row_that_is_missing_is_noticed(built: Path, hub: Path) -> None:
    needs_datasets()
    [path] = (hub / "kto_reasoning").glob("train-*")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    with pytest.raises(InputError, match=r"train has \d+ rows instead of \d+; see botcoin"):
        to_datasets(hub, "kto_reasoning")
    [path] = (built / "sequential").glob("train-*")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    with pytest.raises(InputError, match=r"train has \d+ rows instead of \d+"):
        to_datasets(built)


def test_damaged_parquet_is_told_in_one_line(built: Path) -> None:
    needs_datasets()
    hub = built.parent / "tables"
    export(built, hub, configs=["kto_reasoning"])
    [path] = (hub / "kto_reasoning").glob("train-*")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match=rf"kto_reasoning/{path.name}: cannot be read; see"):
        to_datasets(hub)


def test_without_the_library_the_extra_is_named(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(UsageError) as caught:
        to_datasets(hub)
    advice = f"to_datasets: needs datasets; run pip install '.[datasets]' in {ROOT}"
    assert str(caught.value) == advice


@pytest.mark.parametrize(
    ("path", "config", "error", "message"),
    [
        ("", None, UsageError, "path: the path is empty"),
        ("hf://datasets/a/b", None, UsageError, "URLs and object storage are not supported"),
        ("none", None, InputError, "none: neither an export nor a build"),
        ("logs", None, InputError, "logs: neither an export nor a build"),
        ("hub", "x", UsageError, "config x: no such config; choose from dpo_chat_sequential, "),
        ("out", "x", UsageError, "config x: no such pair type; choose from sequential, bookend"),
    ],
)
def test_what_cannot_be_loaded_is_told(
    hub: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    config: str | None,
    error: type[Exception],
    message: str,
) -> None:
    monkeypatch.chdir(hub.parent)
    with pytest.raises(error, match=message):
        to_datasets(path, config)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("split: train", "split: dev"),
        ("features:", "columns:"),
        ("num_examples: ", "num_examples: many "),
        ("dtype: string", "dtype: image"),
        ("path: kto_reasoning/", "path: ../"),
    ],
)
def test_a_card_that_describes_no_export_is_refused(hub: Path, old: str, new: str) -> None:
    card = hub / "README.md"
    card.write_text(card.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=r"its card (does not describe|lists other splits)"):
        to_datasets(hub, "kto_reasoning")
