"""Records that travelled with their references: those of one partition, read frame by frame."""

from bisect import bisect
from typing import NamedTuple

from botcoin_dpo.engines.blobs import Blob, HeldBlob
from botcoin_dpo.logs.record_frames import Frame, FrameCodec, unpack_heads
from botcoin_dpo.logs.records import RecordsInPlace
from botcoin_dpo.logs.references import Ref
from botcoin_dpo.logs.session_heads import SessionHead

MOST_KEPT = 8 * 10**6
"""Bytes of frames that are kept decompressed; at least one is."""

MOST_FETCHED = 8 * 10**6
"""Bytes of compressed frames that are fetched at once; if a partition has more, each frame is
fetched when it is read."""


class CarriedRecords:
    """The records of one partition: those that were carried, and those that are read in place.

    Memory holds a few frames: challenges are built one after the other, and of one that has more
    than is kept, a frame is read again when it is needed again.
    """

    def __init__(self, heads: Blob, frames: Blob, in_place: RecordsInPlace) -> None:
        """Read nothing yet.

        Args:
            heads: what tells of the frames.
            frames: the frames, in the same order.
            in_place: reads the records that were not carried.
        """
        self._heads, self._frames, self._in_place = heads, frames, in_place
        self._codec = FrameCodec()
        self._index: list[_PlacedFrame] | None = None
        self._kept: dict[int, Frame] = {}
        """By position, the one that was used last at the end."""
        self._size = 0

    def read(self, ref: Ref) -> bytes:
        """Return the bytes of a record; see `Records`."""
        if self._in_place.has(ref):
            return self._in_place.read(ref)
        # An index that somebody made up may refer to what no frame has.
        return self._frame_of(ref).records.get(ref.location.offset, b"")

    def session_head(self, ref: Ref) -> SessionHead | None:
        """Return the head of a session record; see `Records`."""
        if self._in_place.has(ref):
            return self._in_place.session_head(ref)
        raw = self._frame_of(ref).heads.get(ref.location.start)
        return None if raw is None else SessionHead(raw)

    def name(self, ref: Ref) -> str:
        """Return file and line."""
        return self._in_place.name(ref)

    def close(self) -> None:
        """Let go of all frames; files stay open for the next partition."""
        self._kept.clear()
        self._size = 0
        self._index = None

    def _frame_of(self, ref: Ref) -> Frame:
        """Return the frame that a record is in."""
        if self._index is None:
            self._index = _placed(self._heads)
            if len(self._frames) <= MOST_FETCHED:
                self._frames = HeldBlob(self._frames.read())
        location = ref.location
        place = _PlacedFrame(ref.challenge, location.file, location.offset, len(self._frames), 0)
        at = bisect(self._index, place) - 1
        if at < 0:
            return Frame({}, {})
        return self._kept_frame(self._index[at])

    def _kept_frame(self, place: "_PlacedFrame") -> Frame:
        frame = self._kept.pop(place.start, None)
        if frame is None:
            frame = self._codec.unpack(self._frames.read(place.start, place.end))
            self._size += frame.size
            while self._kept and self._size > MOST_KEPT:
                self._size -= self._kept.pop(next(iter(self._kept))).size
        self._kept[place.start] = frame
        return frame


class _PlacedFrame(NamedTuple):
    """Where a frame lies; in this order, those of a segment and challenge follow each other."""

    challenge: bytes
    file: int
    offset: int
    start: int
    """Of the frame, among all of the partition."""
    end: int


def _placed(heads: Blob) -> list[_PlacedFrame]:
    """Return all frames of a partition, sorted."""
    placed = []
    end = 0
    for head in unpack_heads(heads.read()):
        start, end = end, end + head.length
        placed.append(_PlacedFrame(head.challenge, head.file, head.offset, start, end))
    placed.sort()
    return placed
