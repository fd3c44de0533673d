"""Rows of one partition, on disk until they are put into shards.

Workers write parts of their own, and one process puts them into shards, in output order: so the
bytes of a dataset do not depend on who made them when.
"""

from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.splits import Split
from botcoin_dpo.errors import writing


class Part(NamedTuple):
    """The rows of one partition, pair type and split, one JSON line each."""

    path: Path
    pair_type: PairType
    split: Split
    rows: int
    bytes: int


class PartWriter:
    """Writes the parts of one partition."""

    def __init__(self, folder: Path, number: int) -> None:
        """Write the parts of partition `number` to the folder of all parts."""
        self._folder, self._number = folder, number
        self._files: dict[tuple[PairType, Split], BinaryIO] = {}
        self._rows: dict[tuple[PairType, Split], int] = {}

    def add(self, row: dict[str, Any], pair_type: PairType) -> None:
        """Append a row to the part of its split."""
        key: tuple[PairType, Split] = (pair_type, row["split"])
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        with writing(self._folder):
            if key not in self._files:
                self._files[key] = self._path(key).open("wb", buffering=1 << 20)
            self._files[key].write(line)
        self._rows[key] = self._rows.get(key, 0) + 1

    def finish(self) -> list[Part]:
        """Close the parts and list them."""
        parts = []
        with writing(self._folder):
            for key, file in self._files.items():
                parts.append(Part(self._path(key), *key, self._rows[key], file.tell()))
                file.close()
        return parts

    def _path(self, key: tuple[PairType, Split]) -> Path:
        return self._folder / f"{self._number:05d}-{'-'.join(key)}"
