"""For notebooks: the steps of a build, one by one.

```python
attempts = list(read_attempts("logs/"))
for pair in pair_sessions(attempts, "bookend"):
    row = make_row(pair.rejected, pair.chosen, "bookend")
```
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.loading import AttemptLoader, Fingerprint, fingerprint_of
from botcoin_dpo.contract.rejections import Rejection
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.files.local_paths import log_arguments
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.rejected_records import RejectionReader
from botcoin_dpo.logs.scan_logs import scan_in_scratch
from botcoin_dpo.pairing.pair_filter import PairFilter
from botcoin_dpo.pairing.pair_making import make_pairs
from botcoin_dpo.pairing.strategies import strategy_of
from botcoin_dpo.pairing.strategy import Pair, Strategy
from botcoin_dpo.sessions.candidates import Candidate, Session
from botcoin_dpo.sessions.grouping import GroupingCounts
from botcoin_dpo.sessions.partition_sessions import group_partition


class AttemptPair(NamedTuple):
    """Two attempts that make a pair."""

    rejected: Attempt
    chosen: Attempt


def read_attempts(
    logs: Sequence[str | Path] | str | Path,
    *,
    allow_unsafe_text: bool = False,
    on_rejected: Callable[[Rejection], None] | None = None,
) -> Iterator[Attempt]:
    """Yield the attempts that pairing would see, decoded, in order of challenge, miner and index.

    Args:
        logs: log files and folders; `-` is standard input.
        allow_unsafe_text: yield attempts with unsafe text as well.
        on_rejected: called with each record that cannot be used, its place and the reason.

    Raises:
        UsageError: a path is empty, or a URL.
        InputError: an input cannot be used.
    """
    found = find_logs(log_arguments(logs))
    with scan_in_scratch(found.files, SingleProcess()) as scanned:

        def reject(entry: Rejection) -> None:
            if on_rejected is not None:
                place = scanned.segments.place(entry.place)
                on_rejected(Rejection(place, entry.cause, entry.record_id))

        for entry in RejectionReader(scanned.rejections).entries():
            reject(entry)
        for references in scanned.references():
            reader = RecordReader(references.records(scanned.in_place))
            for sessions in group_partition(
                references, reader, GroupingCounts(), reject, allow_unsafe_text=allow_unsafe_text
            ):
                loader = AttemptLoader(sessions, reader)
                for session in sessions:
                    yield from map(loader.load, session.attempts)


class _InHand(NamedTuple):
    """Attempts that are decoded already."""

    attempts: Mapping[Candidate, Attempt]

    def load(self, candidate: Candidate) -> Attempt:
        return self.attempts[candidate]

    def fingerprint(self, candidate: Candidate) -> Fingerprint:
        return fingerprint_of(self.attempts[candidate])


def pair_sessions(
    attempts: Iterable[Attempt],
    pair_type: Strategy | str = "sequential",
    *,
    max_per_prompt: int | None = None,
) -> list[AttemptPair]:
    """Return the pairs of attempts by one strategy, in the order of rows.

    Args:
        attempts: attempts as `read_attempts` yields them; of a session, all or some.
        pair_type: the strategy, by name if it is built in.
        max_per_prompt: most pairs of a challenge; 3 across sessions and all others if not given.
    """
    strategy = strategy_of(pair_type)
    by_candidate = {attempt.candidate: attempt for attempt in attempts}
    challenges: dict[bytes, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for candidate in by_candidate:
        challenges[candidate.ref.challenge][candidate.miner_id].append(candidate)

    pairs: list[AttemptPair] = []
    for _, miners in sorted(challenges.items()):
        is_kept = PairFilter(_InHand(by_candidate))

        def accept(pair: Pair, is_kept: PairFilter = is_kept) -> bool:
            return pair.rejected in by_candidate and pair.chosen in by_candidate and is_kept(pair)

        sessions = [
            Session(miner, sorted(candidates, key=lambda candidate: candidate.attempt_index))
            for miner, candidates in sorted(miners.items())
        ]
        pairs += (
            AttemptPair(by_candidate[pair.rejected], by_candidate[pair.chosen])
            for pair in make_pairs(strategy, sessions, accept, max_per_prompt)
        )
    return pairs
