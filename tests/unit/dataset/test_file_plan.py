"""Files of a dataset are cut by size alone, whatever parts their lines come in."""

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.dataset.file_plan import PlannedFile, plan_files
from botcoin_dpo.dataset.line_files import write_file, write_files
from botcoin_dpo.dataset.parts import Part, PartKey, PartWriter, part_keys, parts_in
from botcoin_dpo.engines.blobs import HeldBlob
from botcoin_dpo.engines.file_bins import FileSink
from botcoin_dpo.engines.single import SingleProcess

KEY: PartKey = ("sequential", "train")
LINES = st.binary(max_size=9).map(lambda text: text.replace(b"\n", b"") + b"\n")


def part_of(lines: list[bytes]) -> Part:
    content = b"".join(lines)
    lengths = array("Q", map(len, lines)).tobytes()
    return Part(HeldBlob(content + lengths), len(lines), len(content))


def cut_one_by_one(lines: list[bytes], most: int) -> list[list[bytes]]:
    """Return the lines of each file, as the contract says it."""
    files: list[list[bytes]] = []
    for line in lines:
        if not files or sum(map(len, files[-1])) + len(line) > most:
            files.append([])
        files[-1].append(line)
    return files


def content_of(planned: PlannedFile) -> bytes:
    return b"".join(blob.read(start, end) for blob, start, end, _ in planned.pieces)


@given(st.lists(st.lists(LINES, min_size=1, max_size=6), max_size=8), st.integers(1, 60))
def test_files_are_cut_before_the_line_that_does_not_fit(
    parts: list[list[bytes]], most: int
) -> None:
    planned = plan_files({KEY: [part_of(lines) for lines in parts]}, [KEY], most)
    expected = cut_one_by_one([line for part in parts for line in part], most)
    assert [content_of(file) for file in planned] == [b"".join(lines) for lines in expected]
    assert [file.lines for file in planned] == [len(lines) for lines in expected]
    assert [file.bytes for file in planned] == [sum(map(len, lines)) for lines in expected]
    pieces = [piece for file in planned for piece in file.pieces]
    assert all(piece.start < piece.end for piece in pieces)
    assert [piece.is_last for piece in pieces].count(True) == len(parts)


def test_each_file_has_its_final_name_from_the_start() -> None:
    keys = part_keys(["bookend", "sequential"])
    parts: dict[PartKey, list[Part]] = {
        "attempts": [part_of([b"1\n", b"2\n"])],
        ("sequential", "test"): [part_of([b"3\n"])],
        ("bookend", "train"): [part_of([b"4\n"]), part_of([b"5\n"])],
    }
    assert [file.path for file in plan_files(parts, keys, 2)] == [
        "bookend/train-00000-of-00002.jsonl",
        "bookend/train-00001-of-00002.jsonl",
        "sequential/test-00000-of-00001.jsonl",
        "attempts/part-00000.jsonl",
        "attempts/part-00001.jsonl",
    ]


class LengthsNotNeeded(Part):
    def lengths(self) -> "array[int]":
        pytest.fail("nobody may read how long these lines are")


def test_lengths_are_read_only_of_parts_in_which_a_file_ends() -> None:
    parts = [part_of([b"12345\n"] * 3) for _ in range(9)]
    whole = [LengthsNotNeeded(*part) for part in parts]
    assert [file.lines for file in plan_files({KEY: whole}, [KEY], 9 * 18)] == [27]
    ends_in_two = [*whole[:4], parts[4], *whole[5:8], parts[8]]
    assert [file.lines for file in plan_files({KEY: ends_in_two}, [KEY], 80)] == [13, 13, 1]


def test_written_files_are_what_was_planned_and_parts_are_gone(tmp_path: Path) -> None:
    keys = part_keys(["sequential"])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    parts: dict[PartKey, list[Part]] = {KEY: []}
    for number in range(3):
        sink = FileSink(scratch)
        writer = PartWriter(keys, sink)
        for line in range(4):
            writer.add({"part": number, "line": line, "text": "x" * 500_000}, KEY)
        sizes = writer.finish()
        parts[KEY].append(parts_in(sink.finish(), keys, sizes)[KEY])
    planned = plan_files(parts, keys, 3 * 500_100)
    content = [content_of(file) for file in planned]
    again = [write_file(file, tmp_path / "again") for file in planned]
    written = write_files(planned, tmp_path / "out", SingleProcess())
    assert next(written) == again[0]
    assert len(list(scratch.iterdir())) == 3
    assert list(written) == again[1:]
    assert list(scratch.iterdir()) == []
    for number, file in enumerate(again):
        assert (tmp_path / "out" / file.path).read_bytes() == content[number]
        assert file.bytes == len(content[number])
