"""The strategy that pairs attempts of different miners at one challenge.

Contract: schemas/README.md, "Pairing".
"""

from collections.abc import Iterator, Sequence

from botcoin_dpo.pairing.strategy import Accept, Pair, Strategy
from botcoin_dpo.sessions.candidates import Session


def _cross_session(sessions: Sequence[Session], accept: Accept, most: int) -> Iterator[Pair]:
    """Pair attempts of different miners, hard negatives first, round after round."""
    attempts = [attempt for session in sessions for attempt in session.attempts]
    chosen = [attempt for attempt in attempts if attempt.is_credited]
    rejected = sorted(
        (attempt for attempt in attempts if not attempt.is_credited),
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


CROSS_SESSION = Strategy(
    "cross_session",
    "challenge",
    "a passing attempt against failing ones of other miners, hard negatives first",
    _cross_session,
)
