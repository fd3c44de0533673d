"""Reads records again by their location, and makes sure that they are what was scanned.

Plain files are read where they lie. What cannot be read at an offset (compressed files, standard
input) was copied to a spool file while it was scanned.
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import xxhash

from botcoin_dpo.errors import InputError, reason_of
from botcoin_dpo.logs.discovery import LogFile
from botcoin_dpo.logs.fields import AttemptRecord, ChallengeRecord, ScannedAttempt
from botcoin_dpo.logs.records import decode_attempt, decode_challenge, rescan_attempt
from botcoin_dpo.logs.refs import AttemptRef, ChallengeRef, Location
from botcoin_dpo.logs.segments import Segment, Segments
from botcoin_dpo.named_files import open_descriptor

_OPEN_FILES = 64
"""Files kept open at once; logs may be more than a process may open."""


def spool_path(folder: Path, position: int, file: LogFile) -> Path | None:
    """Return where a log must be copied while it is scanned, None if it can be read in place."""
    if file.path is None or file.compression:
        return folder / f"{position:08d}"
    return None


class RecordStore:
    """The records of all log files, by location."""

    def __init__(self, segments: Segments, spool: Path) -> None:
        """Take the segments of the log files and the folder of spool files."""
        self._segments = segments
        self._spool = spool
        self._open: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        while self._open:
            os.close(self._open.popitem()[1])

    def read(self, location: Location) -> bytes:
        """Return the bytes of a record.

        Raises:
            InputError: they are no longer what was scanned.
        """
        segment = self._segments[location.file]
        file = segment.file
        try:
            raw = os.pread(self._descriptor(segment), location.length, location.offset)
        except OSError as error:
            what = f"{file.name}: {reason_of(error)}"
            raise InputError(f"{what}; it was readable before, run again") from error
        if xxhash.xxh3_64_intdigest(raw) != location.digest:
            line = self._segments.place(location.place).line
            raise InputError(
                f"{file.name}:{line}: changed while it was read; "
                "run again once nothing writes to it"
            )
        return raw

    def attempt(self, ref: AttemptRef) -> AttemptRecord:
        """Return an attempt, decoded in full; nothing is joined."""
        return decode_attempt(self.read(ref.location))

    def scanned_attempt(self, ref: AttemptRef) -> ScannedAttempt:
        """Return what scanning saw of an attempt, but for its document."""
        return rescan_attempt(self.read(ref.location))

    def challenge(self, ref: ChallengeRef) -> ChallengeRecord:
        """Return a challenge record, decoded in full."""
        return decode_challenge(self.read(ref.location))

    def _descriptor(self, segment: Segment) -> int:
        position = segment.position
        descriptor = self._open.get(position)
        if descriptor is None:
            if len(self._open) >= _OPEN_FILES:
                oldest = next(iter(self._open))
                os.close(self._open.pop(oldest))
            path = spool_path(self._spool, position, segment.file) or segment.file.path
            assert path is not None  # what has no path is spooled
            descriptor = open_descriptor(path)
            self._open[position] = descriptor
        return descriptor
