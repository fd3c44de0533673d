"""Cuts log files into the segments in which they are scanned.

A large plain file of lines is scanned in ranges, so that one huge file is as fast as many. A record
belongs to the range in which its line begins. What a scan says of a place it says of its segment,
because it cannot know how many lines came before; `Segments` knows once all are scanned.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import xxhash

from botcoin_dpo.contract.limits import LARGEST_FILE
from botcoin_dpo.contract.rejections import Place
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.input_file import LogFile

BLOCK = 1 << 25
"""Bytes of a block: files are hashed by blocks, and large plain files scanned by them."""

_EXPANSION = 8
"""How much larger than its file a compressed log is taken to be, for planning only."""

_MOST_PACKED = 1000
"""Segments of a group: to open a file takes time, however small it is, most of all in a store."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A log file, or a range of one."""

    number: int
    """Among all segments."""
    position: int
    """Of the file, in the list of log files."""
    file: LogFile
    start: int = 0
    """First byte of the range, a multiple of `BLOCK`."""
    end: int | None = None
    """End of the range; None for the end of the file."""

    @property
    def size(self) -> int:
        """Bytes on disk, as far as was known when the file was found."""
        return (self.file.size if self.end is None else self.end) - self.start

    @property
    def expected_size(self) -> int:
        """Bytes of content, as far as can be told before it is read."""
        return self.size * (_EXPANSION if self.file.compression else 1)


class Segments:
    """All segments, file by file."""

    def __init__(self, files: Sequence[LogFile]) -> None:
        """Plan the segments of log files, in order.

        Raises:
            InputError: one claims to be larger than any can be.
        """
        self.files = files
        self._segments = list(_plan(files))
        self._lines_before = [0] * len(self._segments)

    def __len__(self) -> int:
        return len(self._segments)

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._segments)

    def __getitem__(self, number: int) -> Segment:
        return self._segments[number]

    def count_lines(self, ended: Sequence[int]) -> None:
        """Set how many lines ended in each segment."""
        lines = 0
        for segment in self._segments:
            if segment.start == 0:
                lines = 0
            self._lines_before[segment.number] = lines
            lines += ended[segment.number]

    def place(self, place: Place) -> Place:
        """Return a place in a file for a place in a segment."""
        line = None if place.line is None else place.line + self._lines_before[place.file]
        return Place(self._segments[place.file].position, line, place.offset)


def group_ends(segments: Iterable[Segment], most: int) -> list[int]:
    """Pack segments that follow each other into groups, and return where each group ends.

    Args:
        segments: the segments.
        most: most bytes of a group of more than one, as far as can be told before they are read.
            Standard input is a group of its own.
    """
    ends: list[int] = []
    start = end = size = 0
    for segment in segments:
        weight = most + 1 if segment.file.path is None else segment.expected_size
        if start < end and (size + weight > most or end - start == _MOST_PACKED):
            ends.append(end)
            start, size = end, 0
        end, size = end + 1, size + weight
    return [*ends, end] if end else []


class BlockDigest:
    """XXH3-128 of content, block by block."""

    def __init__(self) -> None:
        self._current = xxhash.xxh3_128()
        self._room = BLOCK
        self._closed: list[bytes] = []

    def update(self, data: bytes) -> None:
        """Add content."""
        if len(data) < self._room:
            self._current.update(data)
            self._room -= len(data)
            return
        start = 0
        while start < len(data):
            piece = memoryview(data)[start : start + self._room]
            self._current.update(piece)
            self._room -= len(piece)
            start += len(piece)
            if not self._room:
                self._closed.append(self._current.digest())
                self._current, self._room = xxhash.xxh3_128(), BLOCK

    def blocks(self) -> list[bytes]:
        """Return the digest of each block; empty content has one."""
        is_open = self._room < BLOCK or not self._closed
        return [*self._closed, self._current.digest()] if is_open else list(self._closed)


def digest_of_blocks(blocks: Sequence[bytes]) -> str:
    """Return the digest of a file in hexadecimal: of its one block, or of its blocks' digests."""
    return blocks[0].hex() if len(blocks) == 1 else xxhash.xxh3_128_hexdigest(b"".join(blocks))


def _plan(files: Sequence[LogFile]) -> Iterator[Segment]:
    number = 0
    for position, file in enumerate(files):
        if file.size > LARGEST_FILE:
            raise InputError(
                f"{file.name}: is said to have {file.size:,} bytes, and no log can have more than "
                f"{LARGEST_FILE:,}; leave it out"
            )
        is_divided = file.is_divisible and file.size > BLOCK
        starts = range(0, file.size, BLOCK) if is_divided else range(1)
        for start in starts:
            end = start + BLOCK if start != starts[-1] else None
            yield Segment(number, position, file, start, end)
            number += 1
