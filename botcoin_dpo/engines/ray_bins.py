"""Bins in the memory of a Ray cluster.

What a job puts into bins becomes objects of the cluster: results of the job, so that Ray can make
them again. A bin is an object alone, or it lies in a *pack* with others of its job. Packs of many
jobs are merged to as many packs, each with fewer bins of more jobs. So this process holds a handle
or two for each job, and whoever reads a bin fetches little else.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from pickle import PickleBuffer
from struct import Struct
from typing import Any, Protocol

from botcoin_dpo.engines.blobs import BinPlan, Blob, JoinedBlob
from botcoin_dpo.engines.ray_errors import lost

_COUNT = Struct("<Q")

_LARGEST_JOINED = 64 * 10**6
"""Bytes of an object that is made of lone bins."""

Data = bytes | bytearray | memoryview


class Start(Protocol):
    """Starts a job on the cluster."""

    def __call__(
        self, returns: int, name: str, function: Callable[..., Any], /, *arguments: Any
    ) -> list[Any]:
        """Return what stands for each of the results.

        Args:
            returns: how many there are.
            name: what the cluster's own tools call the job.
            function: one of our modules; each becomes known to the cluster once.
            arguments: what it takes; what stands for a result is replaced by it.
        """
        ...


@dataclass(slots=True)
class Stored:
    """An object of the cluster, which is kept as long as somebody has its handle."""

    ref: Any

    def view(self) -> memoryview:
        """Return its bytes, which are fetched to this node."""
        import ray

        try:
            return memoryview(ray.get(self.ref))
        except ray.exceptions.RayError as error:
            raise lost("what a job has left", error) from error


@dataclass(frozen=True, slots=True)
class LoneBlob:
    """A bin that is an object."""

    stored: Stored
    size: int

    def __len__(self) -> int:
        return self.size

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes; see `Blob`."""
        return bytes(self.stored.view()[start:end]) if self.size else b""

    def discard(self) -> None:
        """Let go of the object."""
        self.stored.ref = None


class PackedBlob:
    """A bin in a pack; where it is read, it is kept, as each range that is read costs a fetch."""

    def __init__(self, pack: Stored, number: int) -> None:
        self._pack, self._number = pack, number
        self._content: bytes | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle where it lies."""
        return PackedBlob, (self._pack, self._number)

    def __len__(self) -> int:
        return len(self._fetched())

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Return a range of the bytes; see `Blob`."""
        return self._fetched()[start:end]

    def discard(self) -> None:
        """Do nothing: other bins lie in the pack."""

    def _fetched(self) -> bytes:
        if self._content is None:
            self._content = bytes(_Pack(self._pack.view()).content(self._number))
        return self._content


@dataclass(frozen=True, slots=True)
class RayBins:
    """What a job put into bins, or several did."""

    packs: tuple[Stored, ...]
    """Of the bins that lie together, in their order."""
    width: int
    """How many bins are in a pack, but for the last; a power of two, so that packs of merged bins
    begin where they did."""
    lone: tuple[Sequence[LoneBlob], ...]
    """The bins behind them, each as what jobs put there that is not empty."""
    together: int

    def blob(self, number: int) -> Blob:
        """Return what lies in a bin."""
        if number >= self.together:
            return JoinedBlob(self.lone[number - self.together])
        pack, at = divmod(number, self.width)
        return PackedBlob(self.packs[pack], at)


class ClusterSink:
    """Holds what one job makes, until the job ends."""

    scratch = None

    def __init__(self) -> None:
        self._content: defaultdict[int, bytearray] = defaultdict(bytearray)

    def add(self, number: int, data: bytes | bytearray) -> None:
        """Append to a bin."""
        self._content[number] += data

    def objects(self, plan: BinPlan) -> Iterator[PickleBuffer]:
        """Yield the pack, if there is one, and the lone bins."""
        if plan.together:
            numbers = sorted(number for number in self._content if number < plan.together)
            yield _pack({number: [self._content[number]] for number in numbers})
        for number in range(plan.together, plan.count):
            yield PickleBuffer(self._content.get(number, b""))

    def sizes(self, plan: BinPlan) -> list[int]:
        """Return the sizes of the lone bins."""
        return [len(self._content.get(each, b"")) for each in range(plan.together, plan.count)]


