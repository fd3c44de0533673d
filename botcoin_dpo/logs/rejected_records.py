"""Quarantine entries on their way: they may be as many as records, so nobody holds them all.

A scan keeps those of its segment in temporary files, because the index has them behind everything
else. From there, and from partitions, they go to a bin, in which they follow each other.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile, gettempdir
from typing import IO, Any, NamedTuple

import orjson

from botcoin_dpo.contract.rejections import REASONS, Cause, Place, Reason, Rejection
from botcoin_dpo.engines.blobs import Blob, Sink
from botcoin_dpo.errors import writing

_KEY = Struct("<IqQBQI")
"""Segment, line (-1 for none), byte offset, reason, position and length of the rest, as the index
has them."""

_HEAD = Struct("<IqQBI")
"""The same without the position: in a bin, the rest follows."""

_RANKS = {reason: rank for rank, reason in enumerate(REASONS)}
_LONGEST_DETAIL = 500
_PIECE = 1 << 20
_KEYS_IN_PIECE = 1 << 15


class SegmentRejections:
    """The entries of one segment, in temporary files that are made with the first."""

    def __init__(self, folder: Path | None) -> None:
        """Keep entries in temporary files in a folder, or among the system's."""
        self.size = 0
        """Bytes of what the entries say."""
        self.by_reason: Counter[Reason] = Counter()
        self._folder = Path(gettempdir()) if folder is None else folder
        self._open = ExitStack()
        self._files: tuple[IO[bytes], IO[bytes]] | None = None

    def add(self, entry: Rejection) -> None:
        """Add an entry."""
        segment, line, offset, reason, rest = _parts(entry)
        self._write(_KEY.pack(segment, line, offset, reason, self.size, len(rest)), rest)
        self.by_reason[entry.cause.reason] += 1

    def add_packed(self, keys: bytes, content: bytes) -> None:
        """Add keys and what entries say, as `packed_keys` and `content` yield them."""
        self._write(keys, content)
        self.by_reason.update(REASONS[key[3]] for key in _KEY.iter_unpack(keys))

    def packed_keys(self) -> Iterator[bytes]:
        """Yield the keys, in pieces of whole ones."""
        return self._pieces(0, _KEYS_IN_PIECE * _KEY.size)

    def content(self) -> Iterator[bytes]:
        """Yield what the entries say, in pieces."""
        return self._pieces(1, _PIECE)

    def places(self) -> Iterator[tuple[Place, int, int]]:
        """Yield the place of each entry, and position and length of what it says."""
        for segment, line, offset, _, position, length in self._keys():
            yield _place(segment, line, offset), position, length

    def entries(self) -> Iterator[Rejection]:
        """Yield the entries in the order in which they were quarantined."""
        for segment, line, offset, reason, position, length in self._keys():
            rest = orjson.loads(self._rest(position, length))
            cause = Cause(REASONS[reason], rest["detail"])
            yield Rejection(_place(segment, line, offset), cause, rest["record_id"])

    def packed(self) -> Iterator[bytes]:
        """Yield each entry as it stands in a bin."""
        for segment, line, offset, reason, position, length in self._keys():
            head = _HEAD.pack(segment, line, offset, reason, length)
            yield head + self._rest(position, length)

    def close(self) -> None:
        """Let go of the entries."""
        with writing(self._folder):
            self._open.close()

    def _rest(self, position: int, length: int) -> bytes:
        assert self._files is not None  # there are entries
        with writing(self._folder):
            return os.pread(self._files[1].fileno(), length, position)

    def _keys(self) -> Iterator[tuple[int, ...]]:
        for keys in self.packed_keys():
            yield from _KEY.iter_unpack(keys)

    def _pieces(self, which: int, size: int) -> Iterator[bytes]:
        if self._files is None:
            return
        position = 0
        with writing(self._folder):
            self._files[0].flush()
            self._files[1].flush()
            while piece := os.pread(self._files[which].fileno(), size, position):
                position += len(piece)
                yield piece

    def _temporary(self) -> IO[bytes]:
        return self._open.enter_context(TemporaryFile(dir=self._folder))

    def _write(self, keys: bytes, content: bytes) -> None:
        with writing(self._folder):
            if self._files is None:
                self._files = self._temporary(), self._temporary()
            self._files[0].write(keys)
            self._files[1].write(content)
        self.size += len(content)


class RejectionWriter:
    """Puts entries into a bin."""

    def __init__(self, sink: Sink, number: int) -> None:
        """Write to the bin of a number."""
        self.by_reason: Counter[Reason] = Counter()
        self._sink, self._number = sink, number

    def add(self, entry: Rejection) -> None:
        """Add an entry."""
        self._sink.add(self._number, pack_rejection(entry))
        self.by_reason[entry.cause.reason] += 1


class PackedRejection(NamedTuple):
    """An entry of a bin, of which what it says is not decoded."""

    place: Place
    reason: Reason
    rest: bytes


class RejectionReader:
    """Reads entries of several bins, from the first to the last."""

    def __init__(self, blobs: Sequence[Blob]) -> None:
        """Read entries of some bins."""
        self._blobs = blobs

    def packed(self) -> Iterator[PackedRejection]:
        """Yield all entries in the order in which they were quarantined, packed."""
        for blob in self._blobs:
            size = len(blob)
            at, start, piece = 0, 0, b""
            while at < size:
                if at + _HEAD.size > start + len(piece):
                    start, piece = at, blob.read(at, min(at + _PIECE, size))
                segment, line, offset, reason, length = _HEAD.unpack_from(piece, at - start)
                at += _HEAD.size
                if at + length > start + len(piece):
                    start, piece = at, blob.read(at, min(at + max(length, _PIECE), size))
                rest = piece[at - start : at - start + length]
                yield PackedRejection(_place(segment, line, offset), REASONS[reason], rest)
                at += length

    def entries(self) -> Iterator[Rejection]:
        """Yield all entries in the order in which they were quarantined."""
        for place, reason, content in self.packed():
            rest = rest_of(content)
            yield Rejection(place, Cause(reason, rest["detail"]), rest["record_id"])


def rest_of(content: bytes) -> dict[str, Any]:
    """Return `record_id` and `detail` of an entry."""
    rest: dict[str, Any] = orjson.loads(content)
    return rest


def pack_rejection(entry: Rejection) -> bytes:
    """Return an entry as it stands in a bin."""
    *head, rest = _parts(entry)
    return _HEAD.pack(*head, len(rest)) + rest


def moved(keys: bytes, segment: int) -> bytes:
    """Return the keys of entries, now of a segment of that number."""
    return b"".join(_KEY.pack(segment, *rest) for _, *rest in _KEY.iter_unpack(keys))


def _parts(entry: Rejection) -> tuple[int, int, int, int, bytes]:
    """Return what a key and a head start with, and the rest."""
    place, (reason, detail) = entry.place, entry.cause
    if len(detail) > _LONGEST_DETAIL:
        detail = detail[: _LONGEST_DETAIL - 1] + "…"
    rest = orjson.dumps({"record_id": entry.record_id, "detail": detail})
    line = -1 if place.line is None else place.line
    return place.file, line, place.offset, _RANKS[reason], rest


def _place(segment: int, line: int, offset: int) -> Place:
    return Place(segment, None if line < 0 else line, offset)
