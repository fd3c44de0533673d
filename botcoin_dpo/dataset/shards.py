"""Puts parts together into shards, `<pair_type>/<split>-00000-of-00001.jsonl`, cut by size alone.

Parts arrive in output order. A shard is closed when the next row would take it beyond its size, so
the bytes of shards depend on the rows and the size only.
"""

from collections.abc import Sequence
from pathlib import Path

from botcoin_dpo.contract.pair_types import PAIR_TYPES, PairType
from botcoin_dpo.contract.splits import SPLITS, Split
from botcoin_dpo.dataset.listed_files import Shard
from botcoin_dpo.dataset.parts import Part
from botcoin_dpo.dataset.sized_files import SizedFiles


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
        self._files: dict[tuple[PairType, Split], SizedFiles] = {}

    def add(self, part: Part) -> None:
        """Append the rows of a part to its split, and remove the part."""
        key = (part.pair_type, part.split)
        if key not in self._files:
            path = self._folder / part.pair_type / part.split if self._folder else None
            self._files[key] = SizedFiles(path, self._shard_bytes)
        self._files[key].add(part.path, part.rows, part.bytes)

    def row_counts(self) -> dict[PairType, dict[Split, int]]:
        """Return the rows of each pair type and split so far."""
        counts: dict[PairType, dict[Split, int]] = {}
        for pair_type in self._pair_types:
            for split in SPLITS:
                if files := self._files.get((pair_type, split)):
                    counts.setdefault(pair_type, {})[split] = files.lines
        return counts

    def finish(self) -> list[Shard]:
        """Close the shards, give them their names, and list them."""
        shards = []
        for pair_type in self._pair_types:
            for split in SPLITS:
                if files := self._files.get((pair_type, split)):
                    shards += _shards(files, pair_type, split)
        self._files.clear()
        return shards

    def abandon(self) -> None:
        """Close what is still open, after something went wrong."""
        for files in self._files.values():
            files.abandon()


def _shards(files: SizedFiles, pair_type: PairType, split: Split) -> list[Shard]:
    finished = files.finish(lambda number, total: f"{split}-{number:05d}-of-{total:05d}.jsonl")
    return [
        Shard(f"{pair_type}/{file.name}", pair_type, split, file.lines, file.bytes, file.sha256)
        for file in finished
    ]
