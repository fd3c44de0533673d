"""How a built dataset is recognised: by the start of its manifest."""

from pathlib import Path

from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.files.named_files import open_regular

_BUILD_MARK = b'"botcoin-dpo/manifest/'


def is_build(folder: Path) -> bool:
    """Return whether a folder is what a build left: it has a manifest of this program."""
    path = folder / MANIFEST
    try:
        with open_regular(path) as manifest:
            return _BUILD_MARK in manifest.read(200)
    except OSError:
        return False
