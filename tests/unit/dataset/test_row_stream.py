"""Rows are read back in order, one at a time, and checked."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from botcoin_dpo import InputError, UsageError, build, iter_rows, show
from botcoin_dpo.viewing.show import PairList
from tests.builders import recovery, write_log


@pytest.fixture
def built(tmp_path: Path) -> Path:
    write_log(tmp_path / "logs/a.jsonl", [r for n in range(9) for r in recovery(f"0x{n}")])
    build(tmp_path / "logs", tmp_path / "out", pairs=("sequential", "bookend"))
    return tmp_path / "out"


def shards(out: Path) -> list[Path]:
    manifest = json.loads((out / "manifest.json").read_bytes())
    return [out / shard["path"] for shard in manifest["shards"]]


def test_all_rows_come_as_the_files_have_them(built: Path) -> None:
    lines = [line for path in shards(built) for line in path.read_bytes().splitlines()]
    assert len(lines) == 18
    assert list(iter_rows(str(built))) == [json.loads(line) for line in lines]
    [first, *_] = shards(built)
    assert list(iter_rows(first)) == [json.loads(each) for each in first.read_bytes().splitlines()]


def test_the_nth_row_is_the_nth_pair_of_show(built: Path) -> None:
    listed = show(built)
    assert isinstance(listed, PairList)
    assert [row["challenge_id"] for row in iter_rows(built)] == [
        each.facts.challenge_id for each in listed.listed
    ]


def test_one_row_is_read_at_a_time(built: Path) -> None:
    [first, *_] = shards(built)
    first.write_bytes(first.read_bytes() + b"no row\n")
    rows = iter_rows(first)
    assert isinstance(rows, Iterator)
    assert next(rows)["challenge_id"]
    with pytest.raises(InputError, match=rf"{first.name}:\d+: not a valid row; see "):
        list(rows)


def test_counts_are_integers_as_everywhere(built: Path) -> None:
    [first, *_] = shards(built)
    row = next(iter_rows(first))
    row["pair_annotations"]["constraint_flips"]["stayed_pass"] = [0.0]
    first.write_text(json.dumps(row) + "\n", encoding="utf-8")
    [read] = iter_rows(first)
    assert repr(read["pair_annotations"]["constraint_flips"]["stayed_pass"]) == "[0]"


def test_a_row_that_does_not_fit_its_schema_is_refused(built: Path) -> None:
    [first, *_] = shards(built)
    row = next(iter_rows(first))
    del row["chosen"]
    first.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=":1: not a valid row"):
        next(iter_rows(first))


def test_a_missing_file_of_a_build_is_no_end_of_its_rows(built: Path) -> None:
    shards(built)[-1].unlink()
    with pytest.raises(InputError, match="no such file"):
        list(iter_rows(built))


def test_a_build_that_is_replaced_meanwhile_is_noticed(built: Path) -> None:
    rows = iter_rows(built)
    next(rows)
    os.utime(built / "manifest.json", ns=(1, 1))
    with pytest.raises(InputError, match="changed while it was read; try again"):
        list(rows)
    rows = iter_rows(built)
    next(rows)
    rows.close()  # type: ignore[attr-defined]  # who stops early is told nothing


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("", UsageError, "path: the path is empty"),
        ("s3://bucket/out", UsageError, "URLs and object storage are not supported"),
        ("none", InputError, "none: no such file or folder; build first"),
        ("logs", InputError, "logs: not a built folder; build the logs first"),
        ("-", InputError, "-: rows are read more than once; name a file"),
    ],
)
def test_what_cannot_be_read_is_told_at_once(
    built: Path, monkeypatch: pytest.MonkeyPatch, path: str, error: type[Exception], message: str
) -> None:
    monkeypatch.chdir(built.parent)
    with pytest.raises(error, match=message):
        iter_rows(path)
