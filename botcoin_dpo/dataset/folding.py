"""Folds over the rows of a dataset: each segment is folded by a job, and the states are merged."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

from botcoin_dpo.contract import schemas
from botcoin_dpo.dataset.reading import (
    SegmentRows,
    StoredRow,
    count_in_integers,
    refuse_damage,
    row_file,
)
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.progress import Progress, ProgressCounter
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.input_file import STANDARD_INPUT, display_name
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.segments import Segment, Segments


class Mergeable(Protocol):
    """What was made of some rows."""

    def merge(self, other: Self) -> None:
        """Add what was made of the rows that follow."""
        ...


State = TypeVar("State")
Merged = TypeVar("Merged", bound=Mergeable)


@dataclass(frozen=True, slots=True)
class Fold(Generic[State]):
    """What to make of rows. Its functions can be pickled, as can the state."""

    start: Callable[[], State]
    """Returns the state before the first row."""
    add: Callable[[State, StoredRow], None]
    """Adds a row, which fits its schema, to the state."""


@dataclass(slots=True)
class _FoldedSegment(Generic[State]):
    state: State
    lines_ended: int = 0
    first_invalid: int | None = None
    """The line of the first row that cannot be used, in the segment; it is the last one read."""
    damage: str | None = None


class RowFiles:
    """The files of rows of a dataset, to be folded."""

    def __init__(self, files: Sequence[tuple[Path | RemotePath, str]]) -> None:
        """Read files, each with what messages call it."""
        self._names = [
            name if name == STANDARD_INPUT else display_name(path) for path, name in files
        ]
        self._segments = list(Segments([row_file(path, name) for path, name in files]))

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(segment.size for segment in self._segments)

    def fold(
        self, fold: Fold[Merged], engine: Engine, progress: Progress | None, stage: str
    ) -> Merged:
        """Return the state after the last row.

        Args:
            fold: what to make of the rows.
            engine: runs the jobs.
            progress: is told of bytes read.
            stage: what progress calls it.

        Raises:
            InputError: a file is damaged, or holds something that is no row.
        """
        merged = fold.start()
        for state in self.fold_segments(fold, engine, progress, stage):
            merged.merge(state)
        return merged

    def fold_segments(
        self, fold: Fold[State], engine: Engine, progress: Progress | None, stage: str
    ) -> Iterator[State]:
        """Yield the state of each segment, in the order of rows; otherwise as `fold`."""
        counter = ProgressCounter(progress, stage, self.size)
        results = run_jobs(engine, _fold_segment, self._segments, counter, fold)
        by_position = groupby(self._segments, attrgetter("position"))  # no file has none
        for name, (_, segments) in zip(self._names, by_position, strict=True):
            lines = 0
            for result in islice(results, len(list(segments))):
                if result.first_invalid is not None:
                    where = f"{name}:{lines + result.first_invalid}"
                    raise InputError(f"{where}: not a valid row; see botcoin-dpo validate")
                refuse_damage(name, result.damage)
                lines += result.lines_ended
                yield result.state


def _fold_segment(segment: Segment, fold: Fold[State]) -> _FoldedSegment[State]:
    folded = _FoldedSegment(fold.start())
    rows = SegmentRows(segment)
    for stored in rows:
        if stored.problem is not None or not schemas.is_valid("pair", stored.row):
            folded.first_invalid = stored.line
            break
        count_in_integers(stored.row)
        fold.add(folded.state, stored)
    folded.lines_ended, folded.damage = rows.lines_ended, rows.damage
    return folded
