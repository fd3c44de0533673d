"""What log arguments hold, and which names are those of logs.

Contract: schemas/README.md, "Files".
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from botcoin_dpo.files.input_file import Compression, Layout, LogFile

SkipReason = Literal["other_file", "dot_file", "former_build", "reached_twice"]

_LAYOUTS: dict[str, Layout] = {".jsonl": "lines", ".ndjson": "lines", ".json": "values"}
_COMPRESSIONS: dict[str, Compression] = {".gz": "gz", ".zst": "zst"}


@dataclass(slots=True)
class FoundLogs:
    """What the log arguments hold."""

    files: list[LogFile] = field(default_factory=list)
    skipped: Counter[SkipReason] = field(default_factory=Counter)


def kind_of_log(name: str) -> tuple[Layout, Compression] | None:
    """Return how a file of this name is read, None if it is no log."""
    stem, extension = os.path.splitext(name.lower())  # noqa: PTH122 - a name, not a path
    compression = _COMPRESSIONS.get(extension, "")
    if compression:
        extension = os.path.splitext(stem)[1]  # noqa: PTH122
    layout = _LAYOUTS.get(extension)
    return (layout, compression) if layout else None
