"""A dataset that is replaced or changed while it is read: every reader says so, no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, build, stats, validate
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.files import staging
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.viewing import catalogue
from botcoin_dpo.viewing.catalogue import open_catalogue
from tests.builders import recovery, write_log
from tests.moments import run_with

CHANGED = "changed while it was read; try again"


def show(path: Path, *, progress: Progress) -> Any:
    with open_catalogue(path, progress=progress) as pairs:
        return [pairs.row(number + 1) for number in range(len(pairs))]


def show_from_cache(path: Path, *, progress: Progress) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "_SMALL", -1)
        with open_catalogue(path, progress=progress, cache=path.parent / "cache") as pairs:
            return len(pairs)


def report_here(path: Path, *, progress: Progress) -> Any:
    return report(path, path.parent / "made.html", progress=progress)


def export_here(path: Path, *, progress: Progress) -> Any:
    return export(path, path.parent / "made", format="jsonl", progress=progress)


READERS: list[Callable[..., Any]] = [
    validate, stats, audit, show, show_from_cache, report_here, export_here,
]  # fmt: skip


def logs(folder: Path, *challenges: str) -> Path:
    write_log(folder / "a.jsonl", [r for name in challenges for r in recovery(name)])
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A build, whose files of rows are two, and other logs."""
    build(logs(tmp_path / "logs", "0x1", "0x2"), tmp_path / "out", pairs=["sequential", "bookend"])
    logs(tmp_path / "other", "0x1", "0x2", "0x3")
    return tmp_path


def at_call(number: int, act: Callable[[], object]) -> Progress:
    """Return what does something when it is told of progress for the n-th time."""
    calls = 0

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            act()

    return progress


def calls_of(read: Callable[..., Any], path: Path) -> int:
    told: list[str] = []
    read(path, progress=lambda stage, done, total: told.append(stage))
    for made in (path.parent / "made", path.parent / "cache"):
        shutil.rmtree(made, ignore_errors=True)
    (path.parent / "made.html").unlink(missing_ok=True)
    return len(told)


def replace(home: Path) -> None:
    build(home / "other", home / "out", pairs=["sequential", "bookend"], overwrite=True)


@pytest.mark.parametrize("moment", ["first", "last"])
@pytest.mark.parametrize("is_exchanged", [True, False])
@pytest.mark.parametrize("read", READERS)
def test_every_reader_notices_that_a_build_is_replaced(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    read: Callable[..., Any],
    is_exchanged: bool,
    moment: str,
) -> None:
    number = 1 if moment == "first" else calls_of(read, home / "out")
    if not is_exchanged:  # as on systems that cannot
        monkeypatch.setattr(staging, "_exchange", lambda one, other: False)
    with pytest.raises(InputError) as caught:
        read(home / "out", progress=at_call(number, lambda: replace(home)))
    assert str(caught.value) == f"{home / 'out'}: {CHANGED}"
    assert validate(home / "out").is_valid
    assert not (home / "made.html").exists()
    assert not (home / "made").exists()


@pytest.mark.parametrize("table_format", ["jsonl", "parquet"])
@pytest.mark.parametrize("moment", ["first", "last"])
def test_validate_notices_that_an_export_is_replaced(
    home: Path, table_format: Any, moment: str
) -> None:
    def replace_it() -> None:
        replace(home)
        export(home / "out", home / "hub", format=table_format, overwrite=True)

    export(home / "out", home / "hub", format=table_format)
    number = 1 if moment == "first" else calls_of(validate, home / "hub")
    with pytest.raises(InputError, match=CHANGED):
        validate(home / "hub", progress=at_call(number, replace_it))
    assert validate(home / "hub").is_valid


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(path.read_bytes())


def write_anew(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[::-1])


@pytest.mark.parametrize("act", [append, write_anew, Path.unlink])
@pytest.mark.parametrize("read", [validate, stats, show, report_here])
def test_every_reader_notices_that_a_file_of_rows_changes(
    home: Path, read: Callable[..., Any], act: Callable[[Path], object]
) -> None:
    rows = home / "rows.jsonl"
    rows.write_bytes(b"".join(path.read_bytes() for path in home.glob("out/*/*.jsonl")))
    rows.write_bytes(b"".join(sorted(set(rows.read_bytes().splitlines(keepends=True)))))
    with pytest.raises(InputError) as caught:
        read(rows, progress=at_call(calls_of(read, rows), lambda: act(rows)))
    assert str(caught.value) == f"{rows}: {CHANGED}"


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_goes_meanwhile_is_a_change(home: Path, read: Callable[..., Any]) -> None:
    def remove() -> None:
        for path in home.glob("out/*/*.jsonl"):
            path.unlink()

    try:
        read(home / "out", progress=at_call(1, remove))
    except InputError as error:
        assert "\n" not in str(error)
    else:  # it had read all of them, or finds that one is missing
        assert read in (validate, stats, audit, show_from_cache)


def test_a_log_may_grow_while_its_numbers_are_taken(home: Path) -> None:
    log = write_log(home / "growing.jsonl", recovery("0x4"))
    assert stats(log, progress=at_call(1, lambda: append(log)))


def test_what_does_not_change_is_no_change(home: Path) -> None:
    with Unchanged(home / "out"):
        (home / "out/notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="mine"), Unchanged(home / "out"):
        raise ValueError("mine")
    with pytest.raises(InputError, match=CHANGED), Unchanged(home / "out"):
        raise FileNotFoundError(2, "No such file or directory", "shard")
    with Unchanged(home / "missing"), Unchanged(Path("-")):
        pass


EXCHANGE = """
from pathlib import Path
from botcoin_dpo.files.staging import _exchange
assert _exchange(Path("out"), Path("new"))
"""


@pytest.mark.parametrize(
    ("arguments", "moment"),
    [
        ("validate out", "botcoin_dpo.validation.validate:_Validation.check_files"),
        ("validate out", "botcoin_dpo.validation.validate:_check_funnel"),
        (
            "validate out --json --workers 2",
            "concurrent.futures.process:ProcessPoolExecutor.submit",
        ),
        ("stats out", "botcoin_dpo.dataset.folding:RowFiles.fold"),
        ("audit out", "botcoin_dpo.auditing.result:AuditResult.merge"),
        ("show out", "botcoin_dpo.viewing.catalogue:Catalogue.select"),
        ("show out 1 --json", "botcoin_dpo.viewing.catalogue:Catalogue.row"),
        ("report out -o made.html", "botcoin_dpo.html_report.charts:charts_of"),
        ("export out -o made", "botcoin_dpo.exporting.example_writer:ExampleWriter.export_split"),
        ("validate out", "botcoin_dpo.validation.exported:ExportChecker.check"),
    ],
)
def test_the_program_says_so_in_one_line_and_prints_no_result(
    home: Path, arguments: str, moment: str
) -> None:
    build(home / "other", home / "new", pairs=["sequential", "bookend"])
    if "exported" in moment:
        for name in ("out", "new"):
            export(home / name, home / f"{name}-hub")
            shutil.rmtree(home / name)
            (home / f"{name}-hub").rename(home / name)
    result = run_with({moment: EXCHANGE}, *arguments.split(), cwd=home)
    assert result.returncode == 2
    if "--json" in arguments:
        assert json.loads(result.stdout)["error"]["message"] == f"out: {CHANGED}"
    else:
        assert result.stdout == ""
    assert result.stderr == f"error: out: {CHANGED}\n"
    assert sorted(path.name for path in home.iterdir()) == ["logs", "new", "other", "out"]
