"""The bins that scans fill: references by partition, quarantine entries, frames of the index."""

from dataclasses import dataclass
from typing import NamedTuple

from botcoin_dpo.engines.blobs import Bins, Blob
from botcoin_dpo.logs.references import (
    AttemptRef,
    ChallengeRef,
    unpack_attempts,
    unpack_challenges,
)


@dataclass(frozen=True, slots=True)
class ScanBins:
    """The numbers of these bins: attempts of all partitions, challenge records of all, the rest."""

    partitions: int

    @property
    def count(self) -> int:
        """All bins."""
        return 2 * self.partitions + 2

    def attempts(self, partition: int) -> int:
        """The bin for attempts of a partition."""
        return partition

    def challenges(self, partition: int) -> int:
        """The bin for challenge records of a partition."""
        return self.partitions + partition

    @property
    def rejections(self) -> int:
        """The bin for quarantine entries."""
        return 2 * self.partitions

    @property
    def index(self) -> int:
        """The bin for frames of the index."""
        return 2 * self.partitions + 1


class References(NamedTuple):
    """The references of one partition, not read yet."""

    partition: int
    packed_attempts: Blob
    packed_challenges: Blob

    def __str__(self) -> str:
        return f"partition {self.partition}"

    def attempts(self) -> list[AttemptRef]:
        """Return the attempts, in the order of the logs."""
        return list(unpack_attempts(self.packed_attempts.read()))

    def challenges(self) -> list[ChallengeRef]:
        """Return the challenge records, in the order of the logs."""
        return list(unpack_challenges(self.packed_challenges.read()))


def references_in(bins: Bins, numbers: ScanBins, partition: int) -> References:
    """Return the references of a partition, of those that scans put into bins."""
    attempts, challenges = numbers.attempts(partition), numbers.challenges(partition)
    return References(partition, bins.blob(attempts), bins.blob(challenges))
