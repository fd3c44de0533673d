"""Reading rows back: a built folder, a file of rows, or standard input, one row at a time."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from botcoin_dpo.errors import InputError
from botcoin_dpo.logs.discovery import STANDARD_INPUT, LogFile
from botcoin_dpo.logs.lines import split_lines
from botcoin_dpo.logs.streams import LogStream
from botcoin_dpo.logs.values import split_values

_LARGEST_ROW = 4 * 10**9


class StoredRow(NamedTuple):
    """A row as it lies in a file."""

    line: int
    row: Any
    """Decoded; None where `trouble` says why."""
    size: int
    """Bytes of its JSON."""
    trouble: str | None = None


def read_rows(
    path: Path, name: str, on_piece: Callable[[bytes], None] | None = None
) -> Iterator[StoredRow]:
    """Yield the rows of one `.jsonl` or `.json` file, or of standard input (`-`).

    Args:
        path: the file.
        name: what messages call it.
        on_piece: is given the content in pieces, for checksums and progress.

    Raises:
        InputError: the file cannot be read.
    """
    is_standard_input = str(path) == STANDARD_INPUT
    file = LogFile(None if is_standard_input else path, name)
    stream = LogStream(file)
    split = split_values if path.suffix.lower() == ".json" else split_lines
    for record in split(_watched(stream, on_piece), _LARGEST_ROW):
        if record.fault is not None:
            yield StoredRow(record.line, None, 0, record.fault.detail)
        elif record.raw:
            try:
                row = orjson.loads(record.raw)
            except orjson.JSONDecodeError as error:
                yield StoredRow(record.line, None, len(record.raw), str(error))
            else:
                trouble = None if isinstance(row, dict) else "not an object"
                yield StoredRow(record.line, row, len(record.raw), trouble)
    if stream.damage is not None:
        raise InputError(f"{name}: {stream.damage}; name a built folder or a file of rows")


def _watched(pieces: Iterable[bytes], on_piece: Callable[[bytes], None] | None) -> Iterator[bytes]:
    for piece in pieces:
        if on_piece is not None:
            on_piece(piece)
        yield piece
