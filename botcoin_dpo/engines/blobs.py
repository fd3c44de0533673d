"""Large results of jobs: a job appends bytes to numbered bins, and others read them as blobs.

A job returns what is small. What is large it hands to a sink, and only the engine knows what
becomes of that: files of a scratch folder, values in a cluster's memory, objects in a store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol


class Blob(Protocol):
    """Bytes that lie somewhere. What stands for them is small and can be pickled."""

    def __len__(self) -> int:
        """Return how many bytes there are; it may take as long as reading them."""
        ...

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes, as far as there are any; by default all.

        They are fetched now, and to where this is called.

        Raises:
            OutputError: they are gone.
        """
        ...

    def discard(self) -> None:
        """Let go of the bytes, where nothing else lies with them: nobody reads them any more."""
        ...


class Sink(Protocol):
    """Takes what one job makes."""

    @property
    def scratch(self) -> Path | None:
        """A folder for temporary files of the job, where it runs; None for the system's own."""
        ...

    def add(self, number: int, data: bytes | bytearray) -> None:
        """Append to a bin.

        Raises:
            OutputError: there is no room.
        """
        ...


class Bins(Protocol):
    """What one job put into its bins, or what several did, one after the other.

    It can be pickled. It may take memory for each bin, so that few are held (`BinMerger`).
    """

    def blob(self, number: int) -> Blob:
        """Return what lies in a bin."""
        ...


@dataclass(frozen=True, slots=True)
class BinPlan:
    """What a job needs to know of bins before it runs."""

    count: int
    """How many there are; their numbers start at 0."""
    scratch: Path
    """A folder for engines whose workers all see it; others do not look at it."""
    together: int = 0
    """The first so many are for many jobs, each of which reads few; of others, few jobs read all.
    Engines may keep the first ones together."""


class Filled(NamedTuple):
    """The result of a job with bins."""

    result: Any
    """What its function returned."""
    bins: Bins


@dataclass(frozen=True, slots=True)
class HeldBlob:
    """Bytes that travel by value."""

    content: bytes

    def __len__(self) -> int:
        return len(self.content)

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes; see `Blob`."""
        return self.content[start:end]

    def discard(self) -> None:
        """Do nothing: they go with this object."""


@dataclass(frozen=True, slots=True)
class JoinedBlob:
    """Blobs, one after the other, as one."""

    blobs: Sequence[Blob]

    def __len__(self) -> int:
        return sum(map(len, self.blobs))

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes; see `Blob`."""
        pieces = []
        end = len(self) if end is None else end
        for blob in self.blobs:
            size = len(blob)
            if start < size and end > 0:
                pieces.append(blob.read(max(start, 0), min(end, size)))
            start, end = start - size, end - size
        return b"".join(pieces)

    def discard(self) -> None:
        """Let go of all of them."""
        for blob in self.blobs:
            blob.discard()


@dataclass(frozen=True, slots=True)
class JoinedBins:
    """What several `Bins` hold, one after the other."""

    bins: Sequence[Bins] = ()

    def blob(self, number: int) -> JoinedBlob:
        """Return what lies in a bin; nothing is read for it, not even sizes."""
        blobs: list[Blob] = []
        for each in self.bins:
            blob = each.blob(number)
            blobs += blob.blobs if isinstance(blob, JoinedBlob) else (blob,)
        return JoinedBlob(tuple(blobs))
