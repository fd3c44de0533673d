"""Only regular files are opened for reading, whatever lies, or comes to lie, in their place."""

import ast
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from botcoin_dpo import InputError
from botcoin_dpo.files.named_files import is_there, open_regular, reading, real_path
from tests.builders import ROOT, SPECIAL_FILES, at_once, make_folder, make_loop


@pytest.mark.parametrize("make", SPECIAL_FILES)
def test_what_is_no_regular_file_is_refused_in_one_line(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "x"
    make(path)
    # A socket cannot be opened at all: that it is none of ours to open is seen before.
    reasons: dict[Callable[[Path], None], str] = {
        make_loop: "too many levels of symbolic links",
        make_folder: "is a directory",
    }
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

    monkeypatch.setattr(os, "open", replace_and_open)
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


OWN_FILES = {
    "files/named_files.py": "opens them for all",
    "cli/streams.py": "/dev/null",
    "files/staging.py": "the lock and the folders that are made durable",
    "engines/file_bins.py": "what jobs of this run wrote",
    "engines/resources.py": "what the system tells of itself",
    "exporting/exporter.py": "the reward.py that exports hold, which is part of the package",
    "extras.py": "the pyproject.toml of the checkout that runs",
    "html_report/assets.py": "the program's own templates",
    "html_report/kept_overview.py": "the program's own files, and what it kept in the cache",
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
