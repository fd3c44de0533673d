"""No command waits or crashes, whatever lies in the place of a regular file."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, UsageError, UserError, build, stats, validate
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing.catalogue import open_catalogue
from tests.builders import SPECIAL_FILES, at_once, make_folder, recovery, write_log


def _first_row(dataset: Path) -> dict[str, Any]:
    with open_catalogue(dataset) as pairs:
        return pairs.row(1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with logs, a build and an export."""
    folder = tmp_path_factory.mktemp("made")
    write_log(folder / "logs/a.jsonl", recovery())
    build(folder / "logs", folder / "out")
    export(folder / "out", folder / "hub", format="jsonl")
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "here")
    return tmp_path / "here"


@pytest.mark.parametrize("make", SPECIAL_FILES)
@pytest.mark.parametrize(
    "name", ["manifest.json", "README.md", "index/part-00000.bin", "quarantine.jsonl", ""]
)
def test_no_reader_of_a_build_waits_or_crashes(
    here: Path, name: str, make: Callable[[Path], None]
) -> None:
    out = here / "out"
    path = out / name if name else next(out.glob("sequential/*"))
    path.unlink()
    make(path)
    with at_once():
        for read in (
            lambda: stats(out),
            lambda: audit(out),
            lambda: export(out, here / "again"),
            lambda: report(out, here / "report.html"),
            lambda: _first_row(out),
            lambda: build(here / "logs", here / "new", update=True),
            lambda: build(here / "logs", out, update=True),
        ):
            with suppress(UserError):
                read()
    assert (here / "new/manifest.json").is_file()


@pytest.mark.parametrize("make", SPECIAL_FILES)
def test_what_the_user_names_is_looked_at_first(here: Path, make: Callable[[Path], None]) -> None:
    path = here / "x.jsonl"
    make(path)
    with at_once():
        for read in (
            lambda: stats(path),
            lambda: audit(path),
            lambda: validate(path),
            lambda: export(here / "out", here / "again", anonymize_miners=path),
            lambda: export(path, here / "again"),
            lambda: report(path, here / "report.html"),
            lambda: _first_row(path),
            lambda: build(path, here / "again"),
            lambda: build(here / "logs", here / "again", exclude=path),
        ):
            with pytest.raises(InputError, match=rf"{path}\S*: .*; "):
                read()


@pytest.mark.parametrize("make", SPECIAL_FILES)
def test_no_output_waits_for_what_lies_in_its_place(
    here: Path, make: Callable[[Path], None]
) -> None:
    for name in ("a", "logs.expected.json"):
        make(here / name)
    with at_once():
        for write in (
            lambda: report(here / "out", here / "a"),
            lambda: simulate(here / "logs", challenges=1, overwrite=True),
            lambda: build(here / "logs", here / "a"),
        )[: 2 if make is make_folder else 3]:
            with pytest.raises(UserError):
                write()


def test_a_tokenizers_folder_with_a_pipe_in_it_is_refused(here: Path) -> None:
    (here / "tokenizer").mkdir()
    (here / "tokenizer/missing").symlink_to("nowhere")
    os.mkfifo(here / "tokenizer/tokenizer.json")
    with pytest.raises(UsageError, match=r"tokenizer\.json is not a regular file"):
        export(here / "out", here / "again", tokenizer=str(here / "tokenizer"))
