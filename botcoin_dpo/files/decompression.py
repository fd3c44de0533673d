"""Reads a log file in decompressed pieces; damage ends the stream and is named.

A stream never raises for what is wrong with the file: what could be read comes out, then
`damage` says why there is no more. Bytes and digest are of the file as it lies on disk.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, cast

import zstandard
from isal import isal_zlib

from botcoin_dpo.errors import reason_of
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.named_files import RawFile, open_place
from botcoin_dpo.files.segments import BlockDigest, Segment

_IsalError = cast(type[Exception], isal_zlib.error)

_FLAGS, _RESERVED = 3, 0xE0
"""Where a gzip header has its flags, and those that RFC 1952 reserves."""

_PIECE = 1 << 18
"""Bytes read at once: few enough to be in a processor's cache still when they are scanned."""

_ZSTD_INPUT = 1 << 10
"""Bytes handed to the decoder at once: they may expand 30,000 times, and what it had decoded of a
damaged piece is lost."""


class LogStream:
    """The decompressed content of one log file, read once."""

    def __init__(
        self,
        file: LogFile,
        on_read: Callable[[int], None] | None = None,
        *,
        start: int = 0,
        end: int | None = None,
    ) -> None:
        """Open nothing yet.

        With a range, the lines that begin in it come out; only plain files of lines have one.
        """
        self.damage: str | None = file.problem
        """Why the stream ended early; set once it has."""
        self.size = 0
        """Bytes of the file, or of the range, read from disk so far."""
        self.first_offset = 0
        """Where in the file the content starts that comes out; known with its first piece."""
        self.yielded = False
        """Whether any byte came out."""
        self._file = file
        self._on_read = on_read
        self._start, self._end = start, end
        self._digest = BlockDigest()

    @classmethod
    def of_segment(
        cls, segment: Segment, on_read: Callable[[int], None] | None = None
    ) -> "LogStream":
        """Return the stream of a segment."""
        return cls(segment.file, on_read, start=segment.start, end=segment.end)

    @property
    def blocks(self) -> list[bytes]:
        """XXH3-128 of each block of the bytes read from disk."""
        return self._digest.blocks()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the content in pieces."""
        if self.damage is not None:
            return
        try:
            if self._file.path is None:
                if sys.stdin is None:
                    self.damage = "standard input is closed"
                    return
                yield from self._watch(self._read(cast(RawFile, sys.stdin.buffer)))
                if not self.yielded:  # more likely a broken pipe than a log without records
                    self.damage = "standard input is empty"
            else:
                with open_place(self._file.path, self._end) as handle:
                    try:
                        yield from self._watch(self._content(handle))
                    except (_Damaged, zlib.error, zstandard.ZstdError) as error:
                        self.damage = f"not a whole .{self._file.compression} file: {error}"
                        for _ in self._read(handle):  # what follows the damage counts as read
                            pass
        except OSError as error:
            self.damage = reason_of(error)

    def _content(self, handle: RawFile) -> Iterator[bytes]:
        if self._start or self._end is not None:
            return self._lines(handle)
        pieces = self._read(handle)
        if self._file.compression == "gz":
            return _gunzip(pieces, self._again)
        return _unzstd(pieces) if self._file.compression == "zst" else pieces

    def _again(self) -> Iterator[bytes]:
        """Yield the file as it lies on disk once more."""
        assert self._file.path is not None
        with open_place(self._file.path) as handle:
            yield from iter(lambda: handle.read(_PIECE), b"")

    def _watch(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.yielded = True
            yield piece

    def _read(self, handle: RawFile) -> Iterator[bytes]:
        """Yield what lies in the range."""
        while piece := handle.read(self._left()):
            self.size += len(piece)
            self._digest.update(piece)
            if self._on_read is not None:
                self._on_read(len(piece))
            yield piece

    def _left(self) -> int:
        if self._end is None:
            return _PIECE
        return min(_PIECE, self._end - self._start - self.size)

    def _lines(self, handle: RawFile) -> Iterator[bytes]:
        """Yield the lines that begin in the range; the last may end beyond it."""
        is_inside = self._start == 0
        if not is_inside:
            handle.seek(self._start - 1)
            is_inside = handle.read(1) == b"\n"
            self.first_offset = self._start
        ends_line = True
        for piece in self._read(handle):
            if not is_inside:  # a line that began before goes on
                end = piece.find(b"\n") + 1
                self.first_offset += end or len(piece)
                if not end:
                    continue
                is_inside = True
                piece = piece[end:]
            if piece:
                ends_line = piece.endswith(b"\n")
                yield piece
        while not ends_line and (piece := handle.read(_PIECE)):
            end = piece.find(b"\n") + 1
            ends_line = end > 0
            yield piece[:end] if end else piece


class _Damaged(Exception):
    """A compressed stream that is not whole."""


def _gunzip(pieces: Iterator[bytes], again: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """Yield the content of a gzip stream; what is damaged is read again by the exact way.

    ISA-L is more than twice as fast as zlib, which knows better what can be saved.
    """
    produced = 0
    try:
        for content in _members(pieces, isal_zlib.decompressobj):
            produced += len(content)
            yield content
    except (_IsalError, _Damaged):
        for content in _members(again(), zlib.decompressobj, salvage=_salvage):
            rest = content[produced:]
            produced -= len(content) - len(rest)
            if rest:
                yield rest


def _members(
    pieces: Iterator[bytes],
    decompressor: Callable[..., Any],
    salvage: "Callable[[Any, bytes], Iterator[bytes]] | None" = None,
) -> Iterator[bytes]:
    """Yield the content of all members of a gzip stream; zero bytes after the last are padding."""
    member = None
    members = 0
    for piece in pieces:
        while piece:
            if member is None:
                if members:
                    piece = piece.lstrip(b"\0")
                    if not piece:
                        break
                if not salvage and (len(piece) <= _FLAGS or piece[_FLAGS] & _RESERVED):
                    raise _Damaged("a header that ISA-L would not look at closely")
                member = decompressor(wbits=31)
            content = None
            while piece or content is None or len(content) == _PIECE:  # full: more may follow
                before = member.copy() if salvage else None
                try:
                    content = member.decompress(piece, _PIECE)
                except zlib.error:
                    if salvage:
                        yield from salvage(before, piece)
                    raise
                piece = member.unconsumed_tail
                if content:
                    yield content
                if member.eof:
                    break
            if member.eof:
                piece, member = member.unused_data, None
                members += 1
    if member is not None or not members:
        raise _Damaged("it ends too early")


def _salvage(member: Any, piece: bytes) -> Iterator[bytes]:
    """Yield what comes out of a damaged piece before the damage."""
    try:
        for position in range(len(piece)):
            content = member.decompress(piece[position : position + 1])
            if content:
                yield content
    except zlib.error:
        return


def _unzstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the content of all frames of a Zstandard stream."""
    decompressor = zstandard.ZstdDecompressor()
    frame = None
    frames = 0
    for piece in pieces:
        for start in range(0, len(piece), _ZSTD_INPUT):
            data = piece[start : start + _ZSTD_INPUT]
            while data:
                frame = frame or decompressor.decompressobj()
                content = frame.decompress(data)
                if content:
                    yield content
                if frame.eof:
                    data, frame = frame.unused_data, None
                    frames += 1
                else:
                    data = b""
    if frame is not None or not frames:
        raise _Damaged("it ends too early")
