"""What scans found, kept in the build: a later build of more logs need not scan those files again.

The index is files of frames, segment by segment: references as they were packed, in the order of
the log, then a head that says what they belong to. A file is still what it was if its name, size
and digest are the same; of an object in a store, the version is enough where a build kept it. Each
frame has a checksum, and `logs/recall.py` checks what a frame says: where anything is wrong, the
log is scanned. Contract: schemas/README.md, "The index".
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from struct import Struct
from struct import error as StructError
from typing import BinaryIO, NamedTuple

import msgspec
import xxhash

from botcoin_dpo.engines.blobs import Sink
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.input_versions import InputVersions, version_of
from botcoin_dpo.files.named_files import open_place, open_regular
from botcoin_dpo.files.segments import BLOCK, BlockDigest, Segment

FORMAT = 4
"""Raise it whenever an index of the same logs would hold other bytes or mean something else.

Not only the layout of frames, references and quarantine entries counts. An index holds what a scan
decided: which records are quarantined and why, what may be unsafe, outcomes, hashes of ids, digests
of inputs. So the rules of scanning and the schemas of attempts and challenges count as well, even
if only an odd record is read differently. `tests/unit/logs/test_index.py` notices most of that.
"""

_FRAME = Struct("<cQQ")
"""What the frame holds, how many bytes, and its checksum."""

_CHECKED = Struct("<QcQ")
"""What the checksum is over, before the content. The checksum of the segment's frame before, or 0,
comes first: so no frame of a segment can be missing or stand elsewhere."""

_HEAD, _SEGMENT = b"H", b"S"
ATTEMPTS, CHALLENGES, KEYS, RESTS = b"A", b"C", b"K", b"R"
_PIECE = 1 << 20

_LARGEST_FRAME = 64 << 20
"""Bytes, beside the largest record, as an id may be as large. A frame that claims more is damaged;
what may be larger is written in several frames."""


class DamagedIndexError(Exception):
    """An index that is not what a build wrote."""


class IndexHead(msgspec.Struct, frozen=True):
    """What must be the same for an index to be of use."""

    format: int
    tool_version: str
    record_limit: int
    block: int


class SegmentHead(msgspec.Struct, frozen=True):
    """What a scan tells of a segment, beside references and quarantine entries."""

    name: str
    """Of the file."""
    start: int
    size: int
    blocks: list[bytes]
    is_readable: bool
    lines_ended: int
    counts: tuple[int, ...]


class SegmentIndexWriter:
    """Puts the frames of one segment into a bin, while it is scanned."""

    def __init__(self, sink: Sink, number: int) -> None:
        """Write to the bin of a number."""
        self._sink, self._number = sink, number
        self._checksum = 0
        self.size = 0
        """Bytes of all frames so far."""

    def add(self, attempts: bytes | bytearray, challenges: bytes | bytearray) -> None:
        """Add packed references."""
        self._frame(ATTEMPTS, attempts)
        self._frame(CHALLENGES, challenges)

    def finish(self, keys: Iterable[bytes], rests: Iterable[bytes], head: SegmentHead) -> None:
        """Add the quarantine entries and the head."""
        for key in keys:
            self._frame(KEYS, key)
        for rest in rests:
            self._frame(RESTS, rest)
        self._frame(_SEGMENT, msgspec.msgpack.encode(head))

    def _frame(self, kind: bytes, content: bytes | bytearray) -> None:
        if content:
            self._checksum = _checksum(self._checksum, kind, content)
            self._sink.add(self._number, _FRAME.pack(kind, len(content), self._checksum))
            self._sink.add(self._number, content)
            self.size += _FRAME.size + len(content)


def head_frame(head: IndexHead) -> bytes:
    """Return the first frame of each file of an index."""
    content = msgspec.msgpack.encode(head)
    return _FRAME.pack(_HEAD, len(content), _checksum(0, _HEAD, content)) + content


def _checksum(before: int, kind: bytes, content: bytes | bytearray) -> int:
    digest = xxhash.xxh3_64(_CHECKED.pack(before, kind, len(content)))
    digest.update(content)
    return digest.intdigest()


@contextmanager
def doubting() -> Iterator[None]:
    """Turn whatever goes wrong while an index is read into a `DamagedIndexError`."""
    try:
        yield
    except (
        OSError,
        ValueError,
        TypeError,
        LookupError,
        StructError,
        msgspec.MsgspecError,
    ) as error:
        raise DamagedIndexError(str(error)) from error


class _FrameStart(NamedTuple):
    """What stands before the content of a frame."""

    kind: bytes
    length: int
    checksum: int
    before: int
    """The checksum of the segment's frame before, or 0."""


