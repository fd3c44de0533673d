"""Lines that come in parts, put into files that are closed by size alone.

A file is closed when the next line would take it beyond its size, so the bytes of the files depend
on the lines and the size only, not on how the lines are divided into parts.
"""

from collections.abc import Callable, Iterable
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from botcoin_dpo.errors import writing
from botcoin_dpo.files.hashed_file import HashedFile

_PIECE = 1 << 20


class SizedFile(NamedTuple):
    """A finished file."""

    name: str
    """Within its folder."""
    lines: int
    bytes: int
    sha256: str


class SizedFiles:
    """The files of one sequence of lines; without a place it only counts."""

    def __init__(self, path: Path | None, most_bytes: int) -> None:
        """Write files.

        Args:
            path: how the names of files in the making start.
            most_bytes: most bytes of a file of more than one line.
        """
        self.lines = 0
        self._path = path
        self._most_bytes = most_bytes
        self._current: HashedFile | None = None
        self._current_lines = 0
        self._closed: list[tuple[HashedFile, int]] = []

    def add(self, part: Path, lines: int, size: int) -> None:
        """Append the lines of a part, and remove the part."""
        self.lines += lines
        if self._path is not None:
            with writing(part), part.open("rb", buffering=0) as file:
                if self._fits(size):
                    self._write(iter(lambda: file.read(_PIECE), b""), lines)
                else:
                    for line in BufferedReader(file, _PIECE):
                        if not self._fits(len(line)):
                            self._close()
                        self._write([line], 1)
        with writing(part):
            part.unlink()

    def finish(self, name: Callable[[int, int], str]) -> list[SizedFile]:
        """Close the files, give them their names, and list them.

        Args:
            name: returns the name of a file from its number and the number of all files.
        """
        self._close()
        files = []
        for number, (file, lines) in enumerate(self._closed):
            file.rename(name(number, len(self._closed)))
            files.append(SizedFile(file.path.name, lines, file.size, file.sha256))
        return files

    def abandon(self) -> None:
        """Close what is still open, after something went wrong."""
        if self._current is not None:
            self._current.abandon()

    def _fits(self, size: int) -> bool:
        """Return whether `size` more bytes fit the file."""
        taken = self._current.size if self._current else 0
        return taken + size <= self._most_bytes

    def _write(self, pieces: Iterable[bytes], lines: int) -> None:
        if self._current is None:
            number = len(self._closed)
            assert self._path is not None
            self._current = HashedFile(self._path.with_name(f"{self._path.name}-{number:05d}"))
        for piece in pieces:
            self._current.write(piece)
        self._current_lines += lines

    def _close(self) -> None:
        if self._current is not None:
            self._current.close()
            self._closed.append((self._current, self._current_lines))
            self._current, self._current_lines = None, 0
