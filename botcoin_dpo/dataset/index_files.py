"""The index of a build: what its scans found, segment by segment, in files of some size.

Each file starts with the head and holds whole segments. Contract: schemas/README.md, "The index".
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from botcoin_dpo.contract.layout import INDEX, MANIFEST
from botcoin_dpo.dataset.file_plan import Piece, PlannedFile, plan_files
from botcoin_dpo.dataset.line_files import WrittenFile
from botcoin_dpo.dataset.listed_files import IndexFile
from botcoin_dpo.engines.blobs import Blob, HeldBlob
from botcoin_dpo.errors import InputError, writing
from botcoin_dpo.files.input_versions import InputVersions
from botcoin_dpo.files.named_files import open_place, open_regular
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.logs.index import IndexHead, PreviousIndex, head_frame

_PIECE = 1 << 20


class IndexPart(NamedTuple):
    """The frames of segments that follow each other."""

    blob: Blob
    sizes: Sequence[int]
    """Bytes of the frames of each segment."""

    @property
    def lines(self) -> int:
        """How many segments there are."""
        return len(self.sizes)

    @property
    def bytes(self) -> int:
        """Of all frames."""
        return sum(self.sizes)

    def lengths(self) -> Sequence[int]:
        """Return the bytes of the frames of each segment."""
        return self.sizes


def plan_index(parts: Iterable[IndexPart], head: IndexHead, most_bytes: int) -> list[PlannedFile]:
    """Divide an index into files.

    Args:
        parts: the frames of all segments, in order.
        head: what every file starts with.
        most_bytes: most bytes of the segments of a file that holds more than one.
    """
    planned = plan_files({INDEX: list(parts)}, [INDEX], most_bytes)
    return [with_head(file, head) for file in planned]


def with_head(file: PlannedFile, head: IndexHead) -> PlannedFile:
    """Return a file of the index with the head before its segments."""
    frame = head_frame(head)
    return file._replace(pieces=[Piece(HeldBlob(frame), 0, len(frame), True), *file.pieces])


def index_files_in(written: Iterable[WrittenFile]) -> list[IndexFile]:
    """Return the files of the index, as the manifest lists them."""
    return [IndexFile(file.path, file.bytes, file.sha256) for file in written if file.key == INDEX]


def copied_index(build: RemotePath, scratch: Path) -> Path:
    """Copy the index and the manifest of a build in a store to a new folder, and return that.

    Raises:
        InputError: the store refuses.
        OutputError: there is no room for it.
    """
    folder = scratch / "previous"
    with writing(folder):
        (folder / INDEX).mkdir(parents=True)
    _copy(build, MANIFEST, folder)
    for file in _listed(folder):
        _copy(build, file["path"], folder)
    return folder


def read_index(
    folder: Path, head: IndexHead, versions: InputVersions | None = None
) -> PreviousIndex | None:
    """Return the index of a previous build; None where there is none that can be trusted.

    Args:
        folder: the build.
        head: what each file of the index must start with.
        versions: those of the logs that the build was made of, as far as they are kept.
    """
    listed = _listed(folder)
    paths = [folder / file["path"] for file in listed]
    try:
        found = [_sha256(path) for path in paths]
    except (InputError, OSError):
        return None
    if not listed or found != [file["sha256"] for file in listed]:
        return None
    return PreviousIndex(paths, head, versions)


def _listed(folder: Path) -> list[dict[str, str]]:
    """Return the files of the index, as the manifest of a build lists them; none if it is damaged.

    The manifest is checked, as a name in another could lead anywhere.
    """
    from botcoin_dpo.dataset.manifest import read_manifest  # which lists what is made here

    try:
        files: list[dict[str, str]] = read_manifest(folder)["index_files"]
    except InputError:
        return []
    return files


def _copy(build: RemotePath, name: str, folder: Path) -> None:
    found = store_of(build.root).find(build / name)
    if found is not None:
        with writing(folder), (folder / name).open("wb") as copy, open_place(found) as file:
            while piece := file.read(_PIECE):
                copy.write(piece)


def _sha256(path: Path) -> str:
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
