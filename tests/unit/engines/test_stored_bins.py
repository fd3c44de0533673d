"""Bins in an object of a work folder hold what was added, and nothing else is taken for them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import InputError
from botcoin_dpo.engines.blobs import JoinedBins, Sink
from botcoin_dpo.engines.stored_bins import StoredBins, fill_stored
from botcoin_dpo.files.work_folder import work_folder

COUNT = 6
ADDED = st.lists(st.tuples(st.integers(0, COUNT - 1), st.binary(max_size=12)), max_size=40)


def fill(added: list[tuple[int, bytes]], sink: Sink) -> int:
    for number, data in added:
        sink.add(number, data)
    return len(added)


def content(added: list[tuple[int, bytes]], number: int) -> bytes:
    return b"".join(data for at, data in added if at == number)


@given(ADDED, ADDED)
def test_a_bin_holds_what_tasks_added_in_their_order(
    tmp_path_factory: pytest.TempPathFactory,
    one: list[tuple[int, bytes]],
    other: list[tuple[int, bytes]],
) -> None:
    folder = work_folder(tmp_path_factory.mktemp("work"))
    for name, added in (("one", one), ("other", other)):
        scratch = tmp_path_factory.mktemp("scratch")
        assert fill_stored(folder, name, COUNT, scratch, fill, added) == len(added)
    joined = JoinedBins([StoredBins(folder, name, COUNT) for name in ("one", "other")])
    for number in range(COUNT):
        expected = content(one, number) + content(other, number)
        blob = joined.blob(number)
        assert (len(blob), blob.read()) == (len(expected), expected)
        assert blob.read(3, 7) == expected[3:7]
        assert blob.read(len(expected)) == b""
        blob.discard()
        assert blob.read() == expected  # a task may be run again


def test_an_object_depends_on_the_bins_alone(tmp_path: Path) -> None:
    folder = work_folder(tmp_path / "work")
    for name, added in (("a", [(1, b"x"), (0, b"yz")]), ("b", [(0, b"y"), (1, b"x"), (0, b"z")])):
        (tmp_path / name).mkdir()
        fill_stored(folder, name, COUNT, tmp_path / name, fill, added)
    assert folder.read("a") == folder.read("b")


def test_each_byte_of_an_object_is_checked_by_whoever_reads_it(tmp_path: Path) -> None:
    folder = work_folder(tmp_path / "work")
    fill_stored(folder, "a", 2, tmp_path, fill, [(0, b"some"), (1, b"more")])
    content = folder.read("a")
    for at in range(len(content)):
        folder.put("a", content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(InputError, match="is damaged"):
            StoredBins(folder, "a", 2).blob(1).read()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:20],
        lambda content: b"",
        lambda content: b"\x00" * len(content),
        lambda content: b"\xff" * len(content),
        lambda content: content[8:16] + content[:8] + content[16:],
    ],
)
def test_a_damaged_object_is_one_line(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    folder = work_folder(tmp_path / "work")
    fill_stored(folder, "a", 2, tmp_path, fill, [(0, b"some"), (1, b"more")])
    folder.put("a", damage(folder.read("a")))
    line = f"{tmp_path / 'work' / 'a'}: is damaged; remove it, and run its task again"
    with pytest.raises(InputError) as refused:
        StoredBins(folder, "a", 2).blob(1).read()
    assert str(refused.value) == line
