"""What the scans of all segments come to: by file, and as little as possible by segment.

There may be a million segments. So what a scan leaves is put with what others left as soon as it is
there: references in few files, frames of the index in one file, and counts by file.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from botcoin_dpo.contract.rejections import Cause, Place, Rejection
from botcoin_dpo.errors import InputError, writing
from botcoin_dpo.files.input_file import STANDARD_INPUT
from botcoin_dpo.files.segments import Segment, Segments, digest_of_blocks
from botcoin_dpo.logs.rejected_records import RejectionFile, RejectionWriter
from botcoin_dpo.logs.scan import ScanCounts, ScannedSegment
from botcoin_dpo.logs.spill import Spill, SpillMerger


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
    """What all scans come to."""

    files: list[ScannedFile]
    rejections: list[RejectionFile]
    """What cannot be used, in the order of the logs; no file without entries."""
    spills: list[Spill]
    index: Path
    """Frames of the index, of all segments."""


def gather(segments: Segments, results: Iterable[ScannedSegment], folder: Path) -> Gathered:
    """Put together what the scans found.

    Args:
        segments: all segments; they learn how many lines came before each.
        results: what the scan of each found, in their order.
        folder: where files of the scans are merged.

    Raises:
        InputError: nothing in any file can be read.
    """
    merger = SpillMerger(folder)
    index = _IndexFrames(folder / "all.index")
    files: list[ScannedFile] = []
    rejections: list[RejectionFile] = []
    lines_ended: list[int] = []
    damage: str | None = None
    lost_ranges = RejectionWriter(folder / "ranges.rejections")
    for position, found in groupby(zip(segments, results, strict=True), _position):
        ranges: list[ScannedSegment] = []
        for segment, result in found:
            for spill in result.spills:
                merger.add(spill)
            index.append(result.index)
            if result.rejections.by_reason:
                rejections.append(result.rejections)
            lines_ended.append(result.lines_ended)
            if ranges and ranges[0].is_readable and not result.is_readable:
                lost_ranges.add(_lost_range(segment, result.damage))
            ranges.append(result)
            damage = damage or result.damage
        files.append(_scanned_file(segments.files[position].name, ranges))
    lost = lost_ranges.finish()
    segments.count_lines(lines_ended)
    _check_readable(files, damage)
    if lost.by_reason:
        rejections.append(lost)
    return Gathered(files, rejections, merger.spills(), index.finish())


def _position(found: tuple[Segment, ScannedSegment]) -> int:
    return found[0].position


class _IndexFrames:
    """One file for the frames of all segments."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with writing(path):
            self._file = path.open("wb")

    def append(self, frames: Path) -> None:
        """Move the frames of a segment behind those of others."""
        with writing(self._path), frames.open("rb") as moved:
            shutil.copyfileobj(moved, self._file)
            os.truncate(frames, 0)  # not removed: see _merge in spill.py

    def finish(self) -> Path:
        with writing(self._path):
            self._file.close()
        return self._path


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
