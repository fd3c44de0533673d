"""An exported folder as it lies on disk: how one is known, and which files belong to it."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from botcoin_dpo.dataset.front_matter import CARD, read_front_matter
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.staging import Product

_PATTERN = re.compile(r"[\w-][\w.-]{0,99}/[\w.*-]{1,100}", re.ASCII)
_FILE_NAME = re.compile(r"-[0-9]{5}-of-[0-9]{5}\.(?:parquet|jsonl)")

TAG = "botcoin-dpo"
"""The tag by which the card of an export is known."""

RLVR, VERL_RLVR = "rlvr", "verl_rlvr"
"""The configs that `REWARD` belongs to."""

REWARD = "reward.py"
"""Computes rewards for answers to the prompts of tasks; a copy of the module of that name."""

CROISSANT = "croissant.json"
"""Describes the files for readers of Croissant metadata; every export has it."""

DATASET_INFO = "dataset_info.json"
"""Tells LLaMA-Factory how to read the files; every export has it."""


def files_beside(configs: Collection[str]) -> list[str]:
    """Return the files that these configs have beside their tables."""
    return [CROISSANT, DATASET_INFO, *([REWARD] if {RLVR, VERL_RLVR} & {*configs} else [])]


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
        raise ValueError("configs is not a list")
    listed: dict[str, dict[str, list[Path]]] = {}
    for config in configs:
        try:
            name, entries = config["config_name"], config["data_files"]
            splits = {
                _text(entry["split"]): [
                    path for path in sorted(folder.glob(_inside(entry["path"]))) if path.is_file()
                ]
                for entry in entries
            }
        except (KeyError, TypeError) as error:
            raise ValueError("an entry of configs lacks a name, a split or a path") from error
        listed[_text(name)] = splits
    return listed


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a name is not a text but {type(value).__name__}")
    return value


def _inside(pattern: Any) -> str:
    """Return a pattern that cannot leave the folder."""
    if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern) or ".." in pattern:
        raise ValueError(f"{str(pattern)[:80]!a} is no path of an export")
    return pattern


def _files_of(folder: Path) -> set[str]:
    """Return the files that an export wrote: their names say what they are."""
    try:
        listed = listed_files(read_front_matter(folder), folder)
    except (InputError, ValueError):
        return {CARD}
    names = {
        f"{path.parent.name}/{path.name}"
        for config, splits in listed.items()
        for split, paths in splits.items()
        for path in paths
        if path.parent.name == config and _FILE_NAME.fullmatch(path.name.removeprefix(split))
    }
    return {CARD, *names, *files_beside(listed)}


EXPORT = Product("export", is_export, _files_of)
