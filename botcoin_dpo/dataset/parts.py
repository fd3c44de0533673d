"""What is made of one partition, until it is put into the files of the dataset.

A part is a blob: its lines, and behind them how long each is. The lengths are read only of the few
parts in which a file of the dataset ends, so nobody holds those of all rows.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

import orjson

from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.splits import SPLITS, Split
from botcoin_dpo.engines.blobs import Bins, Blob, Sink

PartKey = tuple[PairType, Split] | FactKind
"""Which files lines go to: shards by pair type and split, or the files of a kind of facts."""

FileKey = PartKey | Literal["index"]
"""Files of rows or facts, or of the index."""


class Part(NamedTuple):
    """JSON lines of one partition that go to the same files."""

    blob: Blob
    lines: int
    bytes: int
    """Of the lines alone."""

    def lengths(self) -> "array[int]":
        """Read how long each line is."""
        lengths = array("Q")
        lengths.frombytes(self.blob.read(self.bytes))
        return lengths


class PartSize(NamedTuple):
    """What a part comes to."""

    lines: int
    bytes: int


def part_keys(pair_types: Sequence[PairType]) -> list[PartKey]:
    """Return what parts there may be; the bin of a part has the number of its key."""
    rows = [(pair_type, split) for pair_type in pair_types for split in SPLITS]
    return [*rows, *get_args(FactKind)]


class PartWriter:
    """Writes the parts of one partition."""

    def __init__(self, keys: Sequence[PartKey], sink: Sink) -> None:
        """Write to the bins that the keys have."""
        self._numbers = {key: number for number, key in enumerate(keys)}
        self._sink = sink
        self._lengths: dict[PartKey, array[int]] = {}

    def add(self, value: dict[str, Any], key: PartKey) -> None:
        """Append a row, an attempt object or a challenge object to its part."""
        line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
        self._sink.add(self._numbers[key], line)
        self._lengths.setdefault(key, array("Q")).append(len(line))

    def finish(self) -> dict[PartKey, PartSize]:
        """Append the lengths, and return what there is."""
        for key, lengths in self._lengths.items():
            self._sink.add(self._numbers[key], lengths.tobytes())
        return {key: PartSize(len(each), sum(each)) for key, each in self._lengths.items()}


def parts_in(
    bins: Bins, keys: Sequence[PartKey], sizes: Mapping[PartKey, PartSize]
) -> dict[PartKey, Part]:
    """Return the parts that a `PartWriter` left in its bins."""
    return {
        key: Part(bins.blob(number), *sizes[key]) for number, key in enumerate(keys) if key in sizes
    }


def count_rows(
    parts: Mapping[PartKey, Sequence[Part]], keys: Iterable[PartKey]
) -> dict[PairType, dict[Split, int]]:
    """Return the rows of each pair type and split that has some."""
    counts: dict[PairType, dict[Split, int]] = {}
    for key in keys:
        if key in parts and not isinstance(key, str):
            pair_type, split = key
            counts.setdefault(pair_type, {})[split] = sum(part.lines for part in parts[key])
    return counts
