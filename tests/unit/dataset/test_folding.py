"""Folds over the rows of a dataset, wherever its segments are read."""

from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from botcoin_dpo import InputError, build
from botcoin_dpo.auditing import auditor
from botcoin_dpo.auditing.result import AuditResult
from botcoin_dpo.constraints.kinds import KINDS
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.reading import StoredRow, read_row, read_rows
from botcoin_dpo.engines.processes import Processes
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.files import segments
from botcoin_dpo.html_report.overview import Overview
from botcoin_dpo.statistics import stats
from botcoin_dpo.statistics.dataset_statistics import DatasetStatistics
from botcoin_dpo.viewing import catalogue
from tests import builders
from tests.builders import recovery, write_log


class Places:
    """Where rows lie, in order."""

    def __init__(self, start: int) -> None:
        self.number = start
        self.places: list[tuple[int, int, int]] = []

    def add(self, stored: StoredRow) -> None:
        self.number += 1
        self.places.append((stored.file, stored.offset, stored.size))

    def merge(self, other: "Places") -> None:
        self.number += other.number
        self.places += other.places


PLACES = Fold(partial(Places, 0), Places.add)


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("folding")
    write_log(folder / "logs.jsonl", recovery())
    build(folder / "logs.jsonl", folder / "out")
    [made] = builders.read_rows(folder / "out")
    return made


@pytest.fixture
def files(
    row: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Path, str]]:
    """Two files, of which one has several segments."""
    line = orjson.dumps(row) + b"\n"
    monkeypatch.setattr(segments, "BLOCK", len(line) + 1)
    (tmp_path / "a.jsonl").write_bytes(line * 3)
    (tmp_path / "b.jsonl").write_bytes(b"\n" + line)
    return [(tmp_path / name, name) for name in ("a.jsonl", "b.jsonl")]


def test_states_of_segments_are_merged_in_order(
    files: list[tuple[Path, str]], row: dict[str, Any]
) -> None:
    folded = RowFiles(files).fold(PLACES, SingleProcess(), None, "counting")
    size = len(orjson.dumps(row))
    expected = [(0, 0, size), (0, size + 1, size), (0, 2 * size + 2, size), (1, 1, size)]
    assert (folded.number, folded.places) == (4, expected)
    assert all(read_row(files[file][0], start, size) == row for file, start, size in expected)


def test_each_segment_starts_with_a_state_of_its_own(files: list[tuple[Path, str]]) -> None:
    states = RowFiles(files).fold_segments(PLACES, SingleProcess(), None, "counting")
    assert [each.number for each in states] == [2, 1, 0, 1]


def test_bytes_read_are_reported(files: list[tuple[Path, str]]) -> None:
    reports: list[tuple[str, int, int]] = []

    def report(*progress: Any) -> None:
        reports.append(progress)

    rows = RowFiles(files)
    rows.fold(PLACES, SingleProcess(), report, "counting")
    assert rows.size == sum(path.stat().st_size for path, _ in files)
    assert reports[-1] == ("counting", rows.size, rows.size)


@pytest.mark.parametrize("line", [b"{", b"[]", b"{}"])
def test_the_place_of_what_is_no_row_is_told(files: list[tuple[Path, str]], line: bytes) -> None:
    path, _ = files[0]
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(InputError, match=r"a\.jsonl:4: not a valid row; see botcoin-dpo validate"):
        RowFiles(files).fold(PLACES, SingleProcess(), None, "counting")


@pytest.mark.parametrize(
    "fold",
    [
        Fold(DatasetStatistics, partial(stats._count_row, kinds=KINDS)),
        Fold(partial(AuditResult, 5), partial(auditor._add_row, kinds=KINDS)),
        catalogue._ENTRIES,
        Fold(partial(Overview, 5), Overview.add),
    ],
    ids=["statistics", "audit", "catalogue", "report"],
)
def test_folds_of_commands_run_in_another_interpreter(
    files: list[tuple[Path, str]], fold: Fold[Any]
) -> None:
    here = list(RowFiles(files).fold_segments(fold, SingleProcess(), None, "counting"))
    engine = Processes(2, start="forkserver")
    there = list(RowFiles(files).fold_segments(fold, engine, None, "counting"))
    assert len(here) == 4
    assert list(map(_plain, there)) == list(map(_plain, here))


def _plain(state: Any) -> Any:
    if isinstance(state, Overview):
        return state.statistics.as_json(), state.sample, state.signs
    return state.as_json() if hasattr(state, "as_json") else state


def test_rows_are_read_with_their_lines(files: list[tuple[Path, str]]) -> None:
    path, name = files[1]
    path.write_bytes(path.read_bytes() + b"7\n\n{}")
    found = [(stored.line, stored.problem) for stored in read_rows(path, name)]
    assert found == [(2, None), (3, "not an object"), (5, None)]