def object_count(plan: BinPlan) -> int:
    """Return how many objects the bins of a job become."""
    return (1 if plan.together else 0) + plan.count - plan.together


def filled_bins(refs: Sequence[Any], sizes: Iterable[int], plan: BinPlan) -> RayBins:
    """Return the bins that became some objects."""
    stored = list(map(Stored, refs))
    packs = tuple(stored[:1]) if plan.together else ()
    lone = map(LoneBlob, stored[len(packs) :], sizes)
    whole = tuple([blob] if blob.size else [] for blob in lone)
    width = 1 << max(0, plan.together - 1).bit_length()
    return RayBins(packs, width, whole, plan.together)


def merge_bins(bins: Sequence[RayBins], start: Start) -> RayBins:
    """Return what several jobs put into bins as one, in the order of the jobs."""
    first = bins[0]
    width = max(1, first.width >> (len(bins) - 1).bit_length())
    packs: list[Stored] = []
    for number in range(len(first.packs)):
        count = min(first.width, first.together - number * first.width)
        refs = (each.packs[number].ref for each in bins)
        packs += map(Stored, start(-(-count // width), "merge", merge_packs, count, width, *refs))
    lone = [
        _joined(chain(*blobs), start) for blobs in zip(*(each.lone for each in bins), strict=True)
    ]
    return RayBins(tuple(packs), width, tuple(lone), first.together)


def _joined(blobs: Iterable[LoneBlob], start: Start) -> list[LoneBlob]:
    """Return blobs, as one object if they are small."""
    objects = list(blobs)
    size = sum(map(len, objects))
    if len(objects) < 2 or size > _LARGEST_JOINED:
        return objects
    (ref,) = start(1, "join", join, *(blob.stored.ref for blob in objects))
    return [LoneBlob(Stored(ref), size)]


def merge_packs(count: int, width: int, *packs: Data) -> Any:
    """Return new packs of what is in several ones, one behind the other; a list, or the only one.

    Args:
        count: how many bins each has.
        width: how many bins the new ones have.
        packs: of the same bins of different jobs.
    """
    merged: defaultdict[int, list[memoryview]] = defaultdict(list)
    for pack in map(_Pack, packs):
        for number in pack.numbers:
            merged[number].append(pack.content(number))
    new = [
        _pack({at: merged[first + at] for at in range(width) if first + at in merged})
        for first in range(0, count, width)
    ]
    return new if len(new) > 1 else new[0]


def join(*objects: Data) -> PickleBuffer:
    """Return several objects as one."""
    return PickleBuffer(b"".join(objects))


class _Pack:
    """Reads a pack: how many bins are in it, their numbers, where each ends, what they hold."""

    def __init__(self, data: Data) -> None:
        view = memoryview(data)
        (count,) = _COUNT.unpack_from(view)
        ends_at = _COUNT.size + 4 * count
        start = ends_at + 8 * count
        self.numbers, self._ends = array("I"), array("Q")
        self.numbers.frombytes(view[_COUNT.size : ends_at])
        self._ends.frombytes(view[ends_at:start])
        self._content = view[start:]

    def content(self, number: int) -> memoryview:
        """Return what is in a bin."""
        at = bisect_left(self.numbers, number)
        if at == len(self.numbers) or self.numbers[at] != number:
            return self._content[:0]
        return self._content[self._ends[at - 1] if at else 0 : self._ends[at]]


def _pack(bins: Mapping[int, Sequence[Data]]) -> PickleBuffer:
    """Return a pack of bins, which are in the order of their numbers."""
    ends = accumulate(sum(map(len, content)) for content in bins.values())
    head = _COUNT.pack(len(bins)), array("I", bins), array("Q", ends)
    return PickleBuffer(b"".join([*head, *(each for content in bins.values() for each in content)]))
