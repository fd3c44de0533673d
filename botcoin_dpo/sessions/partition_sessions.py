"""Log files in, the challenges that they hold out, in output order and ready to pair.

The way that `build`, `stats` and `read_attempts` share: scan every segment, then settle one
partition after the other. Memory holds one partition for each worker.
"""

from collections.abc import Callable, Iterator

from botcoin_dpo.contract.rejections import Rejection
from botcoin_dpo.logs.scan_logs import LogRecords
from botcoin_dpo.sessions.grouping import SettleCounts, SettledChallenge, settle


def settle_partition(
    number: int,
    records: LogRecords,
    counts: SettleCounts,
    reject: Callable[[Rejection], None],
    *,
    allow_unsafe_text: bool,
) -> Iterator[SettledChallenge]:
    """Yield the challenges of one partition, in output order; see `settle`."""
    return settle(
        records.references.attempts(number),
        records.references.challenges(number),
        records.reader,
        counts,
        reject,
        allow_unsafe_text=allow_unsafe_text,
    )


def settle_all(
    records: LogRecords,
    counts: SettleCounts,
    reject: Callable[[Rejection], None],
    *,
    allow_unsafe_text: bool = False,
) -> Iterator[SettledChallenge]:
    """Yield the challenges of all partitions, in output order, one after the other."""
    for number in range(records.partitions):
        yield from settle_partition(
            number, records, counts, reject, allow_unsafe_text=allow_unsafe_text
        )
