"""Groups the scanned records of one partition after the other into sessions, in output order.

`build`, `stats`, `audit` and `read_attempts` share it. Memory holds one partition for each worker.
"""

from collections.abc import Callable, Iterator

from botcoin_dpo.contract.rejections import Rejection
from botcoin_dpo.logs.scan_logs import LogRecords
from botcoin_dpo.sessions.candidates import Session
from botcoin_dpo.sessions.grouping import GroupingCounts, group_attempts


def group_partition(
    number: int,
    records: LogRecords,
    counts: GroupingCounts,
    reject: Callable[[Rejection], None],
    *,
    allow_unsafe_text: bool,
) -> Iterator[list[Session]]:
    """Yield the sessions of each challenge of one partition; see `group_attempts`."""
    return group_attempts(
        records.references.attempts(number),
        records.references.challenges(number),
        records.reader,
        counts,
        reject,
        allow_unsafe_text=allow_unsafe_text,
    )


def group_all(
    records: LogRecords,
    counts: GroupingCounts,
    reject: Callable[[Rejection], None],
    *,
    allow_unsafe_text: bool = False,
) -> Iterator[list[Session]]:
    """Yield the sessions of each challenge of all partitions."""
    for number in range(records.partitions):
        yield from group_partition(
            number, records, counts, reject, allow_unsafe_text=allow_unsafe_text
        )
