"""Carries the records of a segment that is not read again in place: they travel with references.

They are gathered by challenge, so that whoever builds a partition holds the records of one
challenge at a time, however large the partition is.
"""

from dataclasses import dataclass, field

from botcoin_dpo.engines.blobs import Sink
from botcoin_dpo.logs.record_frames import Frame, FrameCodec, FrameHead, pack_head
from botcoin_dpo.logs.references import Ref, partition_of_challenge
from botcoin_dpo.logs.scan_bins import ScanBins

MOST_GATHERED = 8 * 10**6
"""Bytes of records that are gathered; then all become frames."""

LARGEST_FRAME = 10**6
"""Bytes of records that fill a frame. A larger one would compress little better, and who wants one
of its records decompresses all of it."""


@dataclass(slots=True)
class _Gathered:
    """What is to become a frame."""

    offset: int
    """Of the first record."""
    frame: Frame = field(default_factory=lambda: Frame({}, {}))
    size: int = 0

    def add(self, ref: Ref, raw: bytes, head: bytes | None) -> int:
        """Add a record, and return how many bytes that takes."""
        size = len(raw)
        self.frame.records[ref.location.offset] = raw
        start = ref.location.start
        if head is not None and start not in self.frame.heads:
            self.frame.heads[start] = head
            size += len(head)
        self.size += size
        return size


class RecordCarrier:
    """Puts the records of one segment into bins."""

    def __init__(self, sink: Sink, bins: ScanBins, file: int) -> None:
        """Carry the records of a segment, which come in the order of the log.

        Args:
            sink: takes them.
            bins: says which bin is which.
            file: the number of the segment.
        """
        self._sink, self._bins, self._file = sink, bins, file
        self._codec = FrameCodec()
        self._gathered: dict[bytes, _Gathered] = {}
        self._size = 0

    def add(self, ref: Ref, raw: bytes, head: bytes | None) -> None:
        """Add a record.

        Args:
            ref: refers to it; of its location, the file does not matter.
            raw: its bytes.
            head: that of the session record whose element it is, if it is one.
        """
        gathered = self._gathered.get(ref.challenge)
        if gathered is None:
            gathered = self._gathered[ref.challenge] = _Gathered(ref.location.offset)
        self._size += gathered.add(ref, raw, head)
        if gathered.size >= LARGEST_FRAME:
            self._put(ref.challenge)
        elif self._size >= MOST_GATHERED:
            self.finish()

    def finish(self) -> None:
        """Make frames of what was gathered, in the order in which challenges are built."""
        for challenge in sorted(self._gathered):
            self._put(challenge)

    def _put(self, challenge: bytes) -> None:
        gathered = self._gathered.pop(challenge)
        self._size -= gathered.size
        packed = self._codec.pack(gathered.frame)
        head = FrameHead(challenge, self._file, gathered.offset, len(packed))
        partition = partition_of_challenge(challenge, self._bins.partitions)
        self._sink.add(self._bins.frame_heads(partition), pack_head(head))
        self._sink.add(self._bins.frames(partition), packed)
