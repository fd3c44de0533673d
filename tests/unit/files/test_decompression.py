"""What comes out of a log file, whole or damaged."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.logs.discovery import find_logs
from tests.builders import at_once, recovery, write_log


def content(path: Path, data: bytes) -> tuple[bytes, str | None]:
    path.write_bytes(data)
    stream = LogStream(LogFile(path, path.name, compression="gz"))
    return b"".join(stream), stream.damage


def test_a_cut_stream_gives_all_that_its_bytes_say(tmp_path: Path) -> None:
    for extra in range(0, 600, 13):  # what is still held when a piece is full comes out as well
        data = b"x" * ((1 << 20) + extra)
        cut = gzip.compress(data)[:-8]  # without checksum and length
        assert content(tmp_path / "a.gz", cut) == (data, "not a whole .gz file: it ends too early")


@given(st.binary(max_size=2000), st.integers(0, 3000))
def test_what_a_cut_stream_gives_is_where_the_content_starts(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, length: int
) -> None:
    whole = gzip.compress(data)
    path = tmp_path_factory.mktemp("cut") / "a.gz"
    given, damage = content(path, whole[:length])
    assert data.startswith(given)
    assert (damage is None) == (length >= len(whole))


def test_rubbish_after_the_end_is_damage_and_the_content_stands(tmp_path: Path) -> None:
    given, damage = content(tmp_path / "a.gz", gzip.compress(b"data") + b"rubbish")
    assert given == b"data"
    assert damage is not None


@pytest.mark.parametrize("flags", [0x20, 0x40, 0x80])
def test_reserved_flags_are_damage_as_rfc_1952_says(tmp_path: Path, flags: int) -> None:
    data = bytearray(gzip.compress(b"data"))
    data[3] |= flags
    assert content(tmp_path / "a.gz", bytes(data))[1] is not None
    given, damage = content(tmp_path / "a.gz", gzip.compress(b"first") + bytes(data))
    assert given == b"first"
    assert damage is not None


def test_a_log_that_is_a_pipe_by_the_time_it_is_read_is_unreadable(tmp_path: Path) -> None:
    log = write_log(tmp_path / "logs/a.jsonl", recovery())
    (file,) = find_logs([tmp_path / "logs"]).files
    log.unlink()
    os.mkfifo(log)
    stream = LogStream(file)
    with at_once():
        assert list(stream) == []
    assert stream.damage == "not a regular file"
