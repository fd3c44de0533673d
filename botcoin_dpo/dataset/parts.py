"""What is made of one partition, on disk until it is put into the files of the dataset.

Workers write parts of their own, and one process puts them together, in output order: so the bytes
of a dataset do not depend on who made them when.
"""

from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from botcoin_dpo.contract.layout import FactKind
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


class FactPart(NamedTuple):
    """The attempt objects or the challenge objects of one partition, one JSON line each."""

    path: Path
    kind: FactKind
    objects: int
    bytes: int


class PartWriter:
    """Writes the parts of one partition."""

    def __init__(self, folder: Path, number: int) -> None:
        """Write the parts of partition `number` to the folder of all parts."""
        self._folder, self._number = folder, number
        self._rows: dict[tuple[PairType, Split], _Lines] = {}
        self._facts: dict[FactKind, _Lines] = {}

    def add(self, row: dict[str, Any], pair_type: PairType) -> None:
        """Append a row to the part of its split."""
        key: tuple[PairType, Split] = (pair_type, row["split"])
        if key not in self._rows:
            self._rows[key] = _Lines(self._path("-".join(key)))
        self._rows[key].add(row)

    def add_fact(self, facts: dict[str, Any], kind: FactKind) -> None:
        """Append an attempt object or a challenge object."""
        if kind not in self._facts:
            self._facts[kind] = _Lines(self._path(kind))
        self._facts[kind].add(facts)

    def finish(self) -> tuple[list[Part], list[FactPart]]:
        """Close the parts and list them: those of rows, and those of attempts and challenges."""
        return (
            [
                Part(lines.path, *key, lines.count, lines.close())
                for key, lines in self._rows.items()
            ],
            [
                FactPart(lines.path, kind, lines.count, lines.close())
                for kind, lines in self._facts.items()
            ],
        )

    def _path(self, name: str) -> Path:
        return self._folder / f"{self._number:05d}-{name}"


class _Lines:
    """One part in the making."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        with writing(path):
            self._file: BinaryIO = path.open("wb", buffering=1 << 20)

    def add(self, value: dict[str, Any]) -> None:
        line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
        with writing(self.path):
            self._file.write(line)
        self.count += 1

    def close(self) -> int:
        """Close the part and return its bytes."""
        with writing(self.path):
            size = self._file.tell()
            self._file.close()
        return size
