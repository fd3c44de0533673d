"""The versions of a build's remote logs, kept beside it in a store.

By them, an update knows that a log is what it was without reading it. No published file holds
them, since a build of local copies of the logs has the same bytes. Contract: schemas/README.md,
"Publishing to a store".
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from botcoin_dpo.contract.layout import VERSIONS
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.ranged_file import RangedFile
from botcoin_dpo.files.remote_path import RemotePath

_FORMAT: Final = "botcoin-dpo/versions/v1"
_MOST_READ = 10**9
"""Bytes; those of a million logs have some 150 MB."""


class InputVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which object a log was, in which state."""

    url: str
    """An ETag says nothing of other objects."""
    size: int
    etag: str


InputVersions = Mapping[str, InputVersion]
"""By the name that the manifest has for each log."""


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema_version: Literal["botcoin-dpo/versions/v1"]
    inputs: dict[str, InputVersion]


def version_of(file: LogFile) -> InputVersion | None:
    """Return the version of a log in a store; None for others, and if the store has no ETags.

    What an `https://` URL names may depend on its query, which is not to be kept.
    """
    path = file.path
    if not isinstance(path, RemotePath) or path.is_web:
        return None
    if path.version is None or path.version.etag is None:
        return None
    return InputVersion(str(path), path.version.size, path.version.etag)


def versions_place(build: RemotePath) -> RemotePath:
    """Return where the versions of the logs of a build are kept."""
    return RemotePath(build.root, build.key + VERSIONS)


def versions_content(files: Iterable[LogFile]) -> bytes | None:
    """Return what is kept of logs, None if that is nothing."""
    found = {file.name: version_of(file) for file in files}
    inputs = {name: version for name, version in found.items() if version is not None}
    return msgspec.json.encode(_Kept(_FORMAT, inputs)) if inputs else None


def read_versions(build: RemotePath) -> InputVersions:
    """Return what is kept of the logs of a build; nothing if it is not what a build wrote.

    Raises:
        InputError: the store refuses.
    """
    found = store_of(build.root).find(versions_place(build))
    if found is None or found.version is None or found.version.size > _MOST_READ:
        return {}
    with RangedFile(found) as file:
        content = file.read()
    try:
        return msgspec.json.decode(content, type=_Kept).inputs
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}
