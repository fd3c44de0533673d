"""What is wrong with an exported folder is found and named."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from botcoin_dpo import build, validate
from botcoin_dpo.errors import InputError
from botcoin_dpo.exporting.exporter import export
from tests.builders import recovery, write_log


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    told = {"constraints_passed_shown": 2, "constraints_total_shown": 3}
    records = []
    for number in range(40):
        first, second = recovery(f"0x{number:02x}", number=number)
        records += [first, second | {"feedback_shown": told}]
    write_log(folder / "logs/a.jsonl", records)
    build(folder / "logs", folder / "out", splits=(0.5, 0.3, 0.2))
    export(folder / "out", folder / "hub", format="jsonl")
    return folder / "hub"


@pytest.fixture
def copy(hub: Path, tmp_path: Path) -> Path:
    shutil.copytree(hub, tmp_path / "hub")
    return tmp_path / "hub"


def _edit_card(old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / "README.md"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return edit


def _move_row(config: str) -> Callable[[Path], None]:
    """Put a row of the validation split of a config into train as well."""

    def edit(folder: Path) -> None:
        [train] = folder.glob(f"{config}/train-*")
        [other] = folder.glob(f"{config}/validation-*")
        line = other.read_text().splitlines(keepends=True)[0]
        train.write_text(train.read_text() + line)

    return edit


def _first_row(**changes: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        [path] = folder.glob("kto_reasoning/train-*")
        first, *rest = path.read_text().splitlines(keepends=True)
        path.write_text(json.dumps(json.loads(first) | changes) + "\n" + "".join(rest))

    return edit


@pytest.mark.parametrize(
    ("damage", "rules"),
    [
        (_edit_card("license: other\n", ""), {"card"}),
        (_edit_card("  default: true\n", ""), {"card"}),
        (_edit_card("- config_name: kto_reasoning", "- config_name: kto"), {"card"}),
        (_edit_card("    path: sft_reasoning/train-*", "    path: ../train-*"), {"card"}),
        (_edit_card("dataset_info:", "dataset_facts:"), {"card"}),
        (_edit_card("    dtype: float64", "    dtype: int64"), {"features"}),
        (_edit_card("  - name: example_type\n    dtype: string\n", ""), {"features"}),
        (_edit_card("    num_examples: ", "    num_examples: 9"), {"example_count"}),
        (_first_row(label="yes"), {"features"}),
        (_first_row(more=1), {"features"}),
        (_move_row("sft_reasoning"), {"split_leak", "example_count"}),
        (lambda folder: next(folder.glob("sft_revision/test-*")).unlink(), {"missing_file"}),
        (lambda folder: (folder / "notes.txt").write_text("x"), {"unlisted_file"}),
        (
            lambda folder: next(folder.glob("sft_revision/test-*")).write_text("{\n"),
            {"malformed_row", "example_count"},
        ),
    ],
)
def test_damage_is_named(copy: Path, damage: Callable[[Path], None], rules: set[str]) -> None:
    assert validate(copy).is_valid
    damage(copy)
    assert set(validate(copy).counts) == rules


@pytest.mark.parametrize("config", ["dpo_messages_sequential", "sft_messages"])
def test_documents_in_whole_conversations_are_compared(
    hub: Path, tmp_path: Path, config: str
) -> None:
    """Where no other config is there that holds them."""
    export(hub.parent / "out", tmp_path / "hub", configs=(config,), format="jsonl")
    _move_row(config)(tmp_path / "hub")
    assert set(validate(tmp_path / "hub").counts) == {"split_leak", "example_count"}


def test_rows_and_files_are_counted(hub: Path) -> None:
    result = validate(hub)
    files = list(hub.glob("*/*.jsonl"))
    assert result.files == len(files) > 20
    assert result.rows == sum(path.read_bytes().count(b"\n") for path in files)


def test_damage_of_parquet_is_named(hub: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip(
        "pyarrow.parquet", reason="pyarrow is not installed (the extra parquet)"
    )
    import pyarrow as pa

    out = tmp_path / "hub"
    export(hub.parent / "out", out)
    assert validate(out).is_valid
    [path] = out.glob("grpo_reasoning/train-*")
    table = parquet.read_table(path)
    parquet.write_table(table.slice(1), path)
    assert set(validate(out).counts) == {"example_count"}
    rewards = table.schema.get_field_index("reward")
    parquet.write_table(
        table.set_column(rewards, "reward", table["reward"].cast(pa.string())), path
    )
    assert set(validate(out).counts) == {"features"}
    path.write_bytes(path.read_bytes()[:-100])
    assert set(validate(out).counts) == {"malformed_row", "example_count"}


@pytest.mark.parametrize(
    "head",
    [
        "tags: " + "[" * 100_000 + "]" * 100_000,
        "a: &a {x: 1}\nb: {<<: [*a, *a]}",
        "a: &a [{name: x, list: *a}]",
        "a: !!bool x",
        "a: !!timestamp x",
    ],
)
def test_a_hostile_head_is_refused_in_one_line(tmp_path: Path, head: str) -> None:
    (tmp_path / "README.md").write_text(f"---\ntags: [botcoin-dpo]\n{head}\n---\n")
    with pytest.raises(InputError, match="nor the card of an export"):
        validate(tmp_path)


@pytest.mark.parametrize(
    "entry",
    [
        "configs: [{config_name: a, data_files: [{split: train, path: .}]}]",
        "configs: [{config_name: a, data_files: [{split: train, path: ./}]}]",
        "configs: [{config_name: a, data_files: [{split: train, path: '**/**'}]}]",
        f"configs: [{{config_name: a, data_files: [{{split: train, path: {'a' * 5000}}}]}}]",
        "configs: [{config_name: a, data_files: [{split: 1, path: a/b}]}]",
        "configs: 7",
        "configs: []\ndataset_info: [{config_name: a, features: [], splits: "
        "[{name: train, num_examples: .inf}]}]",
        "configs: []\ndataset_info: [{config_name: a, features: [{name: x, dtype: string}, "
        "{name: x, dtype: string}], splits: []}]",
    ],
)
def test_hostile_entries_are_findings(tmp_path: Path, entry: str) -> None:
    (tmp_path / "README.md").write_text(f"---\ntags: [botcoin-dpo]\n{entry}\n---\n")
    assert "card" in validate(tmp_path).counts


def test_what_is_no_file_is_not_read(copy: Path) -> None:
    [path] = copy.glob("sft_reasoning/train-*")
    path.unlink()
    os.mkfifo(path)
    assert "missing_file" in validate(copy).counts
    (copy / "README.md").unlink()
    os.mkfifo(copy / "README.md")
    with pytest.raises(InputError):
        validate(copy)


def test_what_a_clone_of_the_hub_has_beside_is_no_finding(copy: Path) -> None:
    (copy / ".gitattributes").write_text("*.parquet filter=lfs")
    (copy / ".git").mkdir()
    (copy / ".git/config").write_text("")
    assert validate(copy).is_valid


@pytest.mark.parametrize("head", ["", "---\n- a\n---\n", "---\n'\n---\n", "---\na: [\n---\n"])
def test_a_folder_that_is_neither_build_nor_export_is_refused(tmp_path: Path, head: str) -> None:
    (tmp_path / "README.md").write_text(head + "# A card\n")
    with pytest.raises(InputError, match="name a built or exported folder"):
        validate(tmp_path)
