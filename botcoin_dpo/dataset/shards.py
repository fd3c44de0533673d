"""Puts parts together into shards, `<pair_type>/<split>-00000-of-00001.jsonl`, cut by size alone.

Parts arrive in output order. A shard is closed when the next row would take it beyond its size, so
the bytes of shards depend on the rows and the size only.
"""

from collections.abc import Iterable, Sequence
from io import BufferedReader
from pathlib import Path

from botcoin_dpo.contract.pair_types import PAIR_TYPES, PairType
from botcoin_dpo.contract.splits import SPLITS, Split
from botcoin_dpo.dataset.listed_files import Shard
from botcoin_dpo.dataset.parts import Part
from botcoin_dpo.errors import writing
from botcoin_dpo.files.hashed_file import HashedFile

_PIECE = 1 << 20


class ShardWriter:
    """Writes the shards of a dataset; without a folder it only counts."""

    def __init__(
        self, folder: Path | None, shard_bytes: int, pair_types: Sequence[PairType] = PAIR_TYPES
    ) -> None:
        """Write shards.

        Args:
            folder: the dataset's.
            shard_bytes: most bytes of a shard of more than one row.
            pair_types: in the order of the shards.
        """
        self._pair_types = pair_types
        self._folder = folder
        self._shard_bytes = shard_bytes
        self._streams: dict[tuple[PairType, Split], _Stream] = {}

    def add(self, part: Part) -> None:
        """Append the rows of a part to its split, and remove the part."""
        key = (part.pair_type, part.split)
        if key not in self._streams:
            path = self._folder / part.pair_type / part.split if self._folder else None
            self._streams[key] = _Stream(path, self._shard_bytes)
        self._streams[key].add(part)
        with writing(part.path):
            part.path.unlink()

    def row_counts(self) -> dict[PairType, dict[Split, int]]:
        """Return the rows of each pair type and split so far."""
        counts: dict[PairType, dict[Split, int]] = {}
        for pair_type in self._pair_types:
            for split in SPLITS:
                if stream := self._streams.get((pair_type, split)):
                    counts.setdefault(pair_type, {})[split] = stream.rows
        return counts

    def finish(self) -> list[Shard]:
        """Close the shards, give them their names, and list them."""
        shards = []
        for pair_type in self._pair_types:
            for split in SPLITS:
                if stream := self._streams.get((pair_type, split)):
                    shards += stream.finish(pair_type, split)
        self._streams.clear()
        return shards

    def abandon(self) -> None:
        """Close what is still open, after something went wrong."""
        for stream in self._streams.values():
            stream.abandon()


class _Stream:
    """The shards of one pair type and split."""

    def __init__(self, path: Path | None, shard_bytes: int) -> None:
        self.rows = 0
        self._path = path
        self._shard_bytes = shard_bytes
        self._current: HashedFile | None = None
        self._current_rows = 0
        self._closed: list[tuple[HashedFile, int]] = []

    def add(self, part: Part) -> None:
        self.rows += part.rows
        if self._path is None:
            return
        with writing(part.path), part.path.open("rb", buffering=0) as file:
            if self._fits(part.bytes):
                self._write(iter(lambda: file.read(_PIECE), b""), part.rows)
            else:
                for line in BufferedReader(file, _PIECE):
                    if not self._fits(len(line)):
                        self._close()
                    self._write([line], 1)

    def _fits(self, size: int) -> bool:
        """Return whether `size` more bytes fit the shard."""
        taken = self._current.size if self._current else 0
        return taken + size <= self._shard_bytes

    def _write(self, pieces: Iterable[bytes], rows: int) -> None:
        if self._current is None:
            number = len(self._closed)
            assert self._path is not None
            self._current = HashedFile(self._path.with_name(f"{self._path.name}-{number:05d}"))
        for piece in pieces:
            self._current.write(piece)
        self._current_rows += rows

    def finish(self, pair_type: PairType, split: Split) -> list[Shard]:
        self._close()
        shards = []
        for number, (file, rows) in enumerate(self._closed):
            name = f"{split}-{number:05d}-of-{len(self._closed):05d}.jsonl"
            file.rename(name)
            shards.append(
                Shard(f"{pair_type}/{name}", pair_type, split, rows, file.size, file.sha256)
            )
        return shards

    def abandon(self) -> None:
        if self._current is not None:
            self._current.abandon()

    def _close(self) -> None:
        if self._current is not None:
            self._current.close()
            self._closed.append((self._current, self._current_rows))
            self._current, self._current_rows = None, 0
