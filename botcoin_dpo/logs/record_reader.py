"""Reads records again by their location, and makes sure that they are what was scanned.

Plain files are read where they lie. What cannot be read at an offset (compressed files, standard
input) was copied to a spool file while it was scanned.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import xxhash

from botcoin_dpo.contract.record_types import AttemptRecord, ChallengeRecord, ScannedAttempt
from botcoin_dpo.errors import InputError, reason_of
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.open_files import OpenFiles
from botcoin_dpo.files.segments import Segment, Segments
from botcoin_dpo.logs.record_decoder import (
    decode_challenge,
    read_head,
    rescan_attempt,
)
from botcoin_dpo.logs.references import AttemptRef, ChallengeRef, Location
from botcoin_dpo.logs.session_heads import SessionHead
from botcoin_dpo.logs.shared_context import AttemptDecoder

Value = TypeVar("Value")
Made = TypeVar("Made")

_OPEN_FILES = 64
"""Files kept open at once; logs may be more than a process may open."""


_MOST_OF_HEADS = 16 * 10**6
"""Bytes of heads of session records that are kept; at least one is."""


def spool_path(folder: Path, position: int, file: LogFile) -> Path | None:
    """Return where a log must be copied while it is scanned, None if it can be read in place."""
    if file.path is None or file.compression:
        return folder / f"{position:08d}"
    return None


class RecordReader:
    """The records of all log files, by location."""

    def __init__(self, segments: Segments, spool: Path) -> None:
        """Read records of log files.

        Args:
            segments: those of all files.
            spool: the folder with copies of files that cannot be read at an offset.
        """
        self._segments = segments
        self._spool = spool
        self._files = OpenFiles(_OPEN_FILES)
        self._made: dict[tuple[Any, str], tuple[Any, Any]] = {}
        self._heads: dict[tuple[int, int], SessionHead] = {}
        self._bytes_of_heads = 0
        self._challenge: tuple[tuple[int, int], ChallengeRecord] | None = None
        self._attempts = AttemptDecoder()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it was made of: files are opened again where it arrives."""
        return RecordReader, (self._segments, self._spool)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files, and let go of what is kept."""
        self._made.clear()
        self._heads.clear()
        self._bytes_of_heads = 0
        self._challenge = None
        self._attempts = AttemptDecoder()
        self._files.close()

    def read(self, location: Location) -> bytes:
        """Return the bytes of a record.

        Raises:
            InputError: they are no longer what was scanned.
        """
        return self._read(location)[0]

    def is_same(self, one: Location, other: Location) -> bool:
        """Return whether two records are the same bytes, and so is what they take."""
        raw, head = self._read(one)
        other_raw, other_head = self._read(other)
        return raw == other_raw and (head and head.raw) == (other_head and other_head.raw)

    def attempt(self, ref: AttemptRef) -> AttemptRecord:
        """Return an attempt, decoded but for its trace; of challenge records nothing is joined."""
        return self._attempts.decode(*self._read(ref.location))

    def scanned_attempt(self, ref: AttemptRef) -> ScannedAttempt:
        """Return what scanning saw of an attempt, but for its document."""
        return rescan_attempt(*self._read(ref.location))

    def challenge(self, ref: ChallengeRef) -> ChallengeRecord:
        """Return a challenge record, decoded in full; the last one is kept for its attempts."""
        key = (ref.location.file, ref.location.offset)
        if self._challenge is None or self._challenge[0] != key:
            self._challenge = key, decode_challenge(self.read(ref.location))
        return self._challenge[1]

    def once(self, make: Callable[[str, Value], Made], name: str, value: Value) -> Made:
        """Return what a function makes of a field; of the very same value it makes it once.

        Records share the values that they take from a session or a challenge record.
        """
        last = self._made.get((make, name))
        if last is None or last[0] is not value:
            last = self._made[make, name] = (value, make(name, value))
        made: Made = last[1]
        return made

    def _read(self, location: Location) -> tuple[bytes, SessionHead | None]:
        """Return the bytes of a record, and the head of the session record it is an element of."""
        raw = self._bytes(location.file, location.offset, location.length)
        head = self._head(location) if location.session_length else None
        if xxhash.xxh3_64_intdigest(raw, head.digest if head else 0) != location.digest:
            raise self._changed(location)
        return raw, head

    def _head(self, location: Location) -> SessionHead:
        """Return the head that an element takes its fields from; the last few are kept."""
        start = location.offset - location.before
        key = (location.file, start)
        head = self._heads.pop(key, None)
        if head is None:
            head = read_head(self._bytes(location.file, start, location.session_length))
            if head is None:
                raise self._changed(location)
            self._bytes_of_heads += len(head.raw)
            while self._heads and self._bytes_of_heads > _MOST_OF_HEADS:
                oldest = self._heads.pop(next(iter(self._heads)))
                self._bytes_of_heads -= len(oldest.raw)
        self._heads[key] = head
        return head

    def _bytes(self, number: int, offset: int, length: int) -> bytes:
        segment = self._segments[number]
        try:
            return self._files.read(self._path(segment), offset, length)
        except OSError as error:
            what = f"{segment.file.name}: {reason_of(error)}"
            raise InputError(f"{what}; it was readable before, run again") from error

    def _changed(self, location: Location) -> InputError:
        name = self._segments[location.file].file.name
        line = self._segments.place(location.place).line
        return InputError(
            f"{name}:{line}: changed while it was read; run again once nothing writes to it"
        )

    def _path(self, segment: Segment) -> Path:
        path = spool_path(self._spool, segment.position, segment.file) or segment.file.path
        assert path is not None  # what has no path is spooled
        return path
