"""A folder that tasks of several machines share: local on all of them, or in a store.

What lies in it is written whole or not at all, so that whoever sees a name may read what it names.
A task that is run twice, even at the same time, writes the same bytes, and either may win.
"""

import os
import shutil
from pathlib import Path
from typing import Protocol

from botcoin_dpo.errors import InputError, UsageError, reason_of, writing
from botcoin_dpo.files.atomic_file import new_file, umask
from botcoin_dpo.files.named_files import open_regular
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath

_ADVICE = "see that --work names the folder that was planned in"


class WorkFolder(Protocol):
    """Objects by name; a name may have folders in it."""

    def put(self, name: str, content: bytes | Path) -> None:
        """Write an object, in the place of another of that name.

        Args:
            name: its name.
            content: all of it, or a local file, which may be gone afterwards.

        Raises:
            OutputError: it cannot be written.
        """
        ...

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of an object, as far as it has any; by default all.

        Raises:
            InputError: it cannot be read, or is not there.
        """
        ...

    def names(self, folder: str) -> set[str]:
        """Return the names of what lies in a folder, without the folder's.

        Raises:
            InputError: it cannot be listed.
        """
        ...

    def place(self, name: str) -> Path | RemotePath:
        """Return where an object lies."""
        ...


def work_folder(place: Path | RemotePath) -> WorkFolder:
    """Return the folder at a place; it need not be there.

    Raises:
        UsageError: it is a file.
    """
    if isinstance(place, Path) and os.path.isfile(place):  # noqa: PTH113, as it never raises
        raise UsageError(f"--work {place}: is a file; name a folder")
    return _StoreFolder(place) if isinstance(place, RemotePath) else _LocalFolder(place)


class _LocalFolder:
    """A folder of a file system that all tasks see."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes | Path) -> None:
        path = self._root / name
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with new_file(path.parent, ".") as made:
                if isinstance(content, Path):
                    shutil.move(content, made)
                else:
                    made.write_bytes(content)
                _sync(made)
                made.chmod(0o666 & ~umask())
                made.replace(path)

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        path = self._root / name
        try:
            with open_regular(path) as file:
                size = os.fstat(file.fileno()).st_size  # else memory would be taken for any end
                file.seek(start)
                return file.read(max(0, min(size, size if end is None else end) - start))
        except OSError as error:
            raise InputError(f"{path}: {reason_of(error)}; {_ADVICE}") from error

    def names(self, folder: str) -> set[str]:
        path = self._root / folder
        try:
            return {name for name in os.listdir(path) if not name.startswith(".")}  # noqa: PTH208
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise InputError(f"{path}: {reason_of(error)}; {_ADVICE}") from error

    def place(self, name: str) -> Path:
        return self._root / name


class _StoreFolder:
    """A folder of a store."""

    def __init__(self, root: RemotePath) -> None:
        self._root = root
        self._store = store_of(root.root)

    def put(self, name: str, content: bytes | Path) -> None:
        self._store.put(self._root / name, content)

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        path = self._root / name
        if end is None:
            found = self._store.find(path)
            if found is None or found.version is None:
                raise InputError(f"{path}: no such object; {_ADVICE}")
            path, end = found, found.version.size
        return self._store.read(path, start, end)

    def names(self, folder: str) -> set[str]:
        place = self._root / folder
        start = f"{place}/"
        return {str(path).removeprefix(start) for path in self._store.list(place)}

    def place(self, name: str) -> RemotePath:
        return self._root / name


def _sync(path: Path) -> None:
    """Make sure that the content of a file is on the disk before it has its name."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
