"""Writes log files, and says where each record lies."""

import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, Self, get_args

import zstandard

from botcoin_dpo.errors import writing

LogFormat = Literal["jsonl", "jsonl.gz", "jsonl.zst", "mixed"]
LOG_FORMATS: tuple[LogFormat, ...] = get_args(LogFormat)

_MIXED = ("jsonl", "jsonl.gz", "jsonl.zst")
_GZIP = 31
"""`wbits` of a gzip stream; its header has no time of day."""


class WrittenAt(NamedTuple):
    """Where a record was written."""

    file: str
    """Name in the log folder."""
    line: int
    """From 1."""
    byte_offset: int
    """In decompressed bytes."""


class SimulatedFile:
    """One log file, plain or compressed by its name."""

    def __init__(self, folder: Path, name: str) -> None:
        """Write a file of a folder."""
        self.name = name
        self.is_compressed = not name.endswith(".jsonl")
        self._handle: BinaryIO = (folder / name).open("wb", buffering=1 << 18)
        self._compressor = _compressor(name)
        self._lines = self._bytes = 0

    def write(self, line: bytes) -> WrittenAt:
        """Append a line, which comes without its line break, and return where it lies."""
        written_at = WrittenAt(self.name, self._lines + 1, self._bytes)
        self._append(line + b"\n")
        self._lines += 1
        self._bytes += len(line) + 1
        return written_at

    def break_off(self, line: bytes) -> WrittenAt:
        """End the file inside a line, as a broken upload of a compressed file does.

        What came before can be read from what is there.
        """
        written_at = WrittenAt(self.name, self._lines + 1, self._bytes)
        flush = zlib.Z_SYNC_FLUSH if self.name.endswith(".gz") else _FLUSH_BLOCK
        for piece in (b"", line[: len(line) // 2]):
            self._append(piece)
            self._handle.write(self._compressor.flush(flush))
        self._compressor = None
        return written_at

    def close(self) -> None:
        """End the file."""
        if self._compressor is not None:
            self._handle.write(self._compressor.flush())
        self._handle.close()

    def _append(self, data: bytes) -> None:
        self._handle.write(data if self._compressor is None else self._compressor.compress(data))


class SimulatedFiles:
    """The files of a log folder, open side by side."""

    def __init__(self, folder: Path, count: int, log_format: LogFormat) -> None:
        """Write `count` files of a format to a folder; `mixed` alternates formats."""
        self._folder, self._count, self._format = folder, count, log_format
        self._stack = ExitStack()
        self.files: list[SimulatedFile] = []

    def __enter__(self) -> Self:
        """Open the files."""
        formats = _MIXED if self._format == "mixed" else (self._format,)
        for number in range(self._count):
            self.add(f"attempts-{number:05d}.{formats[number % len(formats)]}")
        return self

    def __exit__(self, *_: object) -> None:
        with writing(self._folder):
            self._stack.close()

    def add(self, name: str) -> SimulatedFile:
        """Open one more file."""
        with writing(self._folder):
            file = SimulatedFile(self._folder, name)
        self._stack.callback(file.close)
        self.files.append(file)
        return file


_FLUSH_BLOCK = zstandard.COMPRESSOBJ_FLUSH_BLOCK


def _compressor(name: str) -> Any:
    """Return what compresses a file's content, None if nothing does."""
    if name.endswith(".gz"):
        return zlib.compressobj(wbits=_GZIP)
    return zstandard.ZstdCompressor().compressobj() if name.endswith(".zst") else None
