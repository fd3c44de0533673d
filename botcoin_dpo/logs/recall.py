"""What a previous scan found of a segment, checked before a build believes it.

Checksums tell what was damaged. These checks tell what no scan of this segment can have found, so
that nothing of it makes a build fail later. Contract: schemas/README.md, "The index".
"""

from collections.abc import Iterable, Iterator

from botcoin_dpo.errors import InputError
from botcoin_dpo.files.segments import Segment
from botcoin_dpo.logs.index import (
    ATTEMPTS,
    CHALLENGES,
    KEYS,
    RESTS,
    DamagedIndexError,
    KnownSegment,
    doubting,
)
from botcoin_dpo.logs.references import AttemptRef, ChallengeRef, unpack_attempts, unpack_challenges
from botcoin_dpo.logs.rejected_records import SegmentRejections, moved

_UNKNOWN_SIZE = (1 << 63) - 1
"""Stands for the size of content, where that is not known; no file is larger."""


class Recall:
    """Reads the frames of one known segment: first to check them, then for what they hold."""

    def __init__(self, known: KnownSegment, segment: Segment, record_limit: int) -> None:
        """Read a segment as the index has it.

        Args:
            known: what the index says.
            segment: what that should be of.
            record_limit: most bytes of a record.

        Raises:
            DamagedIndexError: the index has another range.
        """
        head = known.head
        if (head.start, head.size) != (segment.start, segment.size):
            raise DamagedIndexError("a segment has another range")
        file = segment.file
        # How much a compressed file holds is not known before it is read.
        self._content_size = _UNKNOWN_SIZE if file.compression else file.size
        if not 0 <= head.lines_ended <= self._content_size:
            raise DamagedIndexError("a segment has more lines than bytes")
        self.attempts = self.challenges = 0
        """References that were checked so far."""
        self._known, self._number = known, segment.number
        self._record_limit = record_limit

    def references(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield packed attempts and challenge records, once they were checked.

        Those that are yielded together are of the same stretch of the log, and one may be empty.

        Raises:
            InputError: they are not what they were a moment ago.
        """
        try:
            attempts = b""
            for kind, content in self._known.contents():
                if kind == ATTEMPTS:
                    if attempts:
                        yield attempts, b""
                    attempts = content
                elif kind == CHALLENGES:
                    yield attempts, content
                    attempts = b""
            if attempts:
                yield attempts, b""
        except DamagedIndexError as error:
            raise InputError(f"{self._known.path}: changed while it was read; run again") from error

    def check(self, rejections: SegmentRejections) -> None:
        """Check all frames, and keep the quarantine entries.

        Raises:
            DamagedIndexError: a frame is damaged, or says what cannot be.
        """
        for kind, content in self._known.contents():
            if kind == ATTEMPTS:
                self.attempts += self._checked(unpack_attempts(content))
            elif kind == CHALLENGES:
                self.challenges += self._checked(unpack_challenges(content))
            elif kind == KEYS:
                with doubting():
                    rejections.add_packed(moved(content, self._number), b"")
            elif kind == RESTS:
                rejections.add_packed(b"", content)
            else:
                raise DamagedIndexError("a frame is of no kind that a segment has")
        self._check_entries(rejections)

    def _check_entries(self, entries: SegmentRejections) -> None:
        with doubting():
            for place, position, length in entries.places():
                if position + length > entries.size:
                    raise DamagedIndexError("an entry lies behind the last one")
                self._check_place(place.offset, place.line)
            for entry in entries.entries():
                if not isinstance(entry.cause.detail, str):
                    raise DamagedIndexError("the detail of an entry is not a text")
                if not isinstance(entry.record_id, str | None):
                    raise DamagedIndexError("the record id of an entry is not a text")

    def _checked(self, refs: Iterable[AttemptRef | ChallengeRef]) -> int:
        """Return how many references there are."""
        count = 0
        with doubting():
            for ref in refs:
                count += 1
                location = ref.location
                end = location.offset + location.length
                if location.length > self._record_limit or end > self._content_size:
                    raise DamagedIndexError("a record lies outside of its file")
                self._check_place(location.offset, location.line)
        return count

    def _check_place(self, offset: int, line: int | None) -> None:
        if offset > self._content_size or not (line is None or 0 < line <= offset + 1):
            raise DamagedIndexError("a place lies outside of its file")
