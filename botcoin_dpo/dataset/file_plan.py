"""Decides which lines go into which file of a dataset, before any is written.

A file is closed when the next line would take it beyond its size, so the bytes of the files depend
on the lines and the size only, not on how the lines are divided into parts. As all files are known
beforehand, they can be written at the same time, each under its final name:
`<pair_type>/<split>-00000-of-00001.jsonl`, `attempts/part-00000.jsonl`, `challenges/...`.
The index is divided in the same way, `index/part-00000.bin`: there, a line is all of a segment.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from botcoin_dpo.contract.layout import INDEX
from botcoin_dpo.dataset.parts import FileKey
from botcoin_dpo.engines.blobs import Blob

Key = TypeVar("Key", bound=FileKey)


class Lines(Protocol):
    """Lines of which some may go to one file, and the others to the next."""

    @property
    def blob(self) -> Blob:
        """Where they lie, from its start on."""
        ...

    @property
    def lines(self) -> int:
        """How many there are."""
        ...

    @property
    def bytes(self) -> int:
        """Of all of them."""
        ...

    def lengths(self) -> Iterable[int]:
        """Return how long each is."""
        ...


class Piece(NamedTuple):
    """Some lines of a part, as a range of the blob that they lie in."""

    blob: Blob
    start: int
    end: int
    is_last: bool
    """Whether no later piece is of the same blob."""


class PlannedFile(NamedTuple):
    """What one file will hold."""

    path: str
    """Relative to the dataset."""
    key: FileKey
    lines: int
    pieces: list[Piece]

    def __str__(self) -> str:
        return self.path

    @property
    def bytes(self) -> int:
        """Its size."""
        return sum(piece.end - piece.start for piece in self.pieces)


def plan_files(
    parts: Mapping[Key, Sequence[Lines]], keys: Iterable[Key], most_bytes: int
) -> list[PlannedFile]:
    """Divide lines into files.

    Args:
        parts: the lines by what files they go to, each in output order.
        keys: which of them there shall be files of, in the order of the files.
        most_bytes: most bytes of a file of more than one line.
    """
    planned = []
    for key in keys:
        files = list(_cut(parts.get(key, ()), most_bytes))
        planned += [
            PlannedFile(file_path(key, number, len(files)), key, *file)
            for number, file in enumerate(files)
        ]
    return planned


def file_path(key: FileKey, number: int, total: int) -> str:
    """Return the path of a file, relative to the dataset.

    Args:
        key: of its lines.
        number: of the file among those of the key.
        total: how many of the key there are.
    """
    if key == INDEX:
        return f"{key}/part-{number:05d}.bin"
    if isinstance(key, str):
        return f"{key}/part-{number:05d}.jsonl"
    pair_type, split = key
    return f"{pair_type}/{split}-{number:05d}-of-{total:05d}.jsonl"


def _cut(parts: Iterable[Lines], most_bytes: int) -> Iterator[tuple[int, list[Piece]]]:
    """Yield the number of lines, and the pieces, of each file."""
    lines = size = 0
    pieces: list[Piece] = []
    for part in parts:
        if size + part.bytes <= most_bytes:
            lines, size = lines + part.lines, size + part.bytes
            pieces.append(Piece(part.blob, 0, part.bytes, True))
            continue
        start = end = 0
        for length in part.lengths():
            if lines and size + length > most_bytes:
                if start < end:
                    pieces.append(Piece(part.blob, start, end, False))
                yield lines, pieces
                lines, size, pieces, start = 0, 0, [], end
            lines, size, end = lines + 1, size + length, end + length
        pieces.append(Piece(part.blob, start, end, True))
    if pieces:
        yield lines, pieces
