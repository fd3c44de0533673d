"""Reading rows back: a built folder, a file of rows, or standard input, one row at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.numbers import integral_as_integer
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.schemas import SchemaName
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.engines.progress import advance
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.current import published_in
from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.files.input_file import STANDARD_INPUT, Layout, LogFile
from botcoin_dpo.files.json_lines import RawRecord, split_lines
from botcoin_dpo.files.json_values import split_values
from botcoin_dpo.files.named_files import is_there, open_regular
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.segments import Segment

_LARGEST_ROW = 4 * 10**9


class StoredRow(NamedTuple):
    """A row as it lies in a file."""

    line: int
    """From 1, in its segment."""
    row: Any
    """Decoded; None where `problem` says why."""
    problem: str | None = None
    """Why this is no row."""
    file: int = 0
    """Among the files that are read."""
    offset: int = 0
    """Of its first byte, in the file."""
    size: int = 0
    """Its bytes."""


def row_file(path: Path | RemotePath, name: str) -> LogFile:
    """Return a file of rows, or standard input, to be read as logs are; it may not exist."""
    layout: Layout = "values" if path.name.lower().endswith(".json") else "lines"
    if isinstance(path, RemotePath):
        return LogFile(path, name, layout, size=path.version.size if path.version else 0)
    if str(path) == STANDARD_INPUT:
        return LogFile(None, name, layout)
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    return LogFile(path, name, layout, size=size)


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


def remote_dataset_files(place: RemotePath) -> list[tuple[RemotePath, str]]:
    """Return the same of what a URL names, each file in the version that is there now.

    Raises:
        InputError: there are none, or the store refuses.
    """
    store = store_of(place.root)
    file = store.find(place) if place.is_web or place.key else None
    if file is not None:
        return [(file, file.name)]
    folder = published_in(place)
    assert isinstance(folder, RemotePath)
    there = {path.key: path for path in store.list(folder)}
    files = []
    for shard in read_manifest(folder)["shards"]:
        path = folder / shard["path"]
        if path.key not in there:
            raise InputError(f"{path}: no such file; see botcoin-dpo validate")
        files.append((there[path.key], shard["path"]))
    return files


def read_row(path: Path, start: int, size: int) -> JsonObject:
    """Return the row that lies at a place.

    Raises:
        InputError: it is not there any more.
    """
    row = read_object(path, start, size, "pair")
    count_in_integers(row)
    return row


def read_object(path: Path, start: int, size: int, name: SchemaName) -> JsonObject:
    """Return the object that lies at a place, and fits the schema of a name.

    Raises:
        InputError: it is not there any more.
    """
    try:
        with open_regular(path) as file:
            file.seek(start)
            value = orjson.loads(file.read(size))
    except (OSError, orjson.JSONDecodeError):
        value = None
    if not schemas.is_valid(name, value):
        raise InputError(f"{path}: changed while it was read; try again")
    assert isinstance(value, dict)
    return value


def count_in_integers(row: JsonObject) -> None:
    """Make counts and indices integers, which the schema also takes with a point: `1.0`."""
    row["pair_annotations"] = integral_as_integer(row["pair_annotations"])


class SegmentRows:
    """The rows of one segment of a file, to be read once."""

    def __init__(self, segment: Segment) -> None:
        """Open nothing yet."""
        self.lines_ended = 0
        """Lines that end in the segment; known once all rows are read."""
        self._segment = segment
        self._stream = LogStream.of_segment(segment, advance)

    @property
    def damage(self) -> str | None:
        """Why there may be more that could not be read; known once all rows are read."""
        return self._stream.damage

    def __iter__(self) -> Iterator[StoredRow]:
        """Yield the rows, and whatever else is there."""
        if self._segment.file.layout == "lines":
            is_start = self._segment.start == 0
            records = split_lines(self._stream, _LARGEST_ROW, is_start=is_start)
        else:
            records = split_values(self._stream, _LARGEST_ROW)
        for record in records:
            self.lines_ended = record.line - 1
            if record.cause is not None or record.raw:
                yield self._stored(record)

    def _stored(self, record: RawRecord) -> StoredRow:
        row, problem = None, None
        if record.cause is not None:
            problem = record.cause.detail
        else:
            try:
                row = orjson.loads(record.raw)
                problem = None if isinstance(row, dict) else "not an object"
            except orjson.JSONDecodeError as error:
                problem = str(error)
        file, offset = self._segment.position, self._stream.first_offset + record.offset
        return StoredRow(record.line, row, problem, file, offset, len(record.raw))


def read_rows(path: Path | RemotePath, name: str) -> Iterator[StoredRow]:
    """Yield the rows of one `.jsonl` or `.json` file, or of standard input (`-`), and what is none.

    Args:
        path: the file.
        name: what messages call it.

    Raises:
        InputError: the file cannot be read.
    """
    rows = SegmentRows(Segment(0, 0, row_file(path, name)))
    yield from rows
    refuse_damage(name, rows.damage)


def refuse_damage(name: str, damage: str | None) -> None:
    """Refuse a file of rows that could not be read to its end.

    Raises:
        InputError: something is wrong with it.
    """
    if damage is not None:
        raise InputError(f"{name}: {damage}; name a built folder or a file of rows")
