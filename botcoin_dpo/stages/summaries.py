"""What tasks tell later ones, beside what is in bins."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import msgspec

from botcoin_dpo.building.partition import BuiltPartition, PartitionCounts
from botcoin_dpo.contract.rejections import Reason
from botcoin_dpo.dataset.parts import PartKey, PartSize
from botcoin_dpo.logs.scan import ScannedSegment

_MOST = 1 << 62
"""No object is as long as this."""

Size = Annotated[int, msgspec.Meta(ge=0, lt=_MOST)]
"""Of what lies in an object, or a number of such."""


def are_sizes(values: Iterable[int]) -> bool:
    """Return whether values can be sizes of what lies in objects."""
    return all(0 <= value < _MOST for value in values)


class ScanSummary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a scan tells of its segments."""

    segments: list[ScannedSegment]


class BuildSummary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a build tells of its partition."""

    counts: PartitionCounts
    sizes: list[PartSize | None]
    """Of the part of each key, None where there is none."""
    rejections: Counter[Reason]

    @classmethod
    def of(cls, built: BuiltPartition, keys: list[PartKey]) -> "BuildSummary":
        """Return what is told of a partition, whose parts have some of the keys."""
        return cls(built.counts, [built.parts.get(key) for key in keys], built.rejections)

    def built(self, keys: list[PartKey]) -> BuiltPartition:
        """Return the partition again."""
        parts = {key: size for key, size in zip(keys, self.sizes, strict=True) if size is not None}
        return BuiltPartition(self.counts, parts, self.rejections)


class PlannedPiece(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Some lines that a task made, as a range of the object with its bins."""

    task: Size
    """The number of a build, or, for files of the index, of a scan."""
    start: Size
    end: Size

    @property
    def is_sound(self) -> bool:
        """Whether it ends behind its start."""
        return self.start <= self.end


class PlannedShard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one file of the dataset will hold."""

    key: Size
    """The number of its key."""
    lines: Size
    pieces: list[PlannedPiece]


class ShardPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All files of lines, in the order of their keys."""

    shards: list[PlannedShard]


class ShardSummary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the dataset that was written."""

    bytes: Size
    sha256: str
