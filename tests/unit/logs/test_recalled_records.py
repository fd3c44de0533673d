"""Records are found where an index says that they lie, in one reading of their segment."""

from pathlib import Path

import pytest

from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.logs.recalled_records import RecalledRecords
from botcoin_dpo.logs.references import (
    AttemptRef,
    ChallengeRef,
    Location,
    pack_attempt,
    pack_challenge,
)
from tests.builders import as_lines, attempt, challenge, session


def attempt_at(offset: int, length: int, before: int = 0, session_length: int = 0) -> bytes:
    location = Location(0, offset, length, 1, 0, before, session_length)
    return pack_attempt(
        AttemptRef(location, bytes(16), "0xaa", 0, 0, 1, False, 0, False, 0, False, 0, 0, 0, b"")
    )


def challenge_at(offset: int, length: int) -> bytes:
    return pack_challenge(ChallengeRef(Location(0, offset, length, 1, 0), bytes(16), 8, False, b""))


@pytest.fixture
def lines(tmp_path: Path) -> list[bytes]:
    """The lines of a log."""
    records = [attempt(1), challenge(), session([attempt(2), attempt(3)]), attempt(4)]
    lines = [as_lines([record]) for record in records]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    return lines


def recalled(folder: Path, start: int = 0, end: int | None = None) -> RecalledRecords:
    path = folder / "a.jsonl"
    return RecalledRecords(LogStream(LogFile(path, path.name), start=start, end=end))


def test_records_of_all_kinds_come_in_the_order_of_the_log(
    tmp_path: Path, lines: list[bytes]
) -> None:
    first, second, third, _ = map(len, lines)
    element = lines[2].index(b'{"storage_schema_version"')
    challenges = challenge_at(first, second - 1)
    attempts = attempt_at(0, first - 1) + attempt_at(
        first + second + element, 300, element, third - 1
    )
    found = [(raw, head) for _, raw, head in recalled(tmp_path).read(attempts, challenges)]
    assert [raw for raw, _ in found] == [lines[0][:-1], lines[1][:-1], lines[2][element:][:300]]
    assert [head is None for _, head in found] == [True, True, False]
    assert found[2][1] is not None and found[2][1] in lines[2].replace(lines[2][element:-3], b"")


def test_places_are_those_of_the_file_where_a_segment_is_a_range(
    tmp_path: Path, lines: list[bytes]
) -> None:
    start = len(b"".join(lines[:3]))
    records = recalled(tmp_path, start=len(lines[0]) + 1, end=start + 5)
    ((_, raw, _),) = records.read(attempt_at(start, len(lines[3]) - 1), b"")
    assert raw == lines[3][:-1]


def test_what_lies_behind_or_elsewhere_is_not_there(tmp_path: Path, lines: list[bytes]) -> None:
    places = attempt_at(len(lines[0]), 10), attempt_at(0, 10), attempt_at(10**6, 10)
    found = [raw for _, raw, _ in recalled(tmp_path).read(b"".join(places), b"")]
    assert found == [lines[1][:10], b"", b""]


def test_no_more_is_held_than_a_record_and_a_piece(tmp_path: Path) -> None:
    line = as_lines([attempt()])
    (tmp_path / "a.jsonl").write_bytes(line * 5_000)
    places = b"".join(attempt_at(len(line) * n, len(line) - 1) for n in range(0, 5_000, 700))
    records = recalled(tmp_path)
    for _, raw, _ in records.read(places, b""):
        assert raw == line[:-1]
        assert len(records._held) < (1 << 20) + 2 * len(line)
