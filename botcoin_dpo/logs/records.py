"""Where the bytes of records come from, once they were scanned.

Plain files are read where they lie. What cannot be read at an offset (compressed files, standard
input), or only at a price (objects in stores), was copied to a spool file while it was scanned.
"""

from pathlib import Path
from typing import Any, Protocol

from botcoin_dpo.errors import InputError, reason_of
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.open_files import OpenFiles
from botcoin_dpo.files.segments import Segment, Segments
from botcoin_dpo.logs.references import Location

_OPEN_FILES = 64
"""Files kept open at once; logs may be more than a process may open."""


class Records(Protocol):
    """The bytes of records, by location; it can be pickled.

    Nobody needs to check that they are what was scanned: `RecordReader` does.
    """

    def read(self, location: Location) -> bytes:
        """Return the bytes of a record.

        Raises:
            InputError: they cannot be read any more.
        """
        ...

    def read_session(self, location: Location) -> bytes:
        """Return the bytes of the session record whose element a record is.

        Raises:
            InputError: they cannot be read any more.
        """
        ...

    def name(self, location: Location) -> str:
        """Return how messages call a record: file and line."""
        ...

    def close(self) -> None:
        """Let go of what is open; it is opened again when it is needed."""
        ...


class RecordsInPlace:
    """Records that lie in log files or in copies of these."""

    def __init__(self, segments: Segments, spool: Path) -> None:
        """Read records of log files.

        Args:
            segments: those of all files.
            spool: the folder with copies of files that cannot be read at an offset.
        """
        self._segments = segments
        self._spool = spool
        self._files = OpenFiles(_OPEN_FILES)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it was made of: files are opened again where it arrives."""
        return RecordsInPlace, (self._segments, self._spool)

    def read(self, location: Location) -> bytes:
        """Return the bytes of a record; see `Records`."""
        return self._read(location.file, location.offset, location.length)

    def read_session(self, location: Location) -> bytes:
        """Return the bytes of a session record; see `Records`."""
        start = location.offset - location.before
        return self._read(location.file, start, location.session_length)

    def name(self, location: Location) -> str:
        """Return file and line."""
        name = self._segments[location.file].file.name
        return f"{name}:{self._segments.place(location.place).line}"

    def close(self) -> None:
        """Close all files."""
        self._files.close()

    def _read(self, number: int, offset: int, length: int) -> bytes:
        segment = self._segments[number]
        try:
            return self._files.read(self._path(segment), offset, length)
        except OSError as error:
            what = f"{segment.file.name}: {reason_of(error)}"
            raise InputError(f"{what}; it was readable before, run again") from error

    def _path(self, segment: Segment) -> Path:
        path = spool_path(self._spool, segment.position, segment.file) or segment.file.path
        assert isinstance(path, Path)  # all else is spooled
        return path


def spool_path(folder: Path | None, position: int, file: LogFile) -> Path | None:
    """Return where a log must be copied while it is scanned, None if it can be read in place."""
    if folder is None or file.is_read_in_place:
        return None
    return folder / f"{position:08d}"
