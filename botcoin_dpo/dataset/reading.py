"""Reading rows back: a built folder, a file of rows, or standard input, one row at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import orjson

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.numbers import integral_as_integer
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.progress import ProgressCounter, advance
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.files.input_file import STANDARD_INPUT, Layout, LogFile
from botcoin_dpo.files.json_lines import split_lines
from botcoin_dpo.files.json_values import split_values
from botcoin_dpo.files.named_files import is_there, open_regular
from botcoin_dpo.files.segments import Segment, Segments

_LARGEST_ROW = 4 * 10**9


class StoredRow(NamedTuple):
    """A row as it lies in a file."""

    line: int
    """From 1, in what is read."""
    row: Any
    """Decoded; None where `problem` says why."""
    problem: str | None = None
    is_end: bool = False
    """Whether this is no row, but where the rows end; it comes last, once."""
    offset: int = 0
    """Of its first byte, in what is read."""
    size: int = 0
    """Its bytes."""


def row_file(path: Path, name: str) -> LogFile:
    """Return a file of rows, or standard input, to be read as logs are; it may not exist."""
    layout: Layout = "values" if path.suffix.lower() == ".json" else "lines"
    if str(path) == STANDARD_INPUT:
        return LogFile(None, name, layout)
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    return LogFile(path, name, layout, size=size)


def row_segments(path: Path, name: str) -> Segments:
    """Return the segments in which a file of rows may be read."""
    return Segments([row_file(path, name)])


Made = TypeVar("Made")
"""What is made of rows: statistics, an audit."""


@dataclass(slots=True)
class WorkedSegment(Generic[Made]):
    """What was made of the rows of one segment."""

    made: Made
    lines_ended: int = 0
    first_invalid: int | None = None
    """The line of the first row that cannot be used, in the segment; it is the last one read."""
    damage: str | None = None


def work_on_rows(
    segment: Segment, made: Made, add: Callable[[StoredRow], None]
) -> WorkedSegment[Made]:
    """Hand each row of a segment, checked against its schema, to what makes something of them."""
    worked = WorkedSegment(made)
    stream, rows = segment_rows(segment)
    for stored in rows:
        if stored.is_end:
            worked.lines_ended = stored.line - 1
        elif stored.problem is not None or not schemas.is_valid("pair", stored.row):
            worked.first_invalid = stored.line
            break
        else:
            _count_in_integers(stored.row)
            add(stored._replace(offset=stored.offset + stream.first_offset))
    worked.damage = stream.damage
    return worked


class RowFiles:
    """Files of rows, to be worked on segment by segment, by whoever does it."""

    def __init__(self, files: Sequence[tuple[Path, str]]) -> None:
        """Read files, each with what messages call it."""
        self._names = [name for _, name in files]
        segments = Segments([row_file(path, name) for path, name in files])
        by_position = groupby(segments, attrgetter("position"))  # each file has a segment at least
        self._by_file = [list(parts) for _, parts in by_position]

    @property
    def size(self) -> int:
        """Bytes of all segments."""
        return sum(segment.size for parts in self._by_file for segment in parts)

    def results(
        self,
        engine: Engine,
        work: Callable[..., WorkedSegment[Made]],
        counter: ProgressCounter,
        *shared: Any,
    ) -> Iterator[Made]:
        """Yield what `work(segment, *shared)` made of each segment, in order.

        Raises:
            InputError: a file is damaged, or holds something that is no row.
        """
        segments = [segment for parts in self._by_file for segment in parts]
        results = run_jobs(engine, work, segments, counter, *shared)
        for name, parts in zip(self._names, self._by_file, strict=True):
            lines = 0
            for result in islice(results, len(parts)):
                if result.first_invalid is not None:
                    where = f"{name}:{lines + result.first_invalid}"
                    raise InputError(f"{where}: not a valid row; see botcoin-dpo validate")
                refuse_damage(name, result.damage)
                lines += result.lines_ended
                yield result.made


def dataset_files(path: Path) -> list[tuple[Path, str]]:
    """Return the files of rows of a build, or a file of rows itself, each with its name.

    Raises:
        InputError: there are none.
    """
    if str(path) == STANDARD_INPUT:
        raise InputError("-: rows are read more than once; name a file")
    advice = "build first, or name a built folder"
    if not is_there(path, advice):
        raise InputError(f"{path}: no such file or folder; {advice}")
    if path.is_file() and path.suffix.lower() in (".gz", ".zst"):
        raise InputError(f"{path}: rows are read as they are; unpack it first")
    if path.is_file():
        return [(path, path.name)]
    if not is_build(path):
        raise InputError(
            f"{path}: not a built folder; build the logs first, or name a file of rows"
        )
    return [(path / shard["path"], shard["path"]) for shard in read_manifest(path)["shards"]]


def read_row(path: Path, start: int, size: int) -> JsonObject:
    """Return the row that lies at a place.

    Raises:
        InputError: it is not there any more.
    """
    try:
        with open_regular(path) as rows:
            rows.seek(start)
            row = orjson.loads(rows.read(size))
    except (OSError, orjson.JSONDecodeError):
        row = None
    if not schemas.is_valid("pair", row):
        raise InputError(f"{path}: changed while it was read; try again")
    assert isinstance(row, dict)
    _count_in_integers(row)
    return row


def _count_in_integers(row: JsonObject) -> None:
    """Make counts and indices integers, which the schema also takes with a point: `1.0`."""
    row["pair_annotations"] = integral_as_integer(row["pair_annotations"])


def stored_rows(
    pieces: Iterable[bytes], layout: Layout, *, is_start: bool = True
) -> Iterator[StoredRow]:
    """Yield the rows of what is read, and last where they end.

    Args:
        pieces: the content.
        layout: rows by line, or as JSON values.
        is_start: whether this is the start of a file.
    """
    if layout == "lines":
        records = split_lines(pieces, _LARGEST_ROW, is_start=is_start)
    else:
        records = split_values(pieces, _LARGEST_ROW)
    line = 1
    for record in records:
        line = record.line
        if record.cause is not None:
            yield StoredRow(record.line, None, record.cause.detail)
        elif record.raw:
            try:
                row = orjson.loads(record.raw)
            except orjson.JSONDecodeError as error:
                yield StoredRow(record.line, None, str(error))
            else:
                problem = None if isinstance(row, dict) else "not an object"
                size = len(record.raw)
                yield StoredRow(record.line, row, problem, offset=record.offset, size=size)
    yield StoredRow(line, None, is_end=True)


def segment_rows(segment: Segment) -> tuple[LogStream, Iterator[StoredRow]]:
    """Return the stream of a segment, and its rows as from `stored_rows`."""
    stream = LogStream.of_segment(segment, advance)
    return stream, stored_rows(stream, segment.file.layout, is_start=segment.start == 0)


def read_rows(path: Path, name: str) -> Iterator[StoredRow]:
    """Yield the rows of one `.jsonl` or `.json` file, or of standard input (`-`).

    Args:
        path: the file.
        name: what messages call it.

    Raises:
        InputError: the file cannot be read.
    """
    file = row_file(path, name)
    stream = LogStream(file)
    yield from (stored for stored in stored_rows(stream, file.layout) if not stored.is_end)
    refuse_damage(name, stream.damage)


def refuse_damage(name: str, damage: str | None) -> None:
    """Refuse a file of rows that could not be read to its end.

    Raises:
        InputError: something is wrong with it.
    """
    if damage is not None:
        raise InputError(f"{name}: {damage}; name a built folder or a file of rows")
