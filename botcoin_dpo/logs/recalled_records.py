"""Reads the records of a segment that need not be scanned, since an index knows where they lie.

Those that are not read again in place must be carried to whoever builds (`carrying.py`), scanned
or not. That they are what was scanned is for `RecordReader` to check.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby

from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.logs.record_decoder import read_head
from botcoin_dpo.logs.references import Ref, unpack_attempts, unpack_challenges


class RecalledRecords:
    """The records of one segment, read from its start to its end."""

    def __init__(self, stream: LogStream) -> None:
        """Read the content of a segment, once it is asked for."""
        self._stream = stream
        self._pieces = iter(stream)
        self._held = bytearray()
        self._offset = 0
        """Of what is held."""
        self._has_begun = False

    def read(self, attempts: bytes, challenges: bytes) -> Iterator[tuple[Ref, bytes, bytes | None]]:
        """Yield each record, its bytes, and the head of the session record whose element it is.

        Args:
            attempts: packed references, in the order of the log, after those that were read before.
            challenges: packed references of challenge records of the same stretch.
        """
        unpacked: tuple[Iterator[Ref], ...] = (
            unpack_attempts(attempts),
            unpack_challenges(challenges),
        )
        for start, group in groupby(merge(*unpacked, key=_start), _start):
            refs = list(group)  # the elements of a session record, or one record
            location = refs[0].location
            whole = self._read(start, location.session_length or location.length)
            head = read_head(whole) if location.session_length else None
            for ref in refs:
                at = ref.location.before
                raw = whole[at : at + ref.location.length]
                yield ref, raw, head.raw if head is not None else None

    def _read(self, offset: int, length: int) -> bytes:
        """Return bytes of the content, fewer where it ends; what lies before them is let go."""
        while self._let_go(offset) < length and (piece := next(self._pieces, b"")):
            if not self._has_begun:
                self._offset, self._has_begun = self._stream.first_offset, True
            self._held += piece
        # An index that somebody made up may go back and forth.
        return bytes(self._held[:length]) if offset == self._offset else b""

    def _let_go(self, offset: int) -> int:
        """Let go of what lies before an offset, and return how many bytes are held from it on."""
        gone = min(max(0, offset - self._offset), len(self._held))
        del self._held[:gone]
        self._offset += gone
        return len(self._held) if offset == self._offset else 0


def _start(ref: Ref) -> int:
    return ref.location.start
