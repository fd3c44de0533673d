"""`manifest.json`: what a build read, what became of every record, what it wrote.

Contract: schemas/README.md, "What a build writes"; `schemas/manifest.schema.json`.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.layout import MANIFEST, FactKind
from botcoin_dpo.contract.rejections import Cause
from botcoin_dpo.contract.schemas import SchemaName
from botcoin_dpo.dataset.front_matter import CARD
from botcoin_dpo.dataset.listed_files import FactFile, IndexFile, QuarantineFile, Shard
from botcoin_dpo.dataset.quarantine import QUARANTINE
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.hashed_file import HashedFile
from botcoin_dpo.files.named_files import is_there, read_all
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.staging import Product
from botcoin_dpo.logs import strict_json

MANIFEST_VERSION = "botcoin-dpo/manifest/v1"
FILES_OF: dict[FactKind, str] = {"attempts": "attempt_files", "challenges": "challenge_files"}
"""Under which key of a manifest the files of attempts and of challenges are listed."""
_PIECES = 10_000


def make_manifest(
    *,
    tool_version: str,
    options: dict[str, Any],
    inputs: list[dict[str, Any]],
    funnel: dict[str, Any],
    shards: list[Shard],
    facts: Mapping[FactKind, Sequence[FactFile]] | None = None,
    quarantine: QuarantineFile,
    index_files: Sequence[IndexFile],
) -> dict[str, Any]:
    """Return a manifest; no time of day and no absolute path is in it."""
    names: list[SchemaName] = ["attempt", "challenge", "pair"]
    if facts is not None:
        names += ["attempt_facts", "challenge_facts"]
    manifest: dict[str, Any] = {
        "schema_version": MANIFEST_VERSION,
        "tool": {"name": "botcoin-dpo", "version": tool_version},
        "schemas": {name: schemas.load(name)["$id"] for name in names},
        "options": options,
        "inputs": inputs,
        "funnel": funnel,
        "shards": [shard._asdict() for shard in shards],
        "quarantine": quarantine._asdict(),
        "index_files": [file._asdict() for file in index_files],
    }
    for kind, files in (facts or {}).items():
        manifest[FILES_OF[kind]] = [file._asdict() for file in files]
    return manifest


def write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """Write `manifest.json`, indented for people."""
    # In pieces: a million inputs are 100 MB of text, made of pieces that take 800 MB.
    pieces = json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(manifest)
    with HashedFile(folder / MANIFEST) as file:
        while piece := "".join(islice(pieces, _PIECES)):
            file.write(piece.encode())
        file.write(b"\n")


def load_manifest(folder: Path | RemotePath) -> Any:
    """Return the manifest of a build, unchecked.

    Raises:
        InputError: there is none, or it is not JSON.
    """
    path = folder / MANIFEST
    advice = "name a built folder"
    if not is_there(path, advice):
        raise InputError(f"{path}: no such file; {advice}")
    content = read_all(path, advice)
    manifest = strict_json.decode(content)
    if isinstance(manifest, Cause):
        raise InputError(f"{path}: {manifest.detail}; build the dataset again")
    return manifest


def read_manifest(folder: Path | RemotePath) -> dict[str, Any]:
    """Return the manifest of a build.

    Raises:
        InputError: there is none, or it is not a manifest of this version.
    """
    manifest = load_manifest(folder)
    if not schemas.is_valid("manifest", manifest):
        problem = schemas.first_violation("manifest", manifest)
        raise InputError(
            f"{folder / MANIFEST}: {problem.pointer or '/'}: {problem.message}; "
            "build the dataset again"
        )
    assert isinstance(manifest, dict)
    return manifest


def build_files(folder: Path) -> set[str]:
    """Return the files that belong to a build, relative to it; its manifest may be damaged."""
    try:
        manifest = load_manifest(folder)
        others = [*FILES_OF.values(), "index_files"]
        listed = [manifest["shards"], *(manifest.get(name, []) for name in others)]
        if "index" in manifest:  # one file, as earlier versions wrote it
            listed.append([manifest["index"]])
        paths = {str(file["path"]) for files in listed for file in files}
    except (InputError, KeyError, TypeError, AttributeError):
        return {MANIFEST}
    return {MANIFEST, CARD, QUARANTINE, *paths}


BUILD = Product("build", is_build, build_files)
