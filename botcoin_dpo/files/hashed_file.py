"""Writing files that are hashed on the way and are on the disk when they are closed."""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Self

from botcoin_dpo.errors import writing

_BUFFER = 1 << 20


class HashedFile:
    """A file being written, with its size and SHA-256."""

    def __init__(self, path: Path) -> None:
        """Create the file."""
        self.path = path
        self.size = 0
        self._hash = sha256()
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb", buffering=_BUFFER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    @property
    def sha256(self) -> str:
        """SHA-256 of what was written, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Append to the file."""
        self._hash.update(data)
        self.size += len(data)
        with writing(self.path):
            self._file.write(data)

    def close(self) -> None:
        """Make sure that the content is on the disk."""
        with writing(self.path):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def rename(self, name: str) -> None:
        """Give the closed file another name in its folder."""
        renamed = self.path.with_name(name)
        with writing(self.path):
            self.path.rename(renamed)
        self.path = renamed

    def abandon(self) -> None:
        """Close the file as it is, after something went wrong."""
        with suppress(OSError):  # what it still holds may not fit the disk
            self._file.close()
