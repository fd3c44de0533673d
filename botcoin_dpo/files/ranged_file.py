"""A remote object, read from front to back as a file is: fetched in ranges, the next one ahead."""

from functools import partial
from typing import TYPE_CHECKING, Self

from botcoin_dpo.files.background import in_background
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath

if TYPE_CHECKING:
    from concurrent.futures import Future

_RANGE = 8 << 20
"""Bytes of a request: large enough that what a request costs hardly counts, small enough that a
broken one is soon repeated."""

_TAIL_RANGE = 1 << 18
"""Bytes of a request beyond the end, for the rest of the last line."""


class RangedFile:
    """One object, open for reading; at most two ranges of it are in memory."""

    def __init__(self, path: RemotePath, end: int | None = None) -> None:
        """Fetch nothing yet.

        Args:
            path: the object, with its version.
            end: where reading most likely ends; None for the end of the object.
        """
        assert path.version is not None
        self._path, self._size = path, path.version.size
        self._end = self._size if end is None else min(end, self._size)
        self._position = 0
        self._content, self._start = memoryview(b""), 0
        self._ahead: tuple[int, Future[bytes]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget what was fetched."""
        self._ahead = None
        self._content = memoryview(b"")

    def seek(self, position: int) -> int:
        """Set where the next read starts."""
        self._position = position
        return position

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most so many, none at the end of the object.

        Raises:
            InputError: they cannot be read, or the object was replaced.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_RANGE), b""))
        offset = self._position - self._start
        if not 0 <= offset < len(self._content):
            self._fetch()
            offset = 0
        piece = bytes(self._content[offset : offset + size])
        self._position += len(piece)
        return piece

    def _fetch(self) -> None:
        """Get the range that starts at the position, and begin with the one behind it."""
        start, end = self._position, self._end_of_range(self._position)
        if self._ahead is not None and self._ahead[0] == start:
            content = self._ahead[1].result()
        else:
            content = self._read(start, end)
        self._ahead = None
        self._content, self._start = memoryview(content), start
        following = start + len(content)
        if content and following < self._end:
            end = self._end_of_range(following)
            self._ahead = following, in_background(partial(self._read, following, end))

    def _end_of_range(self, start: int) -> int:
        if start < self._end:
            return min(start + _RANGE, self._end)
        return min(start + _TAIL_RANGE, self._size)

    def _read(self, start: int, end: int) -> bytes:
        return store_of(self._path.root).read(self._path, start, end)
