"""Files in the user's cache that are made of a dataset, so that the next look takes no time.

The name of one holds a key, which says what it was made of, and a digest of its content: one that
was damaged is not used.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import xxhash
from platformdirs import user_cache_path

from botcoin_dpo.errors import InputError
from botcoin_dpo.files.atomic_file import new_file
from botcoin_dpo.files.named_files import open_regular

_MOST_KEPT = 8
"""Files of one kind; the oldest are removed."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """Files of one kind: `KIND-KEY-DIGEST.SUFFIX`."""

    folder: Path
    kind: str
    suffix: str

    def place(self, key: str) -> Path:
        """Return what messages call a file."""
        return self.folder / f"{self.kind}-{key}"

    def find(self, key: str) -> Path | None:
        """Return the file that is kept with all its bytes; remove what is damaged."""
        for kept in self.folder.glob(self._named(key, "*").name):
            if kept.is_file():
                if kept == self._named(key, _digest(kept)):
                    os.utime(kept)
                    return kept
                kept.unlink(missing_ok=True)
        return None

    def make(self, key: str, write: Callable[[Path], None]) -> Path:
        """Write a file, all or nothing, and remove those that nobody has used for long."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with new_file(self.folder, f".{self.kind}-") as path:
            write(path)
            made_at = path.rename(self._named(key, _digest(path)))
        every = self.folder.glob(f"{self.kind}-*.{self.suffix}")
        kept = sorted(every, key=lambda each: each.stat().st_mtime)
        for old in kept[:-_MOST_KEPT]:
            with suppress(OSError):
                old.unlink()
        return made_at

    def _named(self, key: str, digest: str) -> Path:
        return self.folder / f"{self.kind}-{key}-{digest}.{self.suffix}"


def _digest(path: Path) -> str:
    """Return the XXH3-128 of a file, in hexadecimal."""
    digest = xxhash.xxh3_128()
    with open_regular(path) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def user_cache() -> Path:
    """Return the folder of files that are kept for this user.

    Raises:
        InputError: there is none.
    """
    try:
        return user_cache_path("botcoin-dpo", appauthor=False)
    except RuntimeError as error:  # a user without a home, as in some containers
        raise InputError("no home folder for the cache; set XDG_CACHE_HOME to a folder") from error
