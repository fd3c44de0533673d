"""Filters proposed pairs by what only their decoded records can tell.

Contract: schemas/README.md, "Pairing".
"""

from collections import Counter
from typing import Protocol

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.loading import Fingerprint
from botcoin_dpo.contract.pair_types import DropReason
from botcoin_dpo.pairing.strategy import Pair
from botcoin_dpo.sessions.candidates import Candidate


class Attempts(Protocol):
    """Whatever decodes attempts."""

    def load(self, candidate: Candidate) -> Attempt:
        """Return an attempt, decoded."""
        ...

    def fingerprint(self, candidate: Candidate) -> Fingerprint:
        """Return its digests."""
        ...


class PairFilter:
    """Filters the pairs of one challenge by one strategy, and counts those that it drops."""

    def __init__(self, attempts: Attempts, dropped: Counter[str] | None = None) -> None:
        """Filter pairs.

        Args:
            attempts: decodes the attempts.
            dropped: counts dropped pairs by reason.
        """
        self._attempts = attempts
        self._dropped: Counter[str] = Counter() if dropped is None else dropped
        self._accepted: set[Pair] = set()
        self._taken: set[tuple[Candidate, bytes]] = set()

    def __call__(self, pair: Pair) -> bool:
        """Return whether to keep a pair; one that was kept is kept again."""
        if pair in self._accepted:
            return True
        is_session = pair.rejected.miner_id == pair.chosen.miner_id
        reason = self._in_session(pair) if is_session else self._across_sessions(pair)
        if reason is not None:
            self._dropped[reason] += 1
            return False
        self._accepted.add(pair)
        return True

    def _in_session(self, pair: Pair) -> DropReason | None:
        rejected, chosen = self._attempts.load(pair.rejected), self._attempts.load(pair.chosen)
        if not rejected.has_same_input(chosen):
            return "input_mismatch"
        return "identical_sides" if rejected.has_same_text(chosen) else None

    def _across_sessions(self, pair: Pair) -> DropReason | None:
        # Any two attempts of a challenge may be asked for, so nothing is decoded twice.
        rejected = self._attempts.fingerprint(pair.rejected)
        chosen = self._attempts.fingerprint(pair.chosen)
        if rejected.input != chosen.input:
            return "input_mismatch"
        if rejected.text == chosen.text:
            return "identical_sides"
        side = (pair.chosen, rejected.side)
        if side in self._taken:
            return "duplicate_pair"
        self._taken.add(side)
        return None
