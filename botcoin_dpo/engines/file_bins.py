"""Bins in files of a scratch folder, for engines whose workers all see it.

A sink holds little: it writes runs, a file each, in which the bins lie one after the other. Of many
jobs with many bins, all that stays in memory is where each bin ends in each run.
"""

import os
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, NamedTuple

from botcoin_dpo.errors import writing

_MOST_HELD = 16 * 10**6
"""Bytes that a sink holds before it writes them down."""

_LARGE = 1 << 20
"""A bin that comes to hold this gets a file of its own, which can be discarded alone."""

_MOST_FILES = 16
"""Files of large bins that a sink has open."""


class FileRange(NamedTuple):
    """A range of a file."""

    path: Path
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FileBlob:
    """Ranges of files, one after the other."""

    ranges: tuple[FileRange, ...]

    def __len__(self) -> int:
        return sum(end - start for _, start, end in self.ranges)

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes; see `Blob`."""
        return b"".join(self._pieces(start, len(self) if end is None else end))

    def discard(self) -> None:
        """Remove the files that hold nothing else."""
        for path, start, end in self.ranges:
            with writing(path):
                if path.stat().st_size == end - start:
                    path.unlink()

    def _pieces(self, start: int, end: int) -> Iterator[bytes]:
        for path, first, last in self.ranges:
            size = last - first
            if start < size and end > 0:
                at = first + max(start, 0)
                yield _read(path, at, first + min(end, size) - at)
            start -= size
            end -= size


class Run(NamedTuple):
    """A file of bins, in ascending order of their numbers."""

    path: Path
    numbers: "array[int]"
    """The bins that are not empty."""
    ends: "array[int]"
    """Where each of them ends in the file."""

    def range(self, number: int) -> FileRange | None:
        """Return where a bin lies."""
        at = bisect_left(self.numbers, number)
        if at == len(self.numbers) or self.numbers[at] != number:
            return None
        return FileRange(self.path, self.ends[at - 1] if at else 0, self.ends[at])


@dataclass(frozen=True, slots=True)
class FileBins:
    """Runs, one after the other."""

    runs: tuple[Run, ...] = ()

    def blob(self, number: int) -> FileBlob | None:
        """Return what lies in a bin, None if that is nothing."""
        found = tuple(filter(None, (run.range(number) for run in self.runs)))
        return FileBlob(found) if found else None


class FileSink:
    """Writes what one job makes: small bins together, run by run, and large ones each to a file."""

    def __init__(self, path: Path) -> None:
        """Write files whose names start as this path does."""
        self._path = path
        self._held: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._size = 0
        self._runs: list[Run] = []
        self._large: dict[int, BinaryIO] = {}

    def add(self, number: int, data: bytes | bytearray) -> None:
        """Append to a bin."""
        if number in self._large:
            self._append(number, data)
            return
        held = self._held[number]
        held += data
        self._size += len(data)
        if len(held) >= _LARGE and len(self._large) < _MOST_FILES:
            self._append(number, self._held.pop(number))
            self._size -= len(held)
        elif self._size >= _MOST_HELD:
            self._write_held()

    def finish(self) -> FileBins:
        """Write down what is still held, and return where all lies."""
        self._write_held()
        for number, file in self._large.items():  # what a bin held before lies in an earlier run
            with writing(self._path), file:
                self._runs.append(
                    Run(Path(file.name), array("I", [number]), array("Q", [file.tell()]))
                )
        return FileBins(tuple(self._runs))

    def _append(self, number: int, data: bytes | bytearray) -> None:
        """Append to the file of a large bin."""
        with writing(self._path):
            if number not in self._large:
                path = self._path.with_name(f"{self._path.name}.{number}")
                self._large[number] = path.open("wb", _LARGE)
            self._large[number].write(data)

    def _write_held(self) -> None:
        """Write a run of what is held."""
        if self._held:
            path = self._path.with_name(f"{self._path.name}-{len(self._runs)}")
            self._runs.append(_write_run(path, dict(sorted(self._held.items()))))
        self._held.clear()
        self._size = 0


def _write_run(path: Path, bins: Mapping[int, bytearray]) -> Run:
    with writing(path), path.open("wb") as file:
        file.writelines(bins.values())
    return Run(path, array("I", bins), array("Q", accumulate(map(len, bins.values()))))


def _read(path: Path, start: int, length: int) -> bytes:
    with writing(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.pread(descriptor, length, start)
        finally:
            os.close(descriptor)
