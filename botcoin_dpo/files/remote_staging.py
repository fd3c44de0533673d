"""All or nothing in a store: everything is uploaded to a folder of its own, then named in one step.

The step is one write of `CURRENT.json`, on the condition that it is what it was when the run began.
Whoever loses a race has changed nothing, and removes what it uploaded, but nothing of others: what
dead runs left is for `remove_leftovers`.
"""

import hashlib
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from botcoin_dpo import interrupts
from botcoin_dpo.contract.layout import BUILDS, CURRENT, MANIFEST, VERSIONS
from botcoin_dpo.errors import InputError, OutputError, UserError, writing
from botcoin_dpo.files.atomic_file import new_file
from botcoin_dpo.files.current import current_content, read_current
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.input_versions import (
    InputVersions,
    read_versions,
    versions_content,
    versions_place,
)
from botcoin_dpo.files.named_files import copy_file, open_regular
from botcoin_dpo.files.object_store import Conflict, store_of
from botcoin_dpo.files.remote_path import RemotePath, Version
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.files.staging import Product, StagingFolder

_ELSEWHERE = "name another folder"

_NAME = re.compile(r"[0-9a-f]{24}-[0-9a-f]{8}")
"""The names that `_name` makes: a folder of another name is none of ours to remove."""


class RemoteStaging:
    """A folder of a store to publish in, and a local one to make what will stand there."""

    def __init__(self, out: RemotePath, *, noun: str, overwrite: bool = False) -> None:
        """Plan to publish.

        Args:
            out: the folder to publish in.
            noun: what is published, a build or an export; only one of its kind may be replaced.
            overwrite: whether a previous one may be replaced.
        """
        self.out, self._noun, self._overwrite = out, noun, overwrite
        self.previous: Path | RemotePath = out
        """Where the previous one is read."""
        self._replaced: Version | None = None
        self._stack = ExitStack()
        self._uploaded: list[RemotePath] = []
        self._added: dict[str, Path | RemotePath] = {}
        self.dataset = self.scratch = Path()
        """Where the dataset is made, and where anything else may be put meanwhile."""

    def __enter__(self) -> Self:
        """Look at the folder of the store, and make the local ones.

        Raises:
            InputError: the store refuses.
            OutputError: the folder must not be written, or there is no room here.
        """
        self._check_place()
        folder = self._stack.enter_context(scratch_folder())
        self.dataset, self.scratch = folder / "dataset", folder / "scratch"
        with writing(folder):
            self.dataset.mkdir()
            self.scratch.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, name: str, made: Path | RemotePath) -> None:
        """Take over a file of the dataset; see `Staging`."""
        self._added[name] = made

    def previous_versions(self) -> InputVersions:
        """Return the versions of the logs of the previous one; see `Staging`."""
        if self._replaced is None or not isinstance(self.previous, RemotePath):
            return {}
        return read_versions(self.previous)

    def publish(self, logs: Sequence[LogFile] = ()) -> None:
        """Upload the finished dataset, and make it the current one; see `Staging`.

        Raises:
            OutputError: it cannot be written, or another was published meanwhile.
        """
        name = self._name()
        try:
            for path in self._files():
                self._upload(path, name, path.relative_to(self.dataset).as_posix())
            for file, made in self._added.items():
                self._upload(made, name, file)
            self._keep_versions(logs, name)
            with interrupts.committing():
                self._commit(name)
        except _UnknownError as error:  # what was uploaded may be the published one
            raise error.reason from error
        except BaseException:
            with interrupts.held_back(), suppress(OutputError):
                store_of(self.out.root).delete(self._uploaded)
            raise

    def _upload(self, made: Path | RemotePath, name: str, file: str) -> None:
        """Put a file into the folder of the build of a name."""
        interrupts.check()
        store, place = store_of(self.out.root), self.out / BUILDS / name / file
        self._uploaded.append(place)
        if isinstance(made, Path):
            store.put(place, made)
        elif made.root == self.out.root:
            store.copy(made, place)
        else:
            with writing(self.scratch), new_file(self.scratch, "") as copy:
                copy_file(made, copy)
                store.put(place, copy)
                copy.unlink()

    def _keep_versions(self, logs: Sequence[LogFile], name: str) -> None:
        content = versions_content(logs)
        if content is not None:
            place = versions_place(self.out / BUILDS / name)
            self._uploaded.append(place)
            store_of(self.out.root).put(place, content)

    def _commit(self, name: str) -> None:
        content = current_content(self._noun, name)
        try:
            store_of(self.out.root).put_if(self.out / CURRENT, content, self._replaced)
        except Conflict as error:
            if not self._is_published(name):  # a write that is repeated may meet itself
                raise OutputError(
                    f"{self.out}: another run published there meanwhile; look at it, and run again"
                ) from error
        except OutputError as error:
            raise _UnknownError(error) from error

    def _is_published(self, name: str) -> bool:
        try:
            current = read_current(self.out)
        except InputError as error:
            raise _UnknownError(error) from error
        return current is not None and current.folder == self.out / BUILDS / name

    def _files(self) -> Iterator[Path]:
        """Yield all files, the manifest first: by it, what is unfinished is known for a build."""
        files = sorted(path for path in self.dataset.rglob("*") if path.is_file())
        yield from sorted(files, key=lambda path: path != self.dataset / MANIFEST)

    def _name(self) -> str:
        """Return a name that no other run chooses; its start is that of the manifest's digest."""
        with open_regular(next(self._files())) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return f"{digest[:24]}-{secrets.token_hex(4)}"

    def _check_place(self) -> None:
        """Make sure that nothing is lost by publishing here."""
        current = read_current(self.out)
        if current is not None and current.kind == self._noun:
            if not self._overwrite:
                raise OutputError(
                    f"{self.out}: holds a previous {self._noun}; "
                    f"replace it with --overwrite or {_ELSEWHERE}"
                )
            self._replaced = current.version
            self.previous = current.folder
            return
        ours = f"{self.out / BUILDS}/"
        there = store_of(self.out.root).list(self.out)
        if any(not str(path).startswith(ours) for path in there):
            raise OutputError(
                f"{self.out}: exists and is not a previous {self._noun}; {_ELSEWHERE}"
            )


