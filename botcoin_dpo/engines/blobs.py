"""Large results of jobs: a job appends bytes to numbered bins, and others read them as blobs.

A job returns what is small. What is large it hands to a sink, and only the engine knows what
becomes of that: files of a scratch folder, values in a cluster's memory, objects in a store.
"""

from typing import Protocol


class Blob(Protocol):
    """Bytes that lie somewhere. What stands for them is small and can be pickled."""

    def __len__(self) -> int:
        """Return how many bytes there are."""
        ...

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes, by default all; they are fetched now, where this is called.

        Raises:
            OutputError: they are gone.
        """
        ...

    def discard(self) -> None:
        """Let go of the bytes, where nothing else lies with them: nobody reads them any more."""
        ...


class Sink(Protocol):
    """Takes what one job makes."""

    def add(self, number: int, data: bytes | bytearray) -> None:
        """Append to a bin.

        Raises:
            OutputError: there is no room.
        """
        ...


class Bins(Protocol):
    """What one job put into its bins, or what several did, one after the other."""

    def blob(self, number: int) -> Blob | None:
        """Return what lies in a bin, None if that is nothing."""
        ...
