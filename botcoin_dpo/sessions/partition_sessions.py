"""Groups the scanned records of one partition into sessions, in output order.

`build`, `stats`, `audit` and `read_attempts` share it. Memory holds one partition for each worker.
"""

from collections.abc import Callable, Iterator

from botcoin_dpo.contract.rejections import Rejection
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.scan_bins import References
from botcoin_dpo.sessions.candidates import Session
from botcoin_dpo.sessions.grouping import GroupingCounts, group_attempts


def group_partition(
    references: References,
    reader: RecordReader,
    counts: GroupingCounts,
    reject: Callable[[Rejection], None],
    *,
    allow_unsafe_text: bool,
) -> Iterator[list[Session]]:
    """Yield the sessions of each challenge of one partition; see `group_attempts`."""
    return group_attempts(
        references.attempts(),
        references.challenges(),
        reader,
        counts,
        reject,
        allow_unsafe_text=allow_unsafe_text,
    )
