"""The sessions of one challenge in, its pairs out: who is compared with whom.

Contract: schemas/README.md, "Pairing".
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from botcoin_dpo.contract.limits import DEFAULT_PAIRS_PER_CHALLENGE
from botcoin_dpo.contract.pair_types import PairType
from botcoin_dpo.sessions.candidates import Candidate, Session

Accept = Callable[["Pair"], bool]
"""Decides, with the records at hand, whether a pair is one; counts those that are not."""


class Pair(NamedTuple):
    """A rejected and a chosen attempt."""

    rejected: Candidate
    chosen: Candidate

    @property
    def order(self) -> tuple[str, int, str, int]:
        """Where the row stands among the rows of its challenge and pair type."""
        return (
            self.chosen.miner_id,
            self.chosen.attempt_index,
            self.rejected.miner_id,
            self.rejected.attempt_index,
        )


def make_pairs(
    pair_type: PairType,
    sessions: Sequence[Session],
    accept: Accept,
    max_per_challenge: int = DEFAULT_PAIRS_PER_CHALLENGE,
) -> list[Pair]:
    """Return the pairs of one challenge by one strategy, in row order.

    Args:
        pair_type: the strategy.
        sessions: all sessions of the challenge, by miner id.
        accept: refuses pairs that are none; asked once for each.
        max_per_challenge: most pairs that `cross_session` makes.
    """
    if pair_type == "cross_session":
        pairs = list(_cross_session(sessions, accept, max_per_challenge))
    else:
        within = _WITHIN_SESSION[pair_type]
        pairs = [pair for session in sessions for pair in within(session.attempts) if accept(pair)]
    return sorted(pairs, key=lambda pair: pair.order)


def _sequential(attempts: Sequence[Candidate]) -> Iterator[Pair]:
    by_index = {attempt.attempt_index: attempt for attempt in attempts}
    for chosen in attempts:
        before = by_index.get(chosen.attempt_index - 1)
        if chosen.may_be_chosen and before is not None and not before.may_be_chosen:
            yield Pair(before, chosen)


def _bookend(attempts: Sequence[Candidate]) -> Iterator[Pair]:
    first = attempts[0]
    for chosen in attempts[1:]:
        if chosen.may_be_chosen and not first.may_be_chosen:
            yield Pair(first, chosen)


def _exhaustive(attempts: Sequence[Candidate]) -> Iterator[Pair]:
    for position, chosen in enumerate(attempts):
        if chosen.may_be_chosen:
            for before in attempts[:position]:
                if not before.may_be_chosen:
                    yield Pair(before, chosen)


_WITHIN_SESSION = {
    "sequential": _sequential,
    "bookend": _bookend,
    "exhaustive": _exhaustive,
}


def _cross_session(sessions: Sequence[Session], accept: Accept, most: int) -> Iterator[Pair]:
    """Pair attempts of different miners, hard negatives first, round after round."""
    attempts = [attempt for session in sessions for attempt in session.attempts]
    chosen = [attempt for attempt in attempts if attempt.may_be_chosen]
    rejected = sorted(
        (attempt for attempt in attempts if not attempt.may_be_chosen),
        key=lambda attempt: (-attempt.pass_count, attempt.miner_id, attempt.attempt_index),
    )
    used: set[int] = set()
    # What a chosen attempt has passed over it never comes back to: used, refused, or its own.
    reached = [0] * len(chosen)
    made = 0
    has_grown = True
    while has_grown:
        has_grown = False
        for number, attempt in enumerate(chosen):
            if made == most:
                return
            while reached[number] < len(rejected):
                position = reached[number]
                reached[number] += 1
                candidate = rejected[position]
                if position in used or candidate.miner_id == attempt.miner_id:
                    continue
                pair = Pair(candidate, attempt)
                if accept(pair):
                    used.add(position)
                    made += 1
                    has_grown = True
                    yield pair
                    break
