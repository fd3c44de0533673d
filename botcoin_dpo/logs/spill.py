"""References on disk, by partition: what scans leave and partitions pick up.

A scan writes its references grouped by partition, and a partition reads its part of each file. As
there may be a million scans, their files are merged: a few hundred are left, whatever the size of
the logs, and the process that plans the work holds where their parts end and no more.
"""

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from heapq import merge
from itertools import accumulate
from pathlib import Path

from botcoin_dpo.errors import writing
from botcoin_dpo.logs.references import (
    AttemptRef,
    ChallengeRef,
    Partitions,
    unpack_attempts,
    unpack_challenges,
)

_MERGED = 64
"""Spills that become one. Fewer are kept of each size: 63 of one scan, 63 of 64 scans, and so on.
Of a million scans and 4096 partitions, what is held of them in memory is 25 MB at most."""

_BUFFER = 1 << 16


@dataclass(frozen=True, slots=True)
class Spill:
    """The references of one scan, or of several that follow each other."""

    path: Path
    slots: "array[int]"
    """The parts that are not empty, as `Partitions` numbers them, ascending."""
    ends: "array[int]"
    """Where each of them ends in the file."""

    def parts(self) -> Iterator[tuple[int, int]]:
        """Yield slot and length of each part that is not empty."""
        start = 0
        for slot, end in zip(self.slots, self.ends, strict=True):
            yield slot, end - start
            start = end


def spill_partitions(partitions: Partitions, path: Path) -> Spill:
    """Write references to a file, and let go of them."""
    slots, packed = partitions.in_order()
    with writing(path), path.open("wb") as file:
        file.writelines(packed)
    spill = Spill(path, array("I", slots), array("Q", accumulate(map(len, packed))))
    partitions.clear()
    return spill


class SpillMerger:
    """Merges the spills of all scans, in the order of the logs, into few."""

    def __init__(self, folder: Path) -> None:
        """Merge into files in a folder."""
        self._folder = folder
        self._made = 0
        self._by_size: list[list[Spill]] = []

    def add(self, spill: Spill) -> None:
        """Add a spill; its file may be merged into another."""
        for same in self._by_size:
            same.append(spill)
            if len(same) < _MERGED:
                return
            self._made += 1
            spill = _merge(same, self._folder / f"{self._made:08d}.merged")
            same.clear()
        self._by_size.append([spill])

    def spills(self) -> list[Spill]:
        """Return what is there, in the order of the logs: the larger came before."""
        return [spill for same in reversed(self._by_size) for spill in same]


def _merge(spills: Sequence[Spill], path: Path) -> Spill:
    """Make one spill of several, reading and writing each file from its start to its end."""
    slots, ends = array("I"), array("Q")
    end = 0
    with ExitStack() as stack, writing(path):
        files = [stack.enter_context(each.path.open("rb", _BUFFER)) for each in spills]
        merged = stack.enter_context(path.open("wb", _BUFFER))
        numbered = (_numbered(spill, number) for number, spill in enumerate(spills))
        for slot, number, length in merge(*numbered):
            merged.write(files[number].read(length))
            end += length
            if slots and slots[-1] == slot:
                ends[-1] = end
            else:
                slots.append(slot)
                ends.append(end)
    for spill in spills:
        with writing(spill.path):
            # Emptied, not removed: where files were just removed, ext4 makes new ones slowly.
            os.truncate(spill.path, 0)
    return Spill(path, slots, ends)


def _numbered(spill: Spill, number: int) -> Iterator[tuple[int, int, int]]:
    for slot, length in spill.parts():
        yield slot, number, length


class Spills:
    """The references of all scans."""

    def __init__(self, spills: Sequence[Spill], partitions: int) -> None:
        """Read the spills of all scans, in the order of the logs, by partition."""
        self._spills = spills
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
        for spill in self._spills:
            at = bisect_left(spill.slots, slot)
            if at < len(spill.slots) and spill.slots[at] == slot:
                start = spill.ends[at - 1] if at else 0
                with writing(spill.path), spill.path.open("rb", buffering=0) as file:
                    yield os.pread(file.fileno(), spill.ends[at] - start, start)
