"""What the scans of all segments come to: by file, and as little as possible by segment.

There may be a million segments. So what a scan leaves is put with what others left as soon as it is
there: bins are merged, and counts added up by file.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from botcoin_dpo.contract.rejections import Cause, Place, Reason, Rejection
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.input_file import STANDARD_INPUT
from botcoin_dpo.files.segments import Segment, Segments, digest_of_blocks
from botcoin_dpo.logs.scan import ScanCounts, ScannedSegment


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """What the scans tell of a log file."""

    name: str
    size: int
    """Bytes read from disk."""
    digest: str
    """XXH3-128 of those bytes by blocks, in hexadecimal."""
    is_readable: bool
    counts: ScanCounts


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all scans come to, beside what is in bins."""

    files: list[ScannedFile]
    rejections: Counter[Reason]
    """How much of the logs cannot be used, and why."""
    lost_ranges: list[Rejection]
    """Ranges that could not be read, of files that otherwise could: none of their scans says so."""
    index_sizes: "array[int]"
    """Bytes of the frames of the index, by segment."""


def gather(segments: Segments, results: Iterable[ScannedSegment]) -> Gathered:
    """Put together what the scans found.

    Args:
        segments: all segments; they learn how many lines came before each.
        results: what the scan of each found, in their order.

    Raises:
        InputError: nothing in any file can be read.
    """
    files: list[ScannedFile] = []
    rejections: Counter[Reason] = Counter()
    lost_ranges: list[Rejection] = []
    lines_ended: list[int] = []
    index_sizes = array("Q")
    damage: str | None = None
    for position, found in groupby(zip(segments, results, strict=True), _position):
        ranges: list[ScannedSegment] = []
        for segment, result in found:
            rejections.update(result.rejections)
            lines_ended.append(result.lines_ended)
            index_sizes.append(result.index_size)
            if ranges and ranges[0].is_readable and not result.is_readable:
                lost_ranges.append(_lost_range(segment, result.damage))
            ranges.append(result)
            damage = damage or result.damage
        files.append(_scanned_file(segments.files[position].name, ranges))
    segments.count_lines(lines_ended)
    _check_readable(files, damage)
    rejections.update(entry.cause.reason for entry in lost_ranges)
    return Gathered(files, rejections, lost_ranges, index_sizes)


def _position(found: tuple[Segment, ScannedSegment]) -> int:
    return found[0].position


def _lost_range(segment: Segment, damage: str | None) -> Rejection:
    """Return the entry of a range that could not be read of a file that otherwise could."""
    place = Place(segment.number, 1, segment.start)
    return Rejection(place, Cause("truncated_file", damage or ""))


def _scanned_file(name: str, ranges: Sequence[ScannedSegment]) -> ScannedFile:
    """Put the ranges of a file together; those beyond its end, as it now is, have no blocks."""
    first, *others = ranges
    blocks = [*first.blocks, *(block for each in others if each.size for block in each.blocks)]
    return ScannedFile(
        name,
        sum(each.size for each in ranges),
        digest_of_blocks(blocks),
        any(each.is_readable for each in ranges),
        sum((each.counts for each in ranges), ScanCounts()),
    )


def _check_readable(files: Sequence[ScannedFile], damage: str | None) -> None:
    if not any(file.is_readable for file in files):
        names = ", ".join(file.name for file in files[:3])
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        advice = "check permissions and file types"
        if all(file.name == STANDARD_INPUT for file in files):
            advice = "pipe JSON lines into it, or name log files"
        raise InputError(f"{names}{more}: {damage or 'cannot be read'}; {advice}")
