"""The strategy that pairs attempts of different miners at one challenge.

Contract: schemas/README.md, "Pairing".
"""

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop

from botcoin_dpo.contract.limits import DEFAULT_PAIRS_ACROSS_SESSIONS
from botcoin_dpo.pairing.strategy import Accept, Pair, Proposals, Strategy
from botcoin_dpo.pairing.turns import Taken
from botcoin_dpo.sessions.candidates import Session


class _CrossSession(Proposals):
    """Pairs of attempts of different miners; a rejected attempt is in one of them at most."""

    def __init__(self, sessions: Sequence[Session], accept: Accept) -> None:
        attempts = [attempt for session in sessions for attempt in session.attempts]
        self._accept = accept
        self._chosen = [attempt for attempt in attempts if attempt.is_credited]
        self._rejected = sorted(
            (attempt for attempt in attempts if not attempt.is_credited),
            key=lambda attempt: (-attempt.pass_count, attempt.miner_id, attempt.attempt_index),
        )
        self._is_used = bytearray(len(self._rejected))
        # By chosen attempt; a byte a pair, since strangers decide how many are refused.
        self._refused: dict[int, bytearray] = {}

    def in_turns(self, taken: Taken) -> Iterator[Pair]:
        turns = [0] * len(self._chosen)
        waiting = dict.fromkeys(range(len(self._chosen)))

        def taken_before(number: int) -> tuple[int, int, int, int]:
            attempt = self._chosen[number]
            miner = attempt.miner_id
            models = taken.models[attempt.ref.model_key]
            return taken.miners[miner], taken.chosen_miners[miner], models, turns[number]

        while waiting:
            number = min(waiting, key=taken_before)
            pair = self._next_of(number, taken)
            if pair is None:
                del waiting[number]
            else:
                turns[number] += 1
                yield pair

    def _next_of(self, number: int, taken: Taken) -> Pair | None:
        """Return the best pair that a chosen attempt can still make."""
        chosen, refused = self._chosen[number], self._refused.get(number)
        heap = [
            (taken.miners[each.miner_id], taken.models[each.ref.model_key], position)
            for position, each in enumerate(self._rejected)
            if not self._is_used[position]
            and each.miner_id != chosen.miner_id
            and not (refused and refused[position])
        ]
        heapify(heap)
        while heap:
            *_, position = heappop(heap)
            pair = Pair(self._rejected[position], chosen)
            if self._accept(pair):
                self._is_used[position] = True
                return pair
            if refused is None:
                refused = self._refused[number] = bytearray(len(self._rejected))
            refused[position] = True
        return None

    def left(self) -> int:
        miners = {attempt.miner_id for attempt in self._chosen}
        if not miners:
            return 0
        return sum(
            not is_used and (len(miners) > 1 or attempt.miner_id not in miners)
            for attempt, is_used in zip(self._rejected, self._is_used, strict=True)
        )


CROSS_SESSION = Strategy(
    "cross_session",
    "challenge",
    "a passing attempt against failing ones of other miners, hard negatives first",
    _CrossSession,
    DEFAULT_PAIRS_ACROSS_SESSIONS,
)
