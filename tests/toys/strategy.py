"""A strategy that pairs the last failing attempt of a session with its best passing one."""

from collections.abc import Iterator, Sequence

from botcoin_dpo.pairing.strategy import Accept, Pair, Strategy
from botcoin_dpo.sessions.candidates import Session


def _last_and_best(sessions: Sequence[Session], accept: Accept) -> Iterator[Pair]:
    for session in sessions:
        failing = [attempt for attempt in session.attempts if not attempt.is_credited]
        passing = [attempt for attempt in session.attempts if attempt.is_credited]
        if failing and passing:
            yield Pair(failing[-1], max(passing, key=lambda attempt: attempt.pass_count))


LAST_AND_BEST = Strategy(
    "last_and_best", "session", "the best passing attempt against the last failing one",
    _last_and_best,
)  # fmt: skip
