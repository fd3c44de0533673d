"""The bins that scans fill: references and records by partition, quarantine entries, the index."""

from dataclasses import dataclass
from typing import NamedTuple

from botcoin_dpo.engines.blobs import Bins, Blob
from botcoin_dpo.logs.carried_records import CarriedRecords
from botcoin_dpo.logs.records import RecordsInPlace
from botcoin_dpo.logs.references import (
    AttemptRef,
    ChallengeRef,
    unpack_attempts,
    unpack_challenges,
)


@dataclass(frozen=True, slots=True)
class ScanBins:
    """The numbers of these bins: four for each partition, kind by kind, and two for all."""

    partitions: int

    @property
    def count(self) -> int:
        """All bins."""
        return 4 * self.partitions + 2

    @property
    def of_partitions(self) -> int:
        """How many are of one partition each; they come first."""
        return 4 * self.partitions

    def attempts(self, partition: int) -> int:
        """The bin for attempts of a partition."""
        return partition

    def challenges(self, partition: int) -> int:
        """The bin for challenge records of a partition."""
        return self.partitions + partition

    def frame_heads(self, partition: int) -> int:
        """The bin for what tells of the frames of carried records of a partition."""
        return 2 * self.partitions + partition

    def frames(self, partition: int) -> int:
        """The bin for the frames themselves."""
        return 3 * self.partitions + partition

    @property
    def rejections(self) -> int:
        """The bin for quarantine entries."""
        return 4 * self.partitions

    @property
    def index(self) -> int:
        """The bin for frames of the index."""
        return 4 * self.partitions + 1


class References(NamedTuple):
    """The references of one partition, not read yet, and the records that travel with them."""

    partition: int
    packed_attempts: Blob
    packed_challenges: Blob
    frame_heads: Blob
    frames: Blob

    def __str__(self) -> str:
        return f"partition {self.partition}"

    def attempts(self) -> list[AttemptRef]:
        """Return the attempts, in the order of the logs."""
        return list(unpack_attempts(self.packed_attempts.read()))

    def challenges(self) -> list[ChallengeRef]:
        """Return the challenge records, in the order of the logs."""
        return list(unpack_challenges(self.packed_challenges.read()))

    def records(self, in_place: RecordsInPlace) -> CarriedRecords:
        """Return the records themselves.

        Args:
            in_place: reads those that did not travel.
        """
        return CarriedRecords(self.frame_heads, self.frames, in_place)


def references_in(bins: Bins, numbers: ScanBins, partition: int) -> References:
    """Return the references of a partition, of those that scans put into bins."""
    return References(
        partition,
        bins.blob(numbers.attempts(partition)),
        bins.blob(numbers.challenges(partition)),
        bins.blob(numbers.frame_heads(partition)),
        bins.blob(numbers.frames(partition)),
    )
