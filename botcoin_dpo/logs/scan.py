"""Scans one segment of the logs: the first of the two functions that carry a build.

Every record is checked in full here, so that whatever is referenced can be used; what cannot is
quarantined with its place and the reason. Documents are not decoded. Records that are not read
again in place are carried along (`carrying.py`); no other is kept.
"""

import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import NamedTuple

import xxhash

from botcoin_dpo.contract.record_types import AttemptShape
from botcoin_dpo.contract.rejections import Cause, Place, Reason, Rejection
from botcoin_dpo.engines.blobs import Sink
from botcoin_dpo.engines.progress import advance
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.json_lines import MOST_KEPT, split_lines
from botcoin_dpo.files.json_values import split_values
from botcoin_dpo.files.segments import Segment
from botcoin_dpo.logs.carrying import RecordCarrier
from botcoin_dpo.logs.index import (
    DamagedIndexError,
    KnownSegment,
    SegmentHead,
    SegmentIndexWriter,
    doubting,
)
from botcoin_dpo.logs.recall import Recall
from botcoin_dpo.logs.recalled_records import RecalledRecords
from botcoin_dpo.logs.record_decoder import (
    RejectedRecord,
    SessionRecord,
    scan_element,
    scan_record,
    scan_session,
)
from botcoin_dpo.logs.reference_making import Shared, attempt_ref, challenge_ref, sure_ref
from botcoin_dpo.logs.references import (
    AttemptRef,
    ChallengeRef,
    Location,
    Ref,
    anonymous,
    pack_attempt,
    pack_challenge,
    partition_of,
    relocated_attempts,
    relocated_challenges,
)
from botcoin_dpo.logs.rejected_records import SegmentRejections, moved
from botcoin_dpo.logs.scan_bins import ScanBins

_FRAME_OF_REFERENCES = 16 * 10**6
"""Bytes of references that fill a frame of the index."""


@dataclass(slots=True)
class ScanCounts:
    """What became of the records of a file at first sight."""

    records: int = 0
    not_recognised: int = 0
    """Quarantined before it was known what they are."""
    attempts: int = 0
    attempts_quarantined: int = 0
    challenges: int = 0
    challenges_quarantined: int = 0

    def __add__(self, other: "ScanCounts") -> "ScanCounts":
        return ScanCounts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def fit(self, attempts: int, challenges: int, entries: Counter[Reason]) -> bool:
        """Return whether these counts agree with a file's references and quarantine entries."""
        of_records = entries.total() - entries["unreadable_file"] - entries["truncated_file"]
        quarantined = self.not_recognised + self.attempts_quarantined + self.challenges_quarantined
        return (
            min(astuple(self)) >= 0
            and self.records == self.not_recognised + self.attempts + self.challenges
            and self.attempts == attempts + self.attempts_quarantined
            and self.challenges == challenges + self.challenges_quarantined
            and quarantined == of_records
        )


@dataclass(frozen=True, slots=True)
class ScannedSegment:
    """What a scan tells of a segment, beside what is in bins."""

    counts: ScanCounts
    rejections: Counter[Reason]
    """How much of it cannot be used, and why."""
    size: int
    """Bytes read from disk."""
    blocks: list[bytes]
    """XXH3-128 of each block of those bytes."""
    is_readable: bool
    damage: str | None
    """Why it ended early, if it did."""
    lines_ended: int
    index_size: int
    """Bytes of its frames of the index."""


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """What the scans of all segments share."""

    bins: ScanBins
    record_limit: int
    """Most bytes of a record."""
    is_elsewhere: bool = False
    """Whether scans run on other machines than the one that planned, where logs may be missing."""


class ScanJob(NamedTuple):
    """A segment to scan."""

    segment: Segment
    known: KnownSegment | None = None
    """What a previous build found in it."""

    def __str__(self) -> str:
        return f"{self.segment.file.name} from byte {self.segment.start}"


def scan_group(group: Sequence[ScanJob], plan: ScanPlan, sink: Sink) -> list[ScannedSegment]:
    """Scan segments that follow each other.

    Args:
        group: the segments.
        plan: what the scans of all segments share.
        sink: takes what they hold; see `ScanBins`.
    """
    if plan.is_elsewhere:
        for job in group:
            _require_file(job.segment.file)
    return [_scan_segment(job, plan, sink) for job in group]


def _require_file(file: LogFile) -> None:
    """Make sure that a log is there, which the machine that planned has seen.

    Raises:
        InputError: it is not.
    """
    if isinstance(file.path, Path) and not file.path.exists():
        raise InputError(
            f"{file.name}: not on {socket.gethostname()}, a node of the cluster; keep logs in a "
            "folder that all nodes share, or in object storage"
        )


