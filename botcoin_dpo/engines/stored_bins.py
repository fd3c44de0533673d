"""Bins in one object of a work folder, where tasks of other machines read their ranges.

The object starts with a table of where each bin ends, so that it costs two reads to get one bin
out of thousands. All of it is in sealed blocks, which are checked whenever they are read. What it
holds depends on the bins alone.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from botcoin_dpo.engines.blobs import Bins
from botcoin_dpo.engines.file_bins import fill_files
from botcoin_dpo.errors import InputError, writing
from botcoin_dpo.files.sealed_blocks import DamagedBlockError, read_sealed, sealed
from botcoin_dpo.files.work_folder import WorkFolder

_ENTRY = 8
"""Bytes of an entry of the table: an unsigned integer, as machines of today have it."""

_MOST = 1 << 62
"""No object is as long as this."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A range of what an object holds."""

    folder: WorkFolder
    name: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes; see `Blob`.

        Raises:
            InputError: they cannot be read, or are not what was written.
        """
        length = max(0, (len(self) if end is None else min(end, len(self))) - start)
        if not length:
            return b""
        at = self.start + start
        return _read(self.folder, self.name, at, at + length)

    def discard(self) -> None:
        """Do nothing: the task may be run again, and others may read it."""


class StoredBins:
    """What one task put into its bins."""

    def __init__(self, folder: WorkFolder, name: str, count: int) -> None:
        """Read bins that `fill_stored` wrote.

        Args:
            folder: where the object lies.
            name: of the object.
            count: how many bins there are.
        """
        self._folder, self._name, self._count = folder, name, count
        self._ends: array[int] | None = None

    def blob(self, number: int) -> StoredBlob:
        """Return what lies in a bin.

        Raises:
            InputError: the object cannot be read, or is damaged.
        """
        if self._ends is None:
            self._ends = self._read_ends()
        start = self._ends[number - 1] if number else _ENTRY * self._count
        return StoredBlob(self._folder, self._name, start, self._ends[number])

    def _read_ends(self) -> "array[int]":
        size = _ENTRY * self._count
        ends = array("Q")
        ends.frombytes(_read(self._folder, self._name, 0, size))
        is_ordered = all(start <= end for start, end in pairwise([size, *ends, _MOST]))
        if not is_ordered:
            raise damaged(self._folder, self._name)
        return ends


def fill_stored(
    folder: WorkFolder,
    name: str,
    count: int,
    scratch: Path,
    function: Callable[..., Any],
    *arguments: Any,
) -> Any:
    """Run a function with a sink, write its bins into one object, and return its result.

    Args:
        folder: where to write the object.
        name: of the object.
        count: how many bins there are.
        scratch: a local folder, in which bins are kept until the function is done.
        function: takes the arguments, and a sink.
        arguments: for the function.

    Raises:
        OutputError: there is no room.
    """
    runs, made = scratch / "runs", scratch / "bins"
    with writing(runs):
        runs.mkdir()
    result, bins = fill_files(runs, function, *arguments)
    with writing(made), made.open("xb") as file:
        file.writelines(sealed(_content(bins, count)))
    folder.put(name, made)
    return result


def damaged(folder: WorkFolder, name: str) -> InputError:
    """Return the error of an object that is not what a task wrote."""
    return InputError(f"{folder.place(name)}: is damaged; remove it, and run its task again")


def _read(folder: WorkFolder, name: str, start: int, end: int) -> bytes:
    try:
        return read_sealed(lambda first, last: folder.read(name, first, last), start, end)
    except DamagedBlockError:
        raise damaged(folder, name) from None


def _table(bins: Bins, count: int) -> bytes:
    lengths = (len(bins.blob(number)) for number in range(count))
    ends = array("Q", accumulate(lengths, initial=_ENTRY * count))[1:]
    return ends.tobytes()


def _content(bins: Bins, count: int) -> Iterator[bytes]:
    yield _table(bins, count)
    for number in range(count):
        blob = bins.blob(number)
        for start in range(0, len(blob), _PIECE):
            yield blob.read(start, start + _PIECE)
