"""An exported folder as it lies on disk: how one is known, and which files belong to it."""

from pathlib import Path
from typing import Any

from botcoin_dpo.dataset.front_matter import CARD, read_front_matter
from botcoin_dpo.dataset.publishing import Product
from botcoin_dpo.errors import InputError

TAG = "botcoin-dpo"
"""The tag by which the card of an export is known."""


def is_export(folder: Path) -> bool:
    """Return whether a folder is what an export left: its card says so."""
    try:
        tags = read_front_matter(folder).get("tags")
    except InputError:
        return False
    return isinstance(tags, list) and TAG in tags


def listed_files(card: dict[str, Any], folder: Path) -> dict[str, dict[str, list[Path]]]:
    """Return the files that a card lists, by config and split; a pattern may find none.

    Raises:
        ValueError: the card does not list files as an export does.
    """
    configs = card.get("configs")
    if not isinstance(configs, list):
        raise ValueError("configs is no list")
    listed: dict[str, dict[str, list[Path]]] = {}
    for config in configs:
        try:
            name, entries = config["config_name"], config["data_files"]
            splits = {
                entry["split"]: sorted(folder.glob(_inside(entry["path"]))) for entry in entries
            }
        except (KeyError, TypeError) as error:
            raise ValueError("an entry of configs lacks a name, a split or a path") from error
        listed[str(name)] = splits
    return listed


def _inside(pattern: Any) -> str:
    """Return a pattern that cannot leave the folder."""
    if not isinstance(pattern, str) or not pattern or ".." in pattern or pattern.startswith("/"):
        raise ValueError(f"{str(pattern)[:80]!a} is no path inside the folder")
    return pattern


def _files_of(folder: Path) -> set[str]:
    try:
        listed = listed_files(read_front_matter(folder), folder)
    except (InputError, ValueError):
        return {CARD}
    paths = (path for splits in listed.values() for files in splits.values() for path in files)
    return {CARD, *(str(path.relative_to(folder)) for path in paths)}


EXPORT = Product("export", is_export, _files_of)
