"""What a dataset's folder holds, and which links in it lead out of it.

A dataset is a folder that can be copied, uploaded or unpacked elsewhere; a link out of it would
then lead to nothing, or to a file of that machine. Contract: schemas/README.md, "Validation".
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from botcoin_dpo.files.input_file import display_name
from botcoin_dpo.files.named_files import real_path


class FolderFiles(NamedTuple):
    """What a folder holds, by names relative to it."""

    files: set[str]
    """Regular files, also at the end of a link."""
    others: set[str]
    """What is neither that nor a folder: pipes, devices, links that lead to nothing."""
    outside: dict[str, str]
    """Links that lead out of the folder, each with where it leads."""


def look_through(folder: Path, listed: Iterable[str] = ()) -> FolderFiles:
    """Return what a folder holds; folders behind links are not looked through.

    Args:
        folder: the dataset.
        listed: names that are looked up as well, behind whatever links.
    """
    found = FolderFiles({name for name in listed if (folder / name).is_file()}, set(), {})
    home = real_path(folder)
    blobs = _blob_folders(home)
    for entry in folder.rglob("*"):
        name = display_name(entry.relative_to(folder))
        if entry.is_symlink():
            target = real_path(entry)
            if not target.is_relative_to(home) and target.parent not in blobs:
                found.outside[name] = display_name(target)
        if entry.is_file():
            found.files.add(name)
        elif not entry.is_dir():
            found.others.add(name)
    return found


def _blob_folders(home: Path) -> set[Path]:
    """Return where a cache of the Hugging Face Hub keeps the content of a snapshot's files.

    There, `snapshots/REVISION/FILE` is a link to `blobs/HASH`.
    """
    return {
        place.parent.parent / "blobs"
        for place in (home, *home.parents)
        if place.parent.name == "snapshots"
    }
