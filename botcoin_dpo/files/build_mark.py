"""How a built dataset is recognised: by the start of its manifest."""

from pathlib import Path

from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.files.current import read_current
from botcoin_dpo.files.named_files import open_regular
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath

_BUILD_MARK = b'"botcoin-dpo/manifest/'
_START = 200
"""Bytes of a manifest in which the mark stands."""


def is_build(folder: Path | RemotePath) -> bool:
    """Return whether a folder is what a build left: it has a manifest of this program.

    In a store, so is one that says which folder is the build.

    Raises:
        InputError: the store does not say.
    """
    if isinstance(folder, RemotePath):
        return _is_remote_build(folder)
    path = folder / MANIFEST
    try:
        with open_regular(path) as manifest:
            return _BUILD_MARK in manifest.read(_START)
    except OSError:
        return False


def _is_remote_build(folder: RemotePath) -> bool:
    if folder.is_web:
        return False
    if read_current(folder) is not None:
        return True
    store = store_of(folder.root)
    manifest = store.find(folder / MANIFEST)
    return manifest is not None and _BUILD_MARK in store.read(manifest, 0, _START)