def _scan_segment(job: ScanJob, plan: ScanPlan, sink: Sink) -> ScannedSegment:
    """Scan one segment, or recall what a previous scan found."""
    scan = _SegmentScan(plan, job.segment, sink)
    if job.known is not None:
        rejections = SegmentRejections(sink.scratch)
        try:
            recall = scan.check(job.known, rejections)
        except DamagedIndexError:  # the log itself is there
            rejections.close()
        else:
            return scan.recall(job.known.head, recall, rejections)
    return scan.scan()


class _SegmentScan:
    """The scan of one segment: where its references and its frames of the index gather."""

    def __init__(self, plan: ScanPlan, segment: Segment, sink: Sink) -> None:
        self._plan, self._segment, self._sink = plan, segment, sink
        self.record_limit = plan.record_limit
        self._index = SegmentIndexWriter(sink, plan.bins.index)
        self._attempts, self._challenges = bytearray(), bytearray()
        self._carrier: RecordCarrier | None = None
        if not segment.file.is_read_in_place:
            self._carrier = RecordCarrier(sink, plan.bins, segment.number)

    def scan(self) -> ScannedSegment:
        """Scan the segment."""
        segment = self._segment
        rejections = SegmentRejections(self._sink.scratch)
        counts = ScanCounts()
        stream = LogStream.of_segment(segment, advance)
        pieces = iter(stream)
        limits = self.record_limit, max(self.record_limit, MOST_KEPT)
        if segment.file.layout == "lines":
            records = split_lines(pieces, *limits, is_start=segment.start == 0)
        else:
            records = split_values(pieces, *limits)
        lines_ended = 0
        for record in records:
            place = Place(segment.number, record.line, record.offset + stream.first_offset)
            if record.is_tail:
                lines_ended = record.line - 1
            if record.is_tail and stream.damage is not None:
                if stream.yielded:
                    rejections.add(Rejection(place, Cause("truncated_file", stream.damage)))
                continue
            if record.cause is not None:
                session = scan_session(record.raw) if record.raw else None
                if session is not None:
                    _scan_elements(session, record.raw, place, counts, self, rejections.add)
                else:
                    counts.records += 1
                    _reject(RejectedRecord(record.cause, None, None), place, counts, rejections.add)
            elif record.raw:
                _scan(record.raw, place, counts, self, rejections.add)
        is_readable = stream.damage is None or stream.yielded
        if not is_readable and segment.start == 0:  # of a file's ranges, the first says so
            cause = Cause("unreadable_file", stream.damage or "")
            rejections.add(Rejection(Place(segment.number, None, 0), cause))
        head = SegmentHead(
            segment.file.name,
            segment.start,
            stream.size,
            stream.blocks,
            is_readable,
            lines_ended,
            astuple(counts),
        )
        return self._finish(head, rejections, stream.damage)

    def check(self, known: KnownSegment, rejections: SegmentRejections) -> Recall:
        """Make sure of what a previous scan found.

        Args:
            known: the segment as the index has it.
            rejections: takes the quarantine entries.

        Raises:
            DamagedIndexError: no scan can have found that.
        """
        recall = Recall(known, self._segment, self._plan.record_limit)
        recall.check(rejections)
        with doubting():
            counts = ScanCounts(*known.head.counts)
        if not counts.fit(recall.attempts, recall.challenges, rejections.by_reason):
            raise DamagedIndexError("the counts of a segment are not those of what it has")
        return recall

    def recall(
        self, head: SegmentHead, recall: Recall, rejections: SegmentRejections
    ) -> ScannedSegment:
        """Take over what a previous scan found; what is not read in place is carried again."""
        number = self._segment.number
        stream = LogStream.of_segment(self._segment, advance)
        records = RecalledRecords(stream)
        for attempts, challenges in recall.references():
            for packed in relocated_attempts(attempts, number):
                self._put_attempt(packed)
            for packed in relocated_challenges(challenges, number):
                self._put_challenge(packed)
            self._index.add(attempts, challenges)
            if self._carrier is not None:
                for ref, raw, session in records.read(attempts, challenges):
                    self._carrier.add(ref, raw, session)
        advance(head.size - stream.size)
        return self._finish(head, rejections)

    def add_attempt(self, ref: AttemptRef, raw: bytes, head: bytes | None = None) -> None:
        """Add an attempt, its bytes, and the head of the session record whose element it is."""
        packed = pack_attempt(ref)
        self._put_attempt(packed)
        self._attempts += anonymous(packed)
        self._added(ref, raw, head)

    def add_challenge(self, ref: ChallengeRef, raw: bytes) -> None:
        """Add a challenge record and its bytes."""
        packed = pack_challenge(ref)
        self._put_challenge(packed)
        self._challenges += anonymous(packed)
        self._added(ref, raw, None)

    def _put_attempt(self, packed: bytes) -> None:
        bins = self._plan.bins
        self._sink.add(bins.attempts(partition_of(packed, bins.partitions)), packed)

    def _put_challenge(self, packed: bytes) -> None:
        bins = self._plan.bins
        self._sink.add(bins.challenges(partition_of(packed, bins.partitions)), packed)

    def _added(self, ref: Ref, raw: bytes, head: bytes | None) -> None:
        """Carry a record if need be, and make a frame of the index if there are many references."""
        if self._carrier is not None:
            self._carrier.add(ref, raw, head)
        if len(self._attempts) + len(self._challenges) >= _FRAME_OF_REFERENCES:
            self._frame()

    def _frame(self) -> None:
        """Put the references that are held into frames of the index."""
        self._index.add(self._attempts, self._challenges)
        self._attempts.clear()
        self._challenges.clear()

    def _finish(
        self, head: SegmentHead, rejections: SegmentRejections, damage: str | None = None
    ) -> ScannedSegment:
        self._frame()
        if self._carrier is not None:
            self._carrier.finish()
        # In the index, entries are of segment 0: what number it has is not the log's to say.
        keys = (moved(piece, 0) for piece in rejections.packed_keys())
        self._index.finish(keys, rejections.content(), head)
        for entry in rejections.packed():
            self._sink.add(self._plan.bins.rejections, entry)
        rejections.close()
        return ScannedSegment(
            ScanCounts(*head.counts),
            rejections.by_reason,
            head.size,
            head.blocks,
            head.is_readable,
            damage,
            head.lines_ended,
            self._index.size,
        )