def _frames(file: BinaryIO, end: int, largest: int) -> Iterator[_FrameStart]:
    """Yield the starts of the frames up to an end; the content of each may be read, or not."""
    before = 0
    while file.tell() < end:
        kind, length, checksum = _FRAME.unpack(file.read(_FRAME.size))
        content = file.tell()
        if length > largest or content + length > end:
            raise DamagedIndexError("a frame is longer than it can be")
        yield _FrameStart(kind, length, checksum, before)
        file.seek(content + length)
        before = 0 if kind in (_HEAD, _SEGMENT) else checksum


def _content(file: BinaryIO, start: _FrameStart) -> bytes:
    """Return the content of the frame that starts there."""
    content = file.read(start.length)
    if _checksum(start.before, start.kind, content) != start.checksum:
        raise DamagedIndexError("a frame is not what was written")
    return content


@dataclass(frozen=True, slots=True)
class KnownSegment:
    """A segment as an index has it."""

    path: Path
    """Of the file of the index that it is in."""
    head: SegmentHead
    start: int
    """Where its frames start in that file."""
    end: int

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield kind and content of each frame but the head, in order.

        Raises:
            DamagedIndexError: a frame is not what was written.
        """
        with doubting(), open_regular(self.path) as file:
            file.seek(self.start)
            for start in _frames(file, self.end, self.end - self.start):
                if start.kind != _SEGMENT:
                    yield start.kind, _content(file, start)


class PreviousIndex:
    """The index of a previous build."""

    def __init__(
        self, paths: Iterable[Path], head: IndexHead, versions: InputVersions | None = None
    ) -> None:
        """Read what the index holds; nothing, if it was made by other means or is damaged.

        Args:
            paths: of its files, in order.
            head: what each must start with.
            versions: those of the logs that the build was made of, as far as they are kept.
        """
        self._versions = versions or {}
        self._segments: dict[str, list[KnownSegment]] = {}
        try:
            for path in paths:
                self._read(path, head)
        except DamagedIndexError:
            self._segments.clear()

    def _read(self, path: Path, head: IndexHead) -> None:
        largest = _LARGEST_FRAME + head.record_limit
        segment_start = 0
        with doubting(), open_regular(path) as file:
            end = path.stat().st_size
            for start in _frames(file, end, largest):
                if (start.kind == _HEAD) != (segment_start == 0):
                    raise DamagedIndexError("a file of it has one head, and starts with it")
                if start.kind == _HEAD:
                    if msgspec.msgpack.decode(_content(file, start), type=IndexHead) != head:
                        raise DamagedIndexError("it was made by other means")
                    segment_start = file.tell()
                elif start.kind == _SEGMENT:
                    segment = msgspec.msgpack.decode(_content(file, start), type=SegmentHead)
                    known = KnownSegment(path, segment, segment_start, file.tell())
                    self._segments.setdefault(segment.name, []).append(known)
                    segment_start = file.tell()
        if segment_start != end:
            raise DamagedIndexError("a file of it ends inside a segment")

    def candidates(self, segments: Iterable[Segment]) -> list[Segment]:
        """Return the segments of files that have the name and the size of one that is known."""
        return [segment for segment in segments if self._size_of(segment) == segment.file.size]

    def known_by_version(self, candidates: Iterable[Segment]) -> dict[int, KnownSegment]:
        """Return, by number, the segments of files in stores that are in the version that is kept.

        Their content need not be read to know that it is the same.

        Args:
            candidates: the candidates.
        """
        by_file: dict[str, list[Segment]] = {}
        for segment in candidates:
            if self._has_version_of(segment.file):
                by_file.setdefault(segment.file.name, []).append(segment)
        return {
            segment.number: known
            for name, parts in by_file.items()
            if len(parts) == len(self._segments[name])
            and all(known.head.is_readable for known in self._segments[name])
            for known, segment in zip(self._segments[name], parts, strict=True)
        }

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

    def _has_version_of(self, file: LogFile) -> bool:
        version = version_of(file)
        return version is not None and version == self._versions.get(file.name)

    def _size_of(self, segment: Segment) -> int | None:
        if segment.file.path is None or segment.file.problem is not None:
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
    return IndexHead(FORMAT, tool_version, record_limit, BLOCK)


def hash_segment(segment: Segment) -> list[bytes]:
    """Return the digests of a segment's blocks; none if it cannot be read."""
    digest = BlockDigest()
    assert segment.file.path is not None  # standard input is no candidate
    left = segment.size
    try:
        with open_place(segment.file.path, segment.end) as file:
            file.seek(segment.start)
            while piece := file.read(min(_PIECE, left) if segment.end else _PIECE):
                digest.update(piece)
                left -= len(piece)
    except OSError:
        return []
    return digest.blocks()
