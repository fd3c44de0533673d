"""Where the bytes of records come from, once they were scanned.

Plain files of this machine are read where they lie. What cannot be read at an offset (compressed
files, standard input), or only at a price (objects in stores), travels with its references: see
`carrying.py` and `carried_records.py`.
"""

from pathlib import Path
from typing import Any, Protocol

from botcoin_dpo.errors import InputError, reason_of
from botcoin_dpo.files.open_files import OpenFiles
from botcoin_dpo.files.segments import Segments
from botcoin_dpo.logs.record_decoder import read_head
from botcoin_dpo.logs.references import Ref
from botcoin_dpo.logs.session_heads import SessionHead

_OPEN_FILES = 64
"""Files kept open at once; logs may be more than a process may open."""


class Records(Protocol):
    """The bytes of records, by reference.

    Nobody needs to check that they are what was scanned: `RecordReader` does.
    """

    def read(self, ref: Ref) -> bytes:
        """Return the bytes of a record.

        Raises:
            InputError: they cannot be read any more.
        """
        ...

    def session_head(self, ref: Ref) -> SessionHead | None:
        """Return the head of the session record whose element a record is; None if it has changed.

        Raises:
            InputError: it cannot be read any more.
        """
        ...

    def name(self, ref: Ref) -> str:
        """Return how messages call a record: file and line."""
        ...

    def close(self) -> None:
        """Let go of what is open or kept; it is read again when it is needed."""
        ...


class RecordsInPlace:
    """Records that lie in log files; it can be pickled."""

    def __init__(self, segments: Segments) -> None:
        """Read records of log files, by the segments of all files."""
        self._segments = segments
        self._files = OpenFiles(_OPEN_FILES)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it was made of: files are opened again where it arrives."""
        return RecordsInPlace, (self._segments,)

    def has(self, ref: Ref) -> bool:
        """Return whether a record is read where it lies."""
        return self._segments[ref.location.file].file.is_read_in_place

    def read(self, ref: Ref) -> bytes:
        """Return the bytes of a record; see `Records`."""
        return self._read(ref.location.file, ref.location.offset, ref.location.length)

    def session_head(self, ref: Ref) -> SessionHead | None:
        """Return the head of a session record; see `Records`."""
        location = ref.location
        return read_head(self._read(location.file, location.start, location.session_length))

    def name(self, ref: Ref) -> str:
        """Return file and line."""
        name = self._segments[ref.location.file].file.name
        return f"{name}:{self._segments.place(ref.location.place).line}"

    def close(self) -> None:
        """Close all files."""
        self._files.close()

    def _read(self, number: int, offset: int, length: int) -> bytes:
        file = self._segments[number].file
        assert isinstance(file.path, Path)  # all else is carried
        try:
            return self._files.read(file.path, offset, length)
        except OSError as error:
            what = f"{file.name}: {reason_of(error)}"
            raise InputError(f"{what}; it was readable before, run again") from error
