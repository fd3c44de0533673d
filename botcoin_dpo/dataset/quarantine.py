"""Records that were set aside, in order: one JSON line each, sorted by file, place and reason.

Contract: schemas/README.md, "Nothing is lost".
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from struct import Struct
from typing import NamedTuple

import orjson

from botcoin_dpo.dataset.files import HashedFile
from botcoin_dpo.logs.places import REASONS, Reason
from botcoin_dpo.logs.segments import Segments
from botcoin_dpo.logs.set_aside import SetAsideFile, SetAsideReader

QUARANTINE = "quarantine.jsonl"

_KEY = Struct(">IQBqIQI")
"""File rank, byte offset, reason rank, line, number of the set-aside file, position, length."""

_ALPHABETICAL = sorted(REASONS)
_REASON_RANKS = {reason: rank for rank, reason in enumerate(_ALPHABETICAL)}


class QuarantineFile(NamedTuple):
    """The quarantine, as the manifest lists it."""

    path: str
    entries: int
    bytes: int
    sha256: str


class Quarantine:
    """Collects what the jobs of a build set aside, then writes it in order."""

    def __init__(self, segments: Segments) -> None:
        """Take the segments that places are in."""
        self.by_reason: Counter[Reason] = Counter()
        self._segments = segments
        names = [file.name for file in segments.files]
        self._by_rank = sorted(range(len(names)), key=lambda position: names[position])
        self._rank = {position: rank for rank, position in enumerate(self._by_rank)}
        self._names = names
        self._files: list[SetAsideFile] = []

    def add(self, files: Sequence[SetAsideFile]) -> None:
        """Take the entries of some jobs."""
        for file in files:
            if file.keys:
                self._files.append(file)
                self.by_reason.update(file.by_reason)

    def first(self, count: int) -> list[dict[str, object]]:
        """Return the first entries, in order."""
        return [orjson.loads(line) for _, line in zip(range(count), self._lines(), strict=False)]

    def write_to(self, folder: Path) -> QuarantineFile:
        """Write `quarantine.jsonl`; an empty file if there is nothing in it."""
        with HashedFile(folder / QUARANTINE) as file:
            for line in self._lines():
                file.write(line)
        return QuarantineFile(QUARANTINE, self.by_reason.total(), file.size, file.sha256)

    def _lines(self) -> Iterator[bytes]:
        """Yield the entries in order; only their sort keys are held."""
        with SetAsideReader(self._files) as reader:
            for key in sorted(self._keys()):
                rank, offset, reason, line, number, position, length = _KEY.unpack(key)
                rest = reader.rest(number, position, length)
                entry = {
                    "file": self._names[self._by_rank[rank]],
                    "line": None if line < 0 else line,
                    "byte_offset": offset,
                    "record_id": rest["record_id"],
                    "reason": _ALPHABETICAL[reason],
                    "detail": rest["detail"],
                }
                yield orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE)

    def _keys(self) -> Iterator[bytes]:
        for number, file in enumerate(self._files):
            for place, reason, position, length in file.places():
                at, line, offset = self._segments.place(place)
                yield _KEY.pack(
                    self._rank[at],
                    offset,
                    _REASON_RANKS[reason],
                    -1 if line is None else line,
                    number,
                    position,
                    length,
                )
