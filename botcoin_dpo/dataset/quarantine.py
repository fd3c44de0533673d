"""Records that were quarantined, in order: one JSON line each, sorted by file, place and reason.

Contract: schemas/README.md, "Nothing is lost".
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge, nsmallest
from itertools import chain, pairwise
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
from botcoin_dpo.logs.rejected_records import RejectionReader, rest_of

QUARANTINE = "quarantine.jsonl"

_KEY = Struct(">IQBqQ")
"""File rank, byte offset, reason rank, line (-1 for none), and how many entries came before."""

_LENGTH = Struct(">I")
"""Before each entry of a run."""

_MOST_SORTED = 16 * 10**6
"""Bytes of entries that are sorted at once."""

_HELD = 150
"""Bytes that an entry takes in memory, beside its own."""

_BUFFER = 1 << 16
"""Bytes of each run that are read at once: 100 GB of entries are 6,000 runs."""

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
        return [orjson.loads(self._line(entry)) for entry in nsmallest(count, self._entries())]

    def write_to(self, folder: Path) -> QuarantineFile:
        """Write `quarantine.jsonl`; an empty file if there is nothing in it."""
        with HashedFile(folder / QUARANTINE) as file:
            for entry in self._sorted():
                file.write(self._line(entry))
        return QuarantineFile(QUARANTINE, self.by_reason.total(), file.size, file.sha256)

    def _line(self, entry: bytes) -> bytes:
        rank, offset, reason, line, _ = _KEY.unpack_from(entry)
        rest = rest_of(entry[_KEY.size :])
        shown = {
            "file": self._names[self._by_rank[rank]],
            "line": None if line < 0 else line,
            "byte_offset": offset,
            "record_id": rest["record_id"],
            "reason": _ALPHABETICAL[reason],
            "detail": rest["detail"],
        }
        return orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)

    def _sorted(self) -> Iterator[bytes]:
        """Yield all entries in order: sorted in runs, which are merged.

        Whole entries are sorted, not only their keys, so that bins are read from start to end:
        what partitions quarantined has no order, and a bin may lie in a store.
        """
        runs = _runs(self._entries())
        first = next(runs, [])
        second = next(runs, None)
        if second is None:
            yield from first
            return
        with writing(self._scratch), TemporaryFile(dir=self._scratch) as file:
            ends = [0]
            for run in chain([first, second], runs):
                file.writelines(_LENGTH.pack(len(entry)) + entry for entry in run)
                ends.append(file.tell())
            file.flush()
            yield from merge(*(_run(file.fileno(), *ends) for ends in pairwise(ends)))

    def _entries(self) -> Iterator[bytes]:
        """Yield a key and what the entry says, of all entries, in the order of the bins."""
        for number, (place, reason, rest) in enumerate(RejectionReader(self._blobs).packed()):
            at, line, offset = self._segments.place(place)
            rank = self._rank[at], offset, _REASON_RANKS[reason]
            yield _KEY.pack(*rank, -1 if line is None else line, number) + rest


def _runs(entries: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Yield entries, as many as are sorted at once, in order."""
    run: list[bytes] = []
    size = 0
    for entry in entries:
        run.append(entry)
        size += len(entry) + _HELD
        if size >= _MOST_SORTED:
            yield sorted(run)
            run, size = [], 0
    if run:
        yield sorted(run)


def _run(descriptor: int, start: int, end: int) -> Iterator[bytes]:
    """Yield the entries that lie in a range of a file."""
    size = _BUFFER
    while start < end:
        piece = os.pread(descriptor, min(size, end - start), start)
        read = 0
        for entry in _whole_entries(piece):
            yield entry
            read += _LENGTH.size + len(entry)
        start += read
        size = _BUFFER if read else 2 * size  # until the entry fits


def _whole_entries(piece: bytes) -> Iterator[bytes]:
    at = 0
    while at + _LENGTH.size <= len(piece):
        start = at + _LENGTH.size
        at = start + _LENGTH.unpack_from(piece, at)[0]
        if at <= len(piece):
            yield piece[start:at]
