"""Records that were quarantined, in order: one JSON line each, sorted by file, place and reason.

Contract: schemas/README.md, "Nothing is lost".
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge, nsmallest
from itertools import islice, pairwise
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile

import orjson

from botcoin_dpo.contract.rejections import REASONS, Reason
from botcoin_dpo.dataset.listed_files import QuarantineFile
from botcoin_dpo.engines.blobs import Blob
from botcoin_dpo.errors import writing
from botcoin_dpo.files.hashed_file import HashedFile
from botcoin_dpo.files.segments import Segments
from botcoin_dpo.logs.rejected_records import RejectionReader

QUARANTINE = "quarantine.jsonl"

_KEY = Struct(">IQBqIQI")
"""File rank, byte offset, reason rank, line, number of the blob, position, length."""

_MOST_SORTED = 200_000
"""Keys that are sorted at once, some 90 bytes each."""

_PIECE = 200
"""Keys of each run that are read at once: a billion entries are 5,000 runs."""

_ALPHABETICAL = sorted(REASONS)
_REASON_RANKS = {reason: rank for rank, reason in enumerate(_ALPHABETICAL)}


class Quarantine:
    """Collects what the jobs of a build quarantine, then writes it in order."""

    def __init__(self, segments: Segments, scratch: Path) -> None:
        """Collect entries.

        Args:
            segments: those that places are in.
            scratch: a folder for sorting many entries.
        """
        self.by_reason: Counter[Reason] = Counter()
        self._segments = segments
        self._scratch = scratch
        names = [file.name for file in segments.files]
        self._by_rank = sorted(range(len(names)), key=lambda position: names[position])
        self._rank = {position: rank for rank, position in enumerate(self._by_rank)}
        self._names = names
        self._blobs: list[Blob] = []

    def add(self, blobs: Iterable[Blob], by_reason: Counter[Reason]) -> None:
        """Add the entries of some jobs."""
        if by_reason:
            self._blobs += blobs
            self.by_reason.update(by_reason)

    def first(self, count: int) -> list[dict[str, object]]:
        """Return the first entries, in order."""
        first = nsmallest(count, self._keys())
        return [orjson.loads(line) for line in self._lines(first)]

    def write_to(self, folder: Path) -> QuarantineFile:
        """Write `quarantine.jsonl`; an empty file if there is nothing in it."""
        with HashedFile(folder / QUARANTINE) as file:
            for line in self._lines(self._sorted_keys()):
                file.write(line)
        return QuarantineFile(QUARANTINE, self.by_reason.total(), file.size, file.sha256)

    def _lines(self, keys: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the entries of keys as lines."""
        reader = RejectionReader(self._blobs)
        for key in keys:
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

    def _sorted_keys(self) -> Iterator[bytes]:
        """Yield all keys in order; as many as records may be, so they are sorted run by run."""
        keys = self._keys()
        first = sorted(islice(keys, _MOST_SORTED))
        if len(first) < _MOST_SORTED:
            yield from first
            return
        with writing(self._scratch), TemporaryFile(dir=self._scratch) as file:
            ends = [0]
            run = first
            while run:
                file.writelines(run)
                ends.append(ends[-1] + len(run) * _KEY.size)
                run = sorted(islice(keys, _MOST_SORTED))
            file.flush()
            runs = (_run(file.fileno(), start, end) for start, end in pairwise(ends))
            yield from merge(*runs)

    def _keys(self) -> Iterator[bytes]:
        reader = RejectionReader(self._blobs)
        for number in range(len(self._blobs)):
            for place, reason, position, length in reader.places(number):
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


def _run(descriptor: int, start: int, end: int) -> Iterator[bytes]:
    """Yield the keys that lie in a range of a file."""
    while start < end:
        piece = os.pread(descriptor, min(_PIECE * _KEY.size, end - start), start)
        start += len(piece)
        for at in range(0, len(piece), _KEY.size):
            yield piece[at : at + _KEY.size]
