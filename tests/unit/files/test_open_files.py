"""Files that are read in any order, of which a few stay open."""

import os
from pathlib import Path

import pytest

from botcoin_dpo.files import open_files
from botcoin_dpo.files.open_files import OpenFiles


def _open_count() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in "abc"]
    for path in made:
        path.write_text(f"this is {path.name}")
    return made


def test_a_part_of_any_file_is_read(paths: list[Path]) -> None:
    files = OpenFiles(2)
    for path in (*paths, *reversed(paths), *paths):
        assert files.read(path, 5, 4) == f"is {path.name}".encode()
    assert files.read(paths[0], 8, 100) == b"a"
    files.close()


def test_the_file_that_was_not_used_for_longest_is_closed(
    paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_descriptor(path: Path) -> int:
        opened.append(path.name)
        return os.open(path, os.O_RDONLY)

    monkeypatch.setattr(open_files, "open_descriptor", open_descriptor)
    before = _open_count()
    files = OpenFiles(2)
    a, b, c = paths
    for path in (a, b, a, c, a, b):
        files.read(path, 0, 1)
    assert opened == ["a", "b", "c", "b"]
    assert _open_count() == before + 2
    files.close()
    assert _open_count() == before


def test_a_closed_file_is_opened_again(paths: list[Path]) -> None:
    files = OpenFiles(2)
    assert files.read(paths[0], 0, 4) == b"this"
    files.close()
    assert files.read(paths[0], 0, 4) == b"this"
    files.close()
