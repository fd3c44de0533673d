"""Writing files: what goes wrong is told to the user, and what is written is on the disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from botcoin_dpo.errors import OutputError

_BUFFER = 1 << 20


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn an `OSError` while writing below `path` into one line for the user."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else path
        advice = "free some space or name another --out"
        if isinstance(error, PermissionError):
            advice = "allow it or name another --out"
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{where}: {reason}; {advice}") from error


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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self._file.close()

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
