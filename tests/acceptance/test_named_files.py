"""Only regular files are opened for reading, whatever lies, or comes to lie, in their place."""

import ast
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
from botcoin_dpo.files import named_files
from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.files.named_files import is_there, open_regular, reading, real_path
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing.catalogue import open_catalogue
from tests.builders import ROOT, SPECIAL_FILES, at_once, make_folder, make_loop, recovery, write_log


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
def test_what_is_no_regular_file_is_refused_in_one_line(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "x"
    make(path)
    # A socket cannot be opened at all: that it is none of ours to open is seen before.
    reasons = {make_loop: "too many levels of symbolic links", make_folder: "is a directory"}
    line = f"{path}: {reasons.get(make, 'not a regular file')}; name another"
    with at_once(), pytest.raises(InputError) as refused, reading(path, "name another"):
        pass
    assert str(refused.value) == line


def test_a_pipe_that_takes_the_place_of_a_file_while_it_is_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_text("x")
    really_open = os.open

    def replace_and_open(name: Path, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return really_open(name, flags)

    monkeypatch.setattr(named_files.os, "open", replace_and_open)
    with at_once(), pytest.raises(OSError, match="not a regular file"):
        open_regular(path)


def test_links_to_files_are_followed(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("content")
    (tmp_path / "link").symlink_to("x")
    with reading(tmp_path / "link", "") as file:
        assert file.read() == b"content"


def test_a_path_that_cannot_be_looked_up_is_one_line(tmp_path: Path) -> None:
    make_loop(tmp_path / "loop")
    assert not is_there(tmp_path / "nothing", "")
    assert not is_there(Path(__file__) / "x", "")
    for path in (tmp_path / "loop", tmp_path / ("x" * 300)):
        with pytest.raises(InputError, match=r"; name another$"):
            is_there(path, "name another")
    assert real_path(tmp_path / "loop").parent == tmp_path.resolve()


@pytest.mark.parametrize("make", SPECIAL_FILES)
@pytest.mark.parametrize(
    "name", ["manifest.json", "README.md", "index.bin", "quarantine.jsonl", ""]
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
            *([] if make is make_folder else [lambda: build(here / "logs", here / "a")]),
        ):
            with pytest.raises(UserError):
                write()


def test_a_log_that_is_a_pipe_by_the_time_it_is_read_is_unreadable(tmp_path: Path) -> None:
    log = write_log(tmp_path / "logs/a.jsonl", recovery())
    (file,) = find_logs([tmp_path / "logs"]).files
    log.unlink()
    os.mkfifo(log)
    stream = LogStream(file)
    with at_once():
        assert list(stream) == []
    assert stream.damage == "not a regular file"


def test_a_tokenizers_folder_with_a_pipe_in_it_is_refused(here: Path) -> None:
    (here / "tokenizer").mkdir()
    (here / "tokenizer/missing").symlink_to("nowhere")
    os.mkfifo(here / "tokenizer/tokenizer.json")
    with pytest.raises(UsageError, match=r"tokenizer\.json is not a regular file"):
        export(here / "out", here / "again", tokenizer=str(here / "tokenizer"))


OWN_FILES = {
    "files/named_files.py": "opens them for all",
    "cli/streams.py": "/dev/null",
    "dataset/index_file.py": "frames that this run wrote",
    "files/staging.py": "the lock and the folders that are made durable",
    "dataset/shards.py": "rows that this run wrote",
    "engines/resources.py": "what the system tells of itself",
    "exporting/extras.py": "the pyproject.toml of the checkout that runs",
    "html_report/pages.py": "the program's own templates",
    "logs/gathering.py": "frames that this run wrote",
    "logs/rejected_records.py": "entries that this run wrote",
    "logs/spill.py": "references that this run wrote",
    "contract/schemas.py": "the program's own schemas",
}
"""Modules that open files for reading by themselves, and which."""


def test_nothing_else_opens_files_for_reading() -> None:
    package = ROOT / "botcoin_dpo"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(map(_opens_for_reading, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == set(OWN_FILES)


def _opens_for_reading(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    text = ast.unparse(node.func)
    if text == "os.open":
        return True
    if text.split(".")[-1] == "open":
        modes = [word.value for word in node.args if isinstance(word, ast.Constant)]
        return not any(str(mode)[:1] in "wxa" for mode in modes)
    return text.endswith(("read_text", "read_bytes", "FileIO")) or (
        text == "ParquetFile" and ast.unparse(node.args[0]) != "opened"
    )