def _scan(
    raw: bytes,
    place: Place,
    counts: ScanCounts,
    scan: _SegmentScan,
    reject: Callable[[Rejection], None],
) -> None:
    assert place.line is not None  # records have one
    digest = xxhash.xxh3_64_intdigest(raw)
    location = Location(place.file, place.offset, len(raw), place.line, digest)
    ref = sure_ref(raw, location)
    if ref is not None:
        counts.records += 1
        counts.attempts += 1
        scan.add_attempt(ref, raw)
        return
    scanned = scan_record(raw)
    if isinstance(scanned, SessionRecord):
        _scan_elements(scanned, raw, place, counts, scan, reject)
        return
    counts.records += 1
    if isinstance(scanned, RejectedRecord):
        _reject(scanned, place, counts, reject)
    elif isinstance(scanned, AttemptShape):
        counts.attempts += 1
        scan.add_attempt(attempt_ref(scanned, location), raw)
    else:
        counts.challenges += 1
        scan.add_challenge(challenge_ref(scanned, location), raw)


def _scan_elements(
    session: SessionRecord,
    whole: bytes,
    place: Place,
    counts: ScanCounts,
    scan: _SegmentScan,
    reject: Callable[[Rejection], None],
) -> None:
    """Scan the elements of a session record, which is counted by them alone."""
    head = session.head
    shared = Shared.of(head)
    assert place.line is not None  # records have one
    for element in session.elements(scan.record_limit):
        counts.records += 1
        raw = element.raw
        at = Place(place.file, place.line, place.offset + element.offset)
        if element.cause is not None:
            _reject(RejectedRecord(element.cause, None, None), at, counts, reject)
            continue
        digest = xxhash.xxh3_64_intdigest(raw, head.digest)
        location = Location(
            at.file, at.offset, len(raw), place.line, digest, element.offset, len(whole)
        )
        ref = sure_ref(raw, location, shared)
        if ref is None:
            scanned = scan_element(raw, head)
            if isinstance(scanned, RejectedRecord):
                _reject(scanned, at, counts, reject)
                continue
            is_shared = scanned.challenge_context is head.scanned.challenge_context
            ref = attempt_ref(scanned, location, shared.prompt if is_shared else None)
        counts.attempts += 1
        scan.add_attempt(ref, raw, head.raw)


def _reject(
    rejected: RejectedRecord,
    place: Place,
    counts: ScanCounts,
    reject: Callable[[Rejection], None],
) -> None:
    if rejected.kind == "attempt":
        counts.attempts += 1
        counts.attempts_quarantined += 1
    elif rejected.kind == "challenge":
        counts.challenges += 1
        counts.challenges_quarantined += 1
    else:
        counts.not_recognised += 1
    reject(Rejection(place, rejected.cause, rejected.record_id))
