"""The funnel: from records read to rows written, every record accounted for.

The sums hold by construction of the counts and are checked when a funnel is made, because a funnel
that does not add up means that something was lost.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.contract.rejections import Reason
from botcoin_dpo.contract.splits import Split
from botcoin_dpo.logs.found_logs import SkipReason

if TYPE_CHECKING:  # `stats` of rows draws no funnel, and reads no logs
    from botcoin_dpo.logs.gathering import ScannedFile
    from botcoin_dpo.sessions.grouping import GroupingCounts


@dataclass(frozen=True, slots=True)
class RecordCounts:
    """What became of the records of one kind; `total` is the sum of all others."""

    total: int
    duplicates: int
    quarantined: int
    usable: int = 0
    """Attempts that pairing sees."""
    used: int = 0
    """Challenge records that gave a field to some attempt."""
    unused: int = 0
    """Challenge records that gave none."""

    def __post_init__(self) -> None:
        parts = self.duplicates + self.quarantined + self.usable + self.used + self.unused
        if self.total != parts:
            raise AssertionError(f"records were lost or counted twice: {self}")


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of every record (schemas/README.md, "The funnel")."""

    files_read: int
    files_skipped: Counter[SkipReason]
    records: int
    not_recognised: int
    """Quarantined before it was known what they are."""
    attempts: RecordCounts
    challenges: RecordCounts
    sessions: int
    credited_sessions: int
    pairs: dict[PairType, dict[Split, int]]
    quarantined: Counter[Reason]
    """Quarantine entries; a file that is damaged or unreadable is an entry without a record."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Pairs, by `DropReason`, or by the rule of the audit."""

    def __post_init__(self) -> None:
        if self.records != self.not_recognised + self.attempts.total + self.challenges.total:
            raise AssertionError(f"records were lost or counted twice: {self}")

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(count for splits in self.pairs.values() for count in splits.values())

    def as_json(self) -> dict[str, Any]:
        """Return the funnel as it stands in the manifest."""
        attempts, challenges = self.attempts, self.challenges
        return {
            "files": {
                "read": self.files_read,
                "skipped": dict(sorted(self.files_skipped.items())),
            },
            "records": self.records,
            "not_recognised": self.not_recognised,
            "attempts": {
                "total": attempts.total,
                "repeats": attempts.duplicates,
                "set_aside": attempts.quarantined,
                "surviving": attempts.usable,
            },
            "challenges": {
                "total": challenges.total,
                "used": challenges.used,
                "unused": challenges.unused,
                "repeats": challenges.duplicates,
                "set_aside": challenges.quarantined,
            },
            "sessions": {"total": self.sessions, "credited": self.credited_sessions},
            "pairs": {kind: dict(splits) for kind, splits in self.pairs.items()},
            "set_aside": dict(sorted(self.quarantined.items())),
            "dropped": dict(sorted(self.dropped.items())),
        }


def make_funnel(
    *,
    files: "Iterable[ScannedFile]",
    skipped: Counter[SkipReason],
    grouped: "Iterable[GroupingCounts]",
    pairs: dict[PairType, dict[Split, int]],
    quarantined: Counter[Reason],
    dropped: Counter[str],
) -> Funnel:
    """Add up what the scans and the partitions counted."""
    files = list(files)
    scans = [file.counts for file in files]
    grouped = list(grouped)
    return Funnel(
        files_read=sum(file.is_readable for file in files),
        files_skipped=skipped,
        records=sum(scan.records for scan in scans),
        not_recognised=sum(scan.not_recognised for scan in scans),
        attempts=RecordCounts(
            total=sum(scan.attempts for scan in scans),
            duplicates=sum(count.duplicates for count in grouped),
            quarantined=sum(scan.attempts_quarantined for scan in scans)
            + sum(count.attempts_quarantined for count in grouped),
            usable=sum(count.usable for count in grouped),
        ),
        challenges=RecordCounts(
            total=sum(scan.challenges for scan in scans),
            duplicates=sum(count.challenge_duplicates for count in grouped),
            quarantined=sum(scan.challenges_quarantined for scan in scans)
            + sum(count.challenges_quarantined for count in grouped),
            used=sum(count.challenges_used for count in grouped),
            unused=sum(count.challenges_unused for count in grouped),
        ),
        sessions=sum(count.sessions for count in grouped),
        credited_sessions=sum(count.credited_sessions for count in grouped),
        pairs=pairs,
        quarantined=quarantined,
        dropped=dropped,
    )
