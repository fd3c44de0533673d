"""The index of a build as one file: what its scans found, segment by segment."""

import hashlib
from pathlib import Path

from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.dataset.listed_files import IndexFile
from botcoin_dpo.engines.blobs import Blob
from botcoin_dpo.errors import InputError, writing
from botcoin_dpo.files.hashed_file import HashedFile
from botcoin_dpo.files.named_files import open_place, open_regular
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.logs.index import INDEX, IndexHead, PreviousIndex, head_frame

_PIECE = 1 << 20


def write_index(folder: Path, head: IndexHead, segments: Blob) -> IndexFile:
    """Put the head before the frames of all segments."""
    with HashedFile(folder / INDEX) as file:
        file.write(head_frame(head))
        for start in range(0, len(segments), _PIECE):
            file.write(segments.read(start, start + _PIECE))
    return IndexFile(INDEX, file.size, file.sha256)


def copied_index(build: RemotePath, scratch: Path) -> Path:
    """Copy the index and the manifest of a build in a store to a new folder, and return that.

    Raises:
        InputError: the store refuses.
        OutputError: there is no room for it.
    """
    folder = scratch / "previous"
    with writing(folder):
        folder.mkdir()
        for name in (MANIFEST, INDEX):
            found = store_of(build.root).find(build / name)
            if found is not None:
                with (folder / name).open("wb") as copy, open_place(found) as file:
                    while piece := file.read(_PIECE):
                        copy.write(piece)
    return folder


def read_index(folder: Path, head: IndexHead) -> PreviousIndex | None:
    """Return the index of a previous build; None where there is none that can be trusted."""
    from botcoin_dpo.dataset.manifest import load_manifest  # which lists what is made here

    path = folder / INDEX
    try:
        listed = load_manifest(folder)["index"]["sha256"]
        with open_regular(path) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (InputError, OSError, KeyError, TypeError):
        return None
    return PreviousIndex(path, head) if listed == found else None
