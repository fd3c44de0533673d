"""All or nothing: a folder is made beside its place, then put there in one step.

`StagingFolder` owns one output folder while a build runs. Beside `out` lie, while it does,
`.out.botcoin-dpo.lock`, held by the living build (the kernel lets go of it whatever kills the
process), and `.out.botcoin-dpo/` with what is in the making. Whoever holds the lock may remove
what a dead build left, and puts back a previous build if a crash caught it moved away.
"""

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from botcoin_dpo.errors import OutputError, writing
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.input_versions import InputVersions
from botcoin_dpo.files.named_files import copy_file, real_path
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.interrupts import committing, held_back

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ELSEWHERE = "name another folder"


@dataclass(frozen=True, slots=True)
class Product:
    """What is published, and how a previous one is known, which alone may be replaced."""

    noun: str
    is_one: Callable[[Path], bool]
    files_of: Callable[[Path], Iterable[str]]
    """The files that belong to one, relative to it."""


def staging_paths(out: Path) -> tuple[Path, Path, Path]:
    """Return where a build is published, where it is made, and its lock.

    A link stays; what it points to is replaced.

    Raises:
        OutputError: there is no place beside it.
        UsageError: it is relative to a current folder that was deleted.
    """
    real = real_path(out)
    if not real.name:
        raise OutputError(f"{out}: is the root folder; name a folder inside it")
    home = real.with_name(f".{real.name}.botcoin-dpo")
    return real, home, home.with_name(f"{home.name}.lock")


class Staging(Protocol):
    """Where a dataset is made, and how it is published."""

    dataset: Path
    """Where it is made."""
    scratch: Path
    """Where anything else may be put meanwhile."""
    previous: Path | RemotePath
    """Where a previous one is read, if there is one."""

    def add(self, name: str, made: Path | RemotePath) -> None:
        """Take over a file of the dataset, without reading it here where that can be helped.

        Args:
            name: relative to the dataset.
            made: the file, which must not change any more; it stays where it is.

        Raises:
            InputError: it cannot be read.
            OutputError: there is no room for it.
        """
        ...

    def previous_versions(self) -> InputVersions:
        """Return the versions of the logs that the previous one was made of, if they are kept.

        Raises:
            InputError: the store does not say.
        """
        ...

    def publish(self, logs: Sequence[LogFile] = ()) -> None:
        """Put the finished dataset in its place.

        Args:
            logs: what it was made of; their versions are kept, if there is a place beside it.

        Raises:
            OutputError: that cannot be done, or must not be.
        """
        ...


class StagingFolder:
    """Exclusive use of an output folder, and a place to make what will stand there."""

    def __init__(self, out: Path, *, product: Product, overwrite: bool = False) -> None:
        """Plan to publish a product.

        Args:
            out: the folder to publish it as.
            product: what it is.
            overwrite: whether a previous product there may be replaced.
        """
        self.out, self._home, self._lock_path = staging_paths(out)
        self._given = out
        self._overwrite, self._product = overwrite, product
        self.previous: Path | RemotePath = self.out
        """Where a previous one is read."""
        self._previous_place = self._home / "previous"
        self._lock: int | None = None
        self.dataset = self._home / "dataset"
        """Where the dataset is made."""
        self.scratch = self._home / "scratch"
        """Where anything else may be put meanwhile."""

    def __enter__(self) -> Self:
        """Lock the output folder and make the staging folders.

        Raises:
            OutputError: it is in use, or it must not or cannot be written.
        """
        try:
            with writing(self.out), held_back():
                self.out.parent.mkdir(parents=True, exist_ok=True)
                self._lock = _take_lock(self._lock_path, self._given)
                self._recover()
                self._check_place()
                self.dataset.mkdir(parents=True)
                self.scratch.mkdir()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def add(self, name: str, made: Path | RemotePath) -> None:
        """Take over a file of the dataset; see `Staging`."""
        path = self.dataset / name
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(made, Path):
                with suppress(OSError):  # on another file system, or one without hard links
                    path.hardlink_to(made)
                    return
            copy_file(made, path)
            _sync(path)

    def previous_versions(self) -> InputVersions:
        """Return nothing: there is no place for versions beside a local folder."""
        return {}

    def publish(self, logs: Sequence[LogFile] = ()) -> None:
        """Put the finished dataset in its place; see `Staging`."""
        with writing(self.out):
            for folder, _, _ in os.walk(self.dataset):
                _sync(Path(folder))
            if self.out.exists():
                self._check_place()  # it may have come into being since
            with committing():
                if not self.out.exists() or not any(self.out.iterdir()):
                    self.dataset.rename(self.out)
                elif not _exchange(self.dataset, self.out):
                    self.out.rename(self._previous_place)
                    self.dataset.rename(self.out)
                _sync(self.out.parent)

    def _recover(self) -> None:
        """Put back a previous build that was caught aside; remove what else was in the making."""
        if self._previous_place.exists() and not self.out.exists():
            self._previous_place.rename(self.out)
        if self._home.exists():
            shutil.rmtree(self._home)

    def _check_place(self) -> None:
        """Make sure that nothing is lost by publishing here."""
        if self.out.is_symlink():  # it is where all links lead
            raise OutputError(f"{self._given}: a link that leads to itself; {_ELSEWHERE}")
        if not self.out.exists():
            return
        if self.out.is_mount():
            raise OutputError(
                f"{self._given}: is a mount point and cannot be replaced in one step; "
                f"name a folder inside it, such as {self._given / 'build'}"
            )
        if not self.out.is_dir():
            raise OutputError(f"{self._given}: is a file; name a folder")
        if not any(self.out.iterdir()):
            return
        noun = self._product.noun
        if not self._product.is_one(self.out):
            raise OutputError(f"{self._given}: exists and is not a previous {noun}; {_ELSEWHERE}")
        if not self._overwrite:
            raise OutputError(
                f"{self._given}: holds a previous {noun}; "
                f"replace it with --overwrite or {_ELSEWHERE}"
            )
        ours = {self.out / name for name in self._product.files_of(self.out)}
        folders = {folder for path in ours for folder in path.parents}
        for path in self.out.rglob("*"):
            is_ours = path in (folders if path.is_dir() and not path.is_symlink() else ours)
            if not is_ours:
                raise OutputError(
                    f"{path}: is not part of the previous {noun} and would be lost; "
                    f"move it away or {_ELSEWHERE}"
                )

    def _leave(self) -> None:
        """Remove what was in the making and let go of the lock."""
        if self._lock is None:
            return
        with held_back():
            with suppress(OSError):
                self._recover()
            self._lock_path.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None


def _take_lock(path: Path, out: Path) -> int:
    """Return the descriptor of a lock that lasts as long as this process has it open."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise OutputError(
                f"{out}: another run is writing there; wait for it or {_ELSEWHERE}"
            ) from error
        except BaseException:
            os.close(descriptor)
            raise
        try:
            is_current = path.stat().st_ino == os.fstat(descriptor).st_ino
        except FileNotFoundError:
            is_current = False
        if is_current:
            return descriptor
        os.close(descriptor)  # its owner was just leaving, and took the file with it


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; return False where the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done = rename(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(code, os.strerror(code), os.fspath(other))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
