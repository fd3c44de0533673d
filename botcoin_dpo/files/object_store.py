"""Stores of objects: listed, read in ranges, written as a whole or on a condition, deleted.

All of it is done by `obstore`, an extra, whose settings come from the environment: `AWS_*` and
their like. A read is of one state of an object, and fails if that was replaced. Requests end after
a minute, and are repeated for two at most. The library has threads: processes that were forked
from one that used it hang (see `make_engine`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.errors import ChangedError, InputError, OutputError, UsageError
from botcoin_dpo.files.background import waited_for
from botcoin_dpo.files.remote_path import RemotePath, Version

_TIMEOUTS = {"timeout": "60s", "connect_timeout": "5s"}
_RETRIES = {
    "max_retries": 8,
    "retry_timeout": timedelta(minutes=2),
    "backoff": {
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=15),
        "base": 2,
    },
}
"""Eight repetitions take some 25 seconds, where a store asks for less."""

_MOST_DELETED = 1000
"""Objects in a request."""


class Conflict(Exception):
    """What was to be replaced, or not to be there, is not what it was thought to be."""


class ObjectStore(Protocol):
    """What lies under one root; the names that it takes and gives are those of `RemotePath`."""

    def list(self, folder: RemotePath) -> Iterator[RemotePath]:
        """Yield what lies in a folder, at any depth, in no order, each with its version.

        Raises:
            InputError: it cannot be listed.
        """
        ...

    def find(self, path: RemotePath) -> RemotePath | None:
        """Return an object with its version, None if there is none, be it for want of a bucket.

        Raises:
            InputError: the store does not say.
        """
        ...

    def read(self, path: RemotePath, start: int, end: int) -> bytes:
        """Return a range of an object, in the version that the path names.

        Raises:
            InputError: it cannot be read, or is another version by now.
        """
        ...

    def put(self, path: RemotePath, content: bytes | Path) -> None:
        """Write an object as a whole: a text, or a copy of a local file.

        Raises:
            OutputError: it cannot be written.
        """
        ...

    def copy(self, source: RemotePath, target: RemotePath) -> None:
        """Copy an object within the store.

        Raises:
            OutputError: it cannot be copied.
        """
        ...

    def put_if(self, path: RemotePath, content: bytes, replaced: Version | None) -> None:
        """Write an object if it replaces one version, or, for None, if there is none.

        Raises:
            Conflict: there is another.
            OutputError: it cannot be written.
        """
        ...

    def delete(self, paths: Iterable[RemotePath]) -> None:
        """Delete objects; those that are not there count as deleted.

        Raises:
            OutputError: one cannot be deleted.
        """
        ...


@lru_cache(maxsize=64)
def store_of(root: str) -> ObjectStore:
    """Return the store that a remote path's root names; a process has one of each.

    Raises:
        UsageError: the library is not installed.
        InputError: the settings in the environment cannot be used.
    """
    try:
        import obstore
        from obstore.store import AzureStore, GCSStore, HTTPStore, S3Store
    except ImportError as error:
        from botcoin_dpo.extras import how_to_install

        raise UsageError(
            f"{RemotePath(root, '')}: object storage needs obstore; {how_to_install('s3')}"
        ) from error
    try:
        scheme, _, bucket = root.partition("://")
        if scheme == "https":
            store = HTTPStore.from_url(root, client_options=_TIMEOUTS, retry_config=_RETRIES)
        else:  # as client options, timeouts would undo all of those in the environment
            kind = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}[scheme]
            store = kind(bucket, config=_TIMEOUTS, retry_config=_RETRIES)
        return _ObstoreStore(obstore, store)
    except (ValueError, obstore.exceptions.BaseError) as error:  # a part of it may be a secret
        from botcoin_dpo.files.store_errors import unusable_settings

        reason, advice = unusable_settings(error)
        raise InputError(f"{RemotePath(root, '')}: {reason}; {advice}") from error


class _ObstoreStore:
    """A store, by obstore."""

    def __init__(self, library: Any, store: Any) -> None:
        self._library, self._store = library, store
        errors = library.exceptions
        self._errors = (errors.BaseError, FileNotFoundError, PermissionError, ValueError)
        self._conflicts = (errors.PreconditionError, errors.AlreadyExistsError)

    def list(self, folder: RemotePath) -> Iterator[RemotePath]:
        with self._reading(folder):
            pages = iter(self._library.list(self._store, folder.key or None, chunk_size=1000))
            while page := waited_for(lambda: next(pages, None)):
                for meta in page:
                    yield RemotePath(folder.root, meta["path"], _version(meta))

    def find(self, path: RemotePath) -> RemotePath | None:
        with self._reading(path):
            try:
                meta = waited_for(lambda: self._meta(path))
            except FileNotFoundError as error:
                if "<Code>NoSuchBucket" in str(error):
                    raise
                return None
        return path.at(_version(meta))

    def read(self, path: RemotePath, start: int, end: int) -> bytes:
        version = path.version
        if version is not None:
            end = min(end, version.size)
        if start >= end:
            return b""
        try:
            with self._reading(path):
                meta, content = waited_for(lambda: self._range(path, start, end))
                is_changed = version is not None and not version.is_same(_version(meta))
        except _ChangedError:
            is_changed = True
        if is_changed:
            raise ChangedError(
                f"{path}: changed while it was read; run again once nothing writes to it"
            )
        if version is not None and len(content) != end - start:
            raise InputError(f"{path}: a part of it is missing in the answer; run again")
        return content

    def put(self, path: RemotePath, content: bytes | Path) -> None:
        with self._writing(path):
            waited_for(lambda: self._library.put(self._store, path.key, content))

    def copy(self, source: RemotePath, target: RemotePath) -> None:
        with self._writing(target):
            self._library.copy(self._store, source.key, target.key)

    def put_if(self, path: RemotePath, content: bytes, replaced: Version | None) -> None:
        mode: Any = "create"
        if replaced is not None:
            known = {"e_tag": _quoted(replaced.etag), "version": replaced.number}
            mode = {name: value for name, value in known.items() if value is not None}
        with self._writing(path):
            try:
                waited_for(lambda: self._library.put(self._store, path.key, content, mode=mode))
            except (*self._conflicts, FileNotFoundError) as error:
                if "<Code>NoSuchBucket" in str(error):
                    raise
                raise Conflict from error

    def delete(self, paths: Iterable[RemotePath]) -> None:
        waiting = list(paths)
        for start in range(0, len(waiting), _MOST_DELETED):
            keys = [path.key for path in waiting[start : start + _MOST_DELETED]]
            with self._writing(waiting[start]):
                waited_for(partial(self._library.delete, self._store, keys))

    def _meta(self, path: RemotePath) -> Any:
        if not path.is_web:  # a signature for GET is none for HEAD
            try:
                return self._library.head(self._store, path.key)
            except self._library.exceptions.PermissionDeniedError:
                pass  # only the answer to GET says why
        return self._get(path, 0, 1).meta

    def _range(self, path: RemotePath, start: int, end: int) -> tuple[Any, bytes]:
        result = self._get(path, start, end)
        return result.meta, bytes(result.bytes())

    def _get(self, path: RemotePath, start: int, end: int) -> Any:
        options: dict[str, Any] = {"range": (start, end)}
        if path.version is not None and path.version.etag is not None:
            options["if_match"] = _quoted(path.version.etag)
        return self._library.get(self._store, path.key, options=options)

    @contextmanager
    def _reading(self, path: RemotePath) -> Iterator[None]:
        """Turn what the library raises into one line for the user."""
        try:
            yield
        except self._library.exceptions.InvalidPathError as error:
            raise InputError(
                f"{path}: holds an object with a name that cannot be used "
                f"({_odd_name(error)}); name another folder, or rename it"
            ) from error
        except self._conflicts as error:
            raise _ChangedError from error
        except self._errors as error:
            raise InputError(_refusal(path, error)) from error

    @contextmanager
    def _writing(self, path: RemotePath) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise OutputError(_refusal(path, error)) from error


class _ChangedError(Exception):
    """The object is no longer the version that was to be read."""


def _refusal(path: RemotePath, error: BaseException) -> str:
    from botcoin_dpo.files.store_errors import refused

    reason, advice = refused(error, is_web=path.is_web)
    return f"{path}: {reason}; {advice}"


def _version(meta: Any) -> Version:
    etag = meta["e_tag"]
    if etag is not None:  # by RFC 9110 a weak one never matches; not all listings have quotes
        etag = None if etag.startswith("W/") else etag.strip('"')
    return Version(meta["size"], etag, meta["last_modified"], meta["version"])


def _quoted(etag: str | None) -> str | None:
    return None if etag is None else f'"{etag}"'


def _odd_name(error: BaseException) -> str:
    """Return the name that an error complains of, as far as it says so."""
    _, quote, rest = str(error).partition('"')
    return sanitize_line(rest.partition('"')[0][:200]) if quote else "an empty part of a path"