def staging_in(
    target: Path | RemotePath, product: Product, *, overwrite: bool
) -> StagingFolder | RemoteStaging:
    """Return where a product is made and published, local or in a store."""
    if isinstance(target, RemotePath):
        return RemoteStaging(target, noun=product.noun, overwrite=overwrite)
    return StagingFolder(target, product=product, overwrite=overwrite)


class _UnknownError(Exception):
    """Whether the commit was done is not known."""

    def __init__(self, reason: UserError) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What was removed from a folder of a store, or would be."""

    folders: int
    files: int
    size: int
    """Bytes."""

    def as_json(self) -> dict[str, int]:
        """Return what `--json` prints."""
        return {"folders": self.folders, "files": self.files, "bytes": self.size}


def remove_leftovers(out: RemotePath, older_than: timedelta, *, dry_run: bool = False) -> Leftovers:
    """Remove what runs left in a folder of a store: all of ours that is old and not published.

    Args:
        out: the folder.
        older_than: how long nothing was written to what is removed; longer than any run takes.
        dry_run: only count.

    Raises:
        InputError: the store refuses, it does not say what is published, or nothing ever was.
        OutputError: something cannot be removed.
    """
    store = store_of(out.root)
    start = f"{out / BUILDS}/"
    by_folder: dict[str, list[RemotePath]] = defaultdict(list)
    for path in store.list(out / BUILDS):
        name = str(path)[len(start) :].partition("/")[0].removesuffix(VERSIONS)
        if _NAME.fullmatch(name):
            by_folder[name].append(path)
    current = read_current(out)  # after the listing: what is published since is not in it
    if current is None and store.find(out / CURRENT) is not None:
        raise InputError(
            f"{out / CURRENT}: is not ours, so nothing is removed; name another folder"
        )
    if current is None and not by_folder:
        raise InputError(f"{out}: nothing was published there; name the folder given as --out")
    latest = datetime.now(UTC) - older_than
    removed: list[RemotePath] = []
    folders = 0
    for name, paths in by_folder.items():
        is_current = current is not None and current.folder == out / BUILDS / name
        is_old = all(path.version and path.version.modified < latest for path in paths)
        if is_old and not is_current:
            folders += 1
            removed += paths
    if not dry_run:
        store.delete(removed)
    return Leftovers(folders, len(removed), sum(p.version.size for p in removed if p.version))
