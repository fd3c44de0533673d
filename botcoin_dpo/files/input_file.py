"""An input file as discovery found it: where it lies, and how its bytes are to be read."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from botcoin_dpo.files.remote_path import RemotePath

STANDARD_INPUT = "-"
Layout = Literal["lines", "values"]


Compression = Literal["", "gz", "zst"]

_LARGE = 10**9
"""Bytes of a file. More of a compressed one take minutes to an hour, whatever else is idle."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log file, not opened yet."""

    path: Path | RemotePath | None
    """None for standard input."""
    name: str
    """As manifests and quarantine entries name it."""
    layout: Layout = "lines"
    compression: Compression = ""
    size: int = 0
    """Bytes on disk when it was found; 0 for standard input."""
    problem: str | None = None
    """Why it cannot be read, where that is known already."""

    @property
    def is_read_in_place(self) -> bool:
        """Whether a record of it can be read again where it lies."""
        return isinstance(self.path, Path) and not self.compression

    @property
    def is_divisible(self) -> bool:
        """Whether ranges of it can be scanned at the same time."""
        return self.path is not None and not self.compression and self.layout == "lines"


def large_indivisible(files: Iterable[LogFile]) -> list[LogFile]:
    """Return the large files that cannot be divided."""
    return [file for file in files if file.size > _LARGE and not file.is_divisible]


def display_name(name: str | Path | RemotePath) -> str:
    """Return a file name that is valid UTF-8, whatever bytes the file system holds."""
    return os.fsencode(str(name)).decode(errors="backslashreplace")
