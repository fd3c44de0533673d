"""Files of which parts are read in any order; a few stay open, since they may be very many."""

import os
from pathlib import Path

from botcoin_dpo.files.named_files import open_descriptor


class OpenFiles:
    """Reads at any place of any file; the files that were used last stay open."""

    def __init__(self, most: int) -> None:
        """Keep so many files open at once."""
        self._most = most
        self._descriptors: dict[Path, int] = {}
        """By path, the one that was used last at the end."""

    def read(self, path: Path, offset: int, length: int) -> bytes:
        """Return bytes of a regular file, fewer where it ends.

        Raises:
            OSError: it cannot be opened or read.
        """
        descriptor = self._descriptors.pop(path, None)
        if descriptor is None:
            descriptor = open_descriptor(path)
        self._descriptors[path] = descriptor
        if len(self._descriptors) > self._most:
            os.close(self._descriptors.pop(next(iter(self._descriptors))))
        return os.pread(descriptor, length, offset)

    def close(self) -> None:
        """Close all files; they are opened again when they are read."""
        while self._descriptors:
            os.close(self._descriptors.popitem()[1])
