"""References on disk, by partition: what scans leave and partitions pick up.

Each scan writes one file, its references grouped by partition. A partition reads its part of each
of them. So memory holds the references of the partitions in the making, whatever the logs' size.
"""

import os
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from botcoin_dpo.errors import writing
from botcoin_dpo.logs.refs import (
    AttemptRef,
    ChallengeRef,
    Partitions,
    unpack_attempts,
    unpack_challenges,
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The references of one scan."""

    path: Path
    ends: "array[int]"
    """Where the attempts of each partition end in the file, then the challenge records of each."""


def put_on_shelf(partitions: Partitions, path: Path) -> Shelf:
    """Write references to a file, and let go of them; no file if there are none."""
    packed = [*partitions.attempts, *partitions.challenges]
    ends = array("Q", accumulate(map(len, packed)))
    if ends[-1]:
        with writing(path), path.open("wb") as file:
            file.writelines(packed)
    partitions.clear()
    return Shelf(path, ends)


class Shelves:
    """The references of all scans."""

    def __init__(self, shelves: Sequence[Shelf], partitions: int) -> None:
        """Take what the scans left, in their order, and the number of partitions."""
        self._shelves = [shelf for shelf in shelves if shelf.ends[-1]]
        self._partitions = partitions

    def attempts(self, number: int) -> list[AttemptRef]:
        """Return the attempts of a partition, in the order of the logs."""
        return list(unpack_attempts(self._read(number)))

    def challenges(self, number: int) -> list[ChallengeRef]:
        """Return the challenge records of a partition, in the order of the logs."""
        return list(unpack_challenges(self._read(self._partitions + number)))

    def _read(self, slot: int) -> bytes:
        return b"".join(self._pieces(slot))

    def _pieces(self, slot: int) -> Iterator[bytes]:
        for shelf in self._shelves:
            start = shelf.ends[slot - 1] if slot else 0
            length = shelf.ends[slot] - start
            if length:
                with writing(shelf.path), shelf.path.open("rb", buffering=0) as file:
                    yield os.pread(file.fileno(), length, start)
