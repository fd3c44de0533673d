"""Which folder is published in a store: `CURRENT.json` names it, and changes in one step.

Contract: schemas/README.md, "Publishing to a store".
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botcoin_dpo.contract.layout import BUILDS, CURRENT
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath, Version

_FORMAT = "botcoin-dpo/current/v1"
_MOST_READ = 4_000
_FOLDER = re.compile(rf"{BUILDS}/[0-9a-z-]{{1,80}}")


@dataclass(frozen=True, slots=True)
class Current:
    """What `CURRENT.json` says, and the version of it that said so."""

    kind: str
    """What is published: a build, or an export."""
    folder: RemotePath
    version: Version


def read_current(out: RemotePath) -> Current | None:
    """Return what is published in a folder of a store, None if nothing of ours is.

    Raises:
        InputError: the store does not say.
    """
    if out.is_web:
        return None
    store = store_of(out.root)
    found = store.find(out / CURRENT)
    if found is None or found.version is None:
        return None
    content = _parsed(store.read(found, 0, _MOST_READ))
    if content is None:
        return None
    return Current(content["kind"], out / content["folder"], found.version)


def current_content(kind: str, name: str) -> bytes:
    """Return what `CURRENT.json` holds once a folder of a name is published."""
    content = {"schema_version": _FORMAT, "kind": kind, "folder": f"{BUILDS}/{name}"}
    return (json.dumps(content, indent=2) + "\n").encode()


def published_in(place: Path | RemotePath) -> Path | RemotePath:
    """Return the folder whose files are to be read: what is published there, or the place itself.

    Raises:
        InputError: the store does not say, or has no such bucket.
    """
    if isinstance(place, Path):
        return place
    current = read_current(place)
    if current is not None:
        return current.folder
    if not place.is_web:  # a look at one object does not tell that there is no bucket
        next(store_of(place.root).list(place), None)
    return place


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except ValueError:
        return None
    if not isinstance(value, dict) or value.get("schema_version") != _FORMAT:
        return None
    texts = [value.get("kind"), value.get("folder")]
    is_ours = all(isinstance(text, str) for text in texts) and _FOLDER.fullmatch(value["folder"])
    return value if is_ours else None
