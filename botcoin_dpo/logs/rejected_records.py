"""Quarantine entries, kept on disk while a build runs: they may be as many as records."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, Self

import orjson

from botcoin_dpo.contract.rejections import REASONS, Cause, Place, Reason, Rejection
from botcoin_dpo.errors import writing
from botcoin_dpo.files.open_files import OpenFiles

_KEY = Struct("<IqQBQI")
"""Segment, line (-1 for none), byte offset, reason, position and length in the file."""

_RANKS = {reason: rank for rank, reason in enumerate(REASONS)}
_LONGEST_DETAIL = 500
_OPEN_FILES = 16
_PIECE = 1 << 20
_KEYS_IN_PIECE = 1 << 15


@dataclass(frozen=True, slots=True)
class RejectionFile:
    """Entries of one job, on disk; their places are in segments."""

    path: Path
    """What they say; their keys lie beside it. There are no files if there are no entries."""
    by_reason: Counter[Reason] = field(default_factory=Counter)

    def packed_keys(self) -> Iterator[bytes]:
        """Yield the keys, in pieces of whole ones."""
        return self._pieces(_keys_path(self.path), _KEYS_IN_PIECE * _KEY.size)

    def content(self) -> Iterator[bytes]:
        """Yield what the entries say, in pieces."""
        return self._pieces(self.path, _PIECE)

    def places(self) -> Iterator[tuple[Place, Reason, int, int]]:
        """Yield place, reason, and position and length of the rest in the file."""
        for keys in self.packed_keys():
            for segment, line, offset, reason, position, length in _KEY.iter_unpack(keys):
                place = Place(segment, None if line < 0 else line, offset)
                yield place, REASONS[reason], position, length

    def _pieces(self, path: Path, size: int) -> Iterator[bytes]:
        if self.by_reason:
            with writing(path), path.open("rb") as file:
                yield from iter(lambda: file.read(size), b"")

    def entries(self) -> Iterator[Rejection]:
        """Yield the entries in the order in which they were quarantined."""
        with RejectionReader([self]) as reader:
            for place, reason, position, length in self.places():
                rest = reader.rest(0, position, length)
                yield Rejection(place, Cause(reason, rest["detail"]), rest["record_id"])


class RejectionReader:
    """Reads entries of several files, in any order; few files are open at once."""

    def __init__(self, files: Sequence[RejectionFile]) -> None:
        """Read entries of some files."""
        self._files = files
        self._open = OpenFiles(_OPEN_FILES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def rest(self, number: int, position: int, length: int) -> dict[str, Any]:
        """Return `record_id` and `detail` of an entry of a file."""
        path = self._files[number].path
        with writing(path):
            raw = self._open.read(path, position, length)
        rest: dict[str, Any] = orjson.loads(raw)
        return rest


def moved(keys: bytes, segment: int) -> bytes:
    """Return the keys of entries, now of a segment of that number."""
    return b"".join(_KEY.pack(segment, *rest) for _, *rest in _KEY.iter_unpack(keys))


class RejectionWriter:
    """Writes the entries of one job; its files are made with the first."""

    def __init__(self, path: Path) -> None:
        """Write to a file, and its keys beside it."""
        self.size = 0
        """Bytes of what the entries say."""
        self._path = path
        self._files: tuple[BinaryIO, BinaryIO] | None = None
        self._by_reason: Counter[Reason] = Counter()

    def add(self, entry: Rejection) -> None:
        """Add an entry."""
        place, (reason, detail) = entry.place, entry.cause
        if len(detail) > _LONGEST_DETAIL:
            detail = detail[: _LONGEST_DETAIL - 1] + "…"
        rest = orjson.dumps({"record_id": entry.record_id, "detail": detail})
        line = -1 if place.line is None else place.line
        key = _KEY.pack(place.file, line, place.offset, _RANKS[reason], self.size, len(rest))
        self._write(key, rest)
        self._by_reason[reason] += 1

    def add_packed(self, keys: bytes, content: bytes) -> None:
        """Add keys and what entries say, as `packed_keys` and `content` yield them."""
        self._write(keys, content)
        self._by_reason.update(REASONS[key[3]] for key in _KEY.iter_unpack(keys))

    def finish(self) -> RejectionFile:
        """Close the files and return what is in them."""
        if self._files is not None:
            with writing(self._path):
                for file in self._files:
                    file.close()
        return RejectionFile(self._path, self._by_reason)

    def _write(self, keys: bytes, content: bytes) -> None:
        with writing(self._path):
            if self._files is None:
                self._files = _keys_path(self._path).open("wb"), self._path.open("wb")
            self._files[0].write(keys)
            self._files[1].write(content)
        self.size += len(content)


def _keys_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.keys")
