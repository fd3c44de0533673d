"""Records that were set aside, on disk: one JSON line each, sorted by file, place and reason.

Entries arrive in any order and may be as many as records: they go to a scratch file, and only
their sort keys are held. Contract: schemas/README.md, "Nothing is lost".
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile
from typing import NamedTuple

import orjson

from botcoin_dpo.dataset.files import HashedFile
from botcoin_dpo.errors import writing
from botcoin_dpo.logs.places import REASONS, Reason, SetAside

QUARANTINE = "quarantine.jsonl"

_KEY = Struct(">IQBQI")
"""File rank, byte offset, reason rank, position and length in the scratch file."""

_REASON_RANKS = {reason: rank for rank, reason in enumerate(sorted(REASONS))}

_LONGEST_DETAIL = 500


class QuarantineFile(NamedTuple):
    """The quarantine, as the manifest lists it."""

    path: str
    entries: int
    bytes: int
    sha256: str


class Quarantine:
    """Collects entries, then writes them in order."""

    def __init__(self, names: Sequence[str], scratch: Path) -> None:
        """Take the names of the log files by position, and a folder for scratch."""
        self.by_reason: Counter[Reason] = Counter()
        order = sorted(range(len(names)), key=lambda position: names[position])
        self._rank = {position: rank for rank, position in enumerate(order)}
        self._names = names
        self._keys: list[bytes] = []
        self._size = 0
        self._scratch_folder = scratch
        with writing(scratch):
            self._scratch = TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by `close`

    def add(self, entry: SetAside) -> None:
        """Take an entry."""
        place, fault = entry.place, entry.fault
        detail = fault.detail
        line = orjson.dumps(
            {
                "file": self._names[place.file],
                "line": place.line,
                "byte_offset": place.offset,
                "record_id": entry.record_id,
                "reason": fault.reason,
                "detail": detail
                if len(detail) <= _LONGEST_DETAIL
                else detail[: _LONGEST_DETAIL - 1] + "…",
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )
        with writing(self._scratch_folder):
            self._scratch.write(line)
        reason = _REASON_RANKS[fault.reason]
        self._keys.append(
            _KEY.pack(self._rank[place.file], place.offset, reason, self._size, len(line))
        )
        self._size += len(line)
        self.by_reason[fault.reason] += 1

    def first(self, count: int) -> list[dict[str, object]]:
        """Return the first entries, in order."""
        return [orjson.loads(self._line(key)) for key in sorted(self._keys)[:count]]

    def write_to(self, folder: Path) -> QuarantineFile:
        """Write `quarantine.jsonl`; an empty file if there is nothing in it."""
        with HashedFile(folder / QUARANTINE) as file:
            for key in sorted(self._keys):
                file.write(self._line(key))
        return QuarantineFile(QUARANTINE, len(self._keys), file.size, file.sha256)

    def close(self) -> None:
        """Drop the scratch file."""
        with suppress(OSError):  # what it still holds may not fit the disk
            self._scratch.close()

    def _line(self, key: bytes) -> bytes:
        _, _, _, position, length = _KEY.unpack(key)
        with writing(self._scratch_folder):  # seeking writes what is still held
            self._scratch.seek(position)
            return self._scratch.read(length)
