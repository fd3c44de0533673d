"""What lies in a work folder is whole, and files in the making are not among it."""

from pathlib import Path

import pytest

from botcoin_dpo import InputError, OutputError
from botcoin_dpo.files import work_folder as module
from botcoin_dpo.files.work_folder import work_folder


def test_an_object_is_read_by_ranges_as_far_as_it_goes(tmp_path: Path) -> None:
    folder = work_folder(tmp_path / "new")
    folder.put("a/b.bin", b"0123456789")
    assert folder.read("a/b.bin") == b"0123456789"
    assert folder.read("a/b.bin", 3, 5) == b"34"
    assert folder.read("a/b.bin", 8, 10**18) == b"89"
    assert folder.read("a/b.bin", 20, 30) == folder.read("a/b.bin", 5, 2) == b""


def test_an_object_takes_the_place_of_another(tmp_path: Path) -> None:
    folder = work_folder(tmp_path / "work")
    folder.put("a", b"old")
    made = tmp_path / "made"
    made.write_bytes(b"new")
    folder.put("a", made)
    assert folder.read("a") == b"new"
    assert folder.names("") == {"a"}
    assert folder.place("a") == tmp_path / "work" / "a"


def test_what_is_in_the_making_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = work_folder(tmp_path)
    seen = []

    def look(path: Path) -> None:
        assert path.read_bytes() == b"content"
        seen.append(folder.names("in"))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_sync", look)
    with pytest.raises(OutputError, match="no space left on device"):
        folder.put("in/a", b"content")
    assert seen == [set()]
    assert list((tmp_path / "in").iterdir()) == []


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    folder = work_folder(tmp_path)
    with pytest.raises(InputError, match=r"plan\.json: no such file or directory; see that work"):
        folder.read("plan.json")
    assert folder.names("scan") == set()
