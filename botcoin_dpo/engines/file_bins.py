"""Bins in files of a scratch folder, for engines whose workers all see it.

A sink holds little: it writes runs, a file each, in which the bins lie one after the other. Of many
jobs with many bins, all that stays in memory is where each bin ends in each run.
"""

import os
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from heapq import merge
from itertools import accumulate
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO, NamedTuple, Self

from botcoin_dpo.engines.blobs import BinPlan, Bins, Filled, JoinedBlob
from botcoin_dpo.errors import writing

_MOST_HELD = 16 * 10**6
"""Bytes that a sink holds before it writes them down."""

_LARGE = 1 << 20
"""A bin that comes to hold this gets a file of its own, which can be discarded alone."""

_MOST_FILES = 16
"""Files of large bins that a sink has open."""

_MERGED = 64
"""Files that are merged at once."""

_BUFFER = 1 << 16


@dataclass(frozen=True, slots=True)
class FileBlob:
    """A range of a file."""

    path: Path
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes; see `Blob`."""
        length = (len(self) if end is None else min(end, len(self))) - start
        with writing(self.path):
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.pread(descriptor, max(0, length), self.start + start)
            finally:
                os.close(descriptor)

    def discard(self) -> None:
        """Remove the file if it holds nothing else."""
        with writing(self.path):
            if self.path.stat().st_size == len(self):
                self.path.unlink()


class Run(NamedTuple):
    """A file of bins, in ascending order of their numbers."""

    path: Path
    numbers: "array[int]"
    """The bins that are not empty."""
    ends: "array[int]"
    """Where each of them ends in the file."""

    def blob(self, number: int) -> FileBlob | None:
        """Return what lies in a bin, None if that is nothing."""
        at = bisect_left(self.numbers, number)
        if at == len(self.numbers) or self.numbers[at] != number:
            return None
        return FileBlob(self.path, self.ends[at - 1] if at else 0, self.ends[at])

    def lengths(self) -> Iterator[tuple[int, int]]:
        """Yield number and length of each bin that is not empty."""
        start = 0
        for number, end in zip(self.numbers, self.ends, strict=True):
            yield number, end - start
            start = end


@dataclass(frozen=True, slots=True)
class FileBins:
    """Runs, one after the other."""

    runs: tuple[Run, ...] = ()

    def blob(self, number: int) -> JoinedBlob:
        """Return what lies in a bin."""
        blobs = [blob for run in self.runs if (blob := run.blob(number)) is not None]
        return JoinedBlob(tuple(blobs))


class FileSink:
    """Writes what one job makes: small bins together, run by run, and large ones each to a file."""

    def __init__(self, folder: Path) -> None:
        """Write to new files in a folder, which takes temporary ones as well."""
        self.scratch = folder
        self._held: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._size = 0
        self._runs: list[Run] = []
        self._large: dict[int, tuple[Path, BinaryIO]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for path, file in self._large.values():
            with writing(path):
                file.close()

    def add(self, number: int, data: bytes | bytearray) -> None:
        """Append to a bin."""
        if number in self._large:
            self._append(number, data)
            return
        held = self._held[number]
        held += data
        self._size += len(data)
        if len(held) >= _LARGE and len(self._large) < _MOST_FILES:
            self._large[number] = _new_file(self.scratch, _LARGE)
            self._append(number, self._held.pop(number))
            self._size -= len(held)
        elif self._size >= _MOST_HELD:
            self._write_held()

    def finish(self) -> FileBins:
        """Write down what is still held, and return where all lies."""
        self._write_held()
        for number, (path, file) in self._large.items():
            with writing(path), file:
                # What the bin held before it was large lies in an earlier run.
                self._runs.append(Run(path, array("I", [number]), array("Q", [file.tell()])))
        return FileBins(tuple(self._runs))

    def _append(self, number: int, data: bytes | bytearray) -> None:
        """Append to the file of a large bin."""
        path, file = self._large[number]
        with writing(path):
            file.write(data)

    def _write_held(self) -> None:
        """Write a run of what is held."""
        if self._held:
            self._runs.append(_write_run(self.scratch, dict(sorted(self._held.items()))))
        self._held.clear()
        self._size = 0


def fill_files(folder: Path, function: Callable[..., Any], *arguments: Any) -> Filled:
    """Run a function with a sink that writes to files in a folder."""
    with FileSink(folder) as sink:
        result = function(*arguments, sink)
        return Filled(result, sink.finish())


def merge_files(bins: Sequence[Bins], plan: BinPlan) -> Bins:
    """Merge the files of several jobs in one, and let go of them; see `Engine.merge`."""
    files = [each for each in bins if isinstance(each, FileBins)]
    assert len(files) == len(bins)  # engines of this machine have no others
    runs = [run for each in files for run in each.runs]
    while len(runs) > 1:
        runs = [
            _merge(runs[start : start + _MERGED], plan.scratch)
            for start in range(0, len(runs), _MERGED)
        ]
    return FileBins(tuple(runs))


def _merge(runs: Sequence[Run], folder: Path) -> Run:
    """Make one run of several, reading and writing each file from its start to its end."""
    numbers, ends = array("I"), array("Q")
    end = 0
    with ExitStack() as stack, writing(folder):
        files = [stack.enter_context(run.path.open("rb", _BUFFER)) for run in runs]
        path, merged = _new_file(folder, _BUFFER)
        stack.enter_context(merged)
        for number, at, length in merge(*map(_numbered, runs, range(len(runs)))):
            merged.write(files[at].read(length))
            end += length
            if numbers and numbers[-1] == number:
                ends[-1] = end
            else:
                numbers.append(number)
                ends.append(end)
    for run in runs:
        with writing(run.path):
            # Emptied, not removed: where files were just removed, ext4 makes new ones slowly.
            os.truncate(run.path, 0)
    return Run(path, numbers, ends)


def _numbered(run: Run, at: int) -> Iterator[tuple[int, int, int]]:
    for number, length in run.lengths():
        yield number, at, length


def _write_run(folder: Path, bins: Mapping[int, bytearray]) -> Run:
    path, file = _new_file(folder, _BUFFER)
    with writing(path), file:
        file.writelines(bins.values())
    return Run(path, array("I", bins), array("Q", accumulate(map(len, bins.values()))))


def _new_file(folder: Path, buffer: int) -> tuple[Path, BinaryIO]:
    with writing(folder):
        descriptor, name = mkstemp(dir=folder)
        return Path(name), os.fdopen(descriptor, "wb", buffer)
