"""Notices that a dataset is replaced or changed while it is read.

Whoever reads one sees parts of two then, and would find fault with both. A dataset is known by its
folder and by what describes it, `manifest.json` or the card, which every build and export writes
anew; a file of rows is known by itself. Nothing is looked at for each row.
"""

import errno
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.dataset.front_matter import CARD
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.input_file import STANDARD_INPUT
from botcoin_dpo.files.remote_path import RemotePath

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)
"""Why a file cannot be read that was there before."""

_State = tuple[int, ...]
"""What differs between two files or folders, or between two states of one."""


class Unchanged:
    """Holds a dataset against what it was when this was made, whenever a `with` block ends.

    Whatever goes wrong in the block is the change's fault, if there was one.
    """

    def __init__(self, path: Path | RemotePath) -> None:
        """Remember a build, an export or a file of rows, whether or not it is there."""
        self._path = path
        self._states = list(_states(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """End a block that reads the dataset.

        Raises:
            InputError: the dataset is no longer what it was, or a file of it is gone.
        """
        if error is not None and not isinstance(error, Exception):
            return
        is_gone = isinstance(error, OSError) and error.errno in _GONE
        if is_gone or list(_states(self._path)) != self._states:
            raise InputError(f"{self._path}: changed while it was read; try again") from error


def _states(path: Path | RemotePath) -> Iterable[_State | None]:
    """Yield what tells a dataset from another, None for what is not there."""
    if isinstance(path, RemotePath) or str(path) == STANDARD_INPUT:
        return  # what is published in a store is never changed, only replaced by another
    yield _state(path)
    for name in (MANIFEST, CARD):
        yield _state(path / name)


def _state(path: Path) -> _State | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(status.st_mode):
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
    return status.st_dev, status.st_ino  # the rest changes with what is put into a folder or pipe
