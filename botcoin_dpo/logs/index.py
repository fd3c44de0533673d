"""What scans found, kept in the build: a later build of more logs need not scan those files again.

The index is a sequence of frames, segment by segment: references as they were packed, in the order
of the log, then a head that says what they belong to. Whether a file is still what it was is told
by its name, size and digest. Contract: schemas/README.md, "The index".
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NamedTuple

import msgspec

from botcoin_dpo.errors import writing
from botcoin_dpo.logs.segments import BLOCK, BlockDigest, Segment
from botcoin_dpo.named_files import open_raw, open_regular

INDEX = "index.bin"

_FRAME = Struct("<cQ")
"""What the frame holds, and how many bytes."""

_HEAD, _SEGMENT = b"H", b"S"
ATTEMPTS, CHALLENGES, KEYS, RESTS = b"A", b"C", b"K", b"R"
_PIECE = 1 << 20


class IndexHead(msgspec.Struct, frozen=True):
    """What must be the same for an index to be of use."""

    tool_version: str
    record_limit: int
    block: int


class SegmentHead(msgspec.Struct, frozen=True):
    """What a scan tells of a segment, beside references and entries set aside."""

    name: str
    """Of the file."""
    start: int
    size: int
    blocks: list[bytes]
    is_readable: bool
    lines_ended: int
    counts: tuple[int, ...]


class Frame(NamedTuple):
    """Where a frame's content lies in the index."""

    kind: bytes
    offset: int
    length: int


class SegmentIndexWriter:
    """Writes the frames of one segment, while it is scanned."""

    def __init__(self, path: Path) -> None:
        """Create the file."""
        self._path = path
        with writing(path):
            self._file: BinaryIO = path.open("wb")

    def add(self, attempts: bytes | bytearray, challenges: bytes | bytearray) -> None:
        """Add packed references."""
        self._frame(ATTEMPTS, attempts)
        self._frame(CHALLENGES, challenges)

    def finish(self, keys: bytes, rests: bytes, head: SegmentHead) -> Path:
        """Add the entries set aside and the head, and return the file."""
        self._frame(KEYS, keys)
        self._frame(RESTS, rests)
        self._frame(_SEGMENT, msgspec.msgpack.encode(head))
        with writing(self._path):
            self._file.close()
        return self._path

    def _frame(self, kind: bytes, content: bytes | bytearray) -> None:
        if content:
            with writing(self._path):
                self._file.write(_FRAME.pack(kind, len(content)))
                self._file.write(content)


def head_frame(head: IndexHead) -> bytes:
    """Return the first frame of an index."""
    content = msgspec.msgpack.encode(head)
    return _FRAME.pack(_HEAD, len(content)) + content


@dataclass(slots=True)
class KnownSegment:
    """A segment as an index has it."""

    path: Path
    head: SegmentHead
    frames: list[Frame]

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield kind and content of each frame, in order."""
        with writing(self.path), open_raw(self.path) as file:
            for frame in self.frames:
                yield frame.kind, os.pread(file.fileno(), frame.length, frame.offset)


class FormerIndex:
    """The index of a former build."""

    def __init__(self, path: Path, head: IndexHead) -> None:
        """Read what the index holds; nothing, if it was made by other means or is damaged."""
        self._path = path
        self._segments: dict[str, list[KnownSegment]] = {}
        try:
            self._read(head)
        except (OSError, ValueError, msgspec.MsgspecError):
            self._segments.clear()

    def _read(self, head: IndexHead) -> None:
        frames: list[Frame] = []
        whole = self._path.stat().st_size
        with open_regular(self._path) as file:
            while start := file.read(_FRAME.size):
                if len(start) < _FRAME.size:
                    raise ValueError("the index ends inside a frame")
                kind, length = _FRAME.unpack(start)
                frame = Frame(kind, file.tell(), length)
                if frame.offset + length > whole:
                    raise ValueError("the index ends inside a frame")
                if kind == _HEAD:
                    if msgspec.msgpack.decode(file.read(length), type=IndexHead) != head:
                        return
                elif kind == _SEGMENT:
                    segment = msgspec.msgpack.decode(file.read(length), type=SegmentHead)
                    known = KnownSegment(self._path, segment, frames)
                    self._segments.setdefault(segment.name, []).append(known)
                    frames = []
                else:
                    frames.append(frame)
                    file.seek(length, os.SEEK_CUR)

    def candidates(self, segments: Iterable[Segment]) -> list[Segment]:
        """Return the segments of files that have the name and the size of one that is known."""
        return [segment for segment in segments if self._size_of(segment) == segment.file.size]

    def known(
        self, segments: Sequence[Segment], blocks: Sequence[list[bytes]]
    ) -> dict[int, KnownSegment]:
        """Return, by number, the segments of files whose content is known.

        Args:
            segments: the candidates.
            blocks: the digests of each one's blocks.
        """
        by_file: dict[str, list[tuple[Segment, list[bytes]]]] = {}
        for segment, digests in zip(segments, blocks, strict=True):
            by_file.setdefault(segment.file.name, []).append((segment, digests))
        return {
            segment.number: known
            for name, parts in by_file.items()
            if all(_is_same(*pair) for pair in zip_longest(self._segments[name], parts))
            for known, (segment, _) in zip(self._segments[name], parts, strict=True)
        }

    def _size_of(self, segment: Segment) -> int | None:
        if segment.file.path is None or segment.file.trouble is not None:
            return None
        known = self._segments.get(segment.file.name)
        return sum(each.head.size for each in known) if known else None


def _is_same(known: KnownSegment | None, part: tuple[Segment, list[bytes]] | None) -> bool:
    """Return whether a segment could be read and has the same blocks, and so the same range."""
    if known is None or part is None or not known.head.is_readable:
        return False
    _, blocks = part
    return bool(blocks) and known.head.blocks == blocks


def index_head(tool_version: str, record_limit: int) -> IndexHead:
    """Return the head of an index that is made here and now."""
    return IndexHead(tool_version, record_limit, BLOCK)


def hash_segment(segment: Segment) -> list[bytes]:
    """Return the digests of a segment's blocks; none if it cannot be read."""
    digest = BlockDigest()
    assert segment.file.path is not None  # standard input is no candidate
    left = segment.size
    try:
        with open_raw(segment.file.path) as file:
            file.seek(segment.start)
            while piece := file.read(min(_PIECE, left) if segment.end else _PIECE):
                digest.update(piece)
                left -= len(piece)
    except OSError:
        return []
    return digest.blocks()
