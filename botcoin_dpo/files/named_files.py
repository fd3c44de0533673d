"""Every file that a build, an export or the user names is looked up and opened for reading here.

Only regular files are opened: a pipe in the place of one would block, a device might never end. The
path is looked at first, because opening a pipe or a device acts on whoever is at its other end, and
again once it is open, because something else may have been put there in between.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, Protocol, Self

from botcoin_dpo.errors import InputError, UsageError, reason_of
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.ranged_file import RangedFile
from botcoin_dpo.files.remote_path import RemotePath

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


class RawFile(Protocol):
    """A file that is open for reading, here or in a store."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: Any, error: Any, trace: Any, /) -> None: ...

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""
        ...

    def seek(self, position: int, /) -> int:
        """Set where the next read starts."""
        ...


def open_place(place: Path | RemotePath, end: int | None = None) -> RawFile:
    """Open a regular file, or an object in a store, for reading from front to back.

    Args:
        place: what to read.
        end: where reading most likely ends; None for the end of the file.

    Raises:
        OSError: a local file cannot be opened, or is not a regular file.
    """
    return RangedFile(place, end) if isinstance(place, RemotePath) else open_raw(place)


def open_descriptor(path: Path) -> int:
    """Return the descriptor of a regular file, opened for reading; links are followed.

    Raises:
        OSError: it cannot be opened, or is not a regular file.
    """
    _require_regular(path, path.stat())
    descriptor = os.open(path, _FLAGS)
    try:
        _require_regular(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def open_raw(path: Path) -> FileIO:
    """Open a regular file for reading, without a buffer; otherwise as `open_descriptor`."""
    return FileIO(open_descriptor(path), "rb")


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading; otherwise as `open_descriptor`."""
    return BufferedReader(open_raw(path))


@contextmanager
def reading(path: Path, advice: str) -> Iterator[BufferedReader]:
    """Open a regular file for reading, and turn an `OSError` meanwhile into one line for the user.

    Args:
        path: the file.
        advice: what the user can do if it cannot be read.

    Raises:
        InputError: it cannot be read, or is not a regular file.
    """
    try:
        with open_regular(path) as file:
            yield file
    except OSError as error:
        raise InputError(f"{path}: {reason_of(error)}; {advice}") from error


def read_all(place: Path | RemotePath, advice: str) -> bytes:
    """Return the content of a file, here or in a store; otherwise as `reading`."""
    if isinstance(place, Path):
        with reading(place, advice) as file:
            return file.read()
    found = store_of(place.root).find(place)
    if found is None:
        raise InputError(f"{place}: no such file; {advice}")
    with RangedFile(found) as remote:
        return remote.read()


def is_there(path: Path | RemotePath, advice: str) -> bool:
    """Return whether anything is at a path; links are followed.

    Raises:
        InputError: the system does not say: no permission, a loop of links, too long a name.
    """
    if isinstance(path, RemotePath):
        return store_of(path.root).find(path) is not None
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise InputError(f"{path}: {reason_of(error)}; {advice}") from error
    return True


def real_path(path: Path) -> Path:
    """Return where a path leads: absolute and without links; nothing need be there.

    Raises:
        UsageError: it is relative to a current folder that was deleted.
    """
    try:
        return Path(os.path.realpath(path))
    except FileNotFoundError as error:
        raise UsageError(
            f"{path}: the current folder was deleted; go to another or name an absolute path"
        ) from error


def _require_regular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
