"""Strategies that pair attempts of one session: a passing attempt against failing ones before it.

Contract: schemas/README.md, "Pairing".
"""

from collections.abc import Iterator, Sequence

from botcoin_dpo.pairing.strategy import Accept, Pair, Strategy
from botcoin_dpo.sessions.candidates import Session


def _sequential(sessions: Sequence[Session], accept: Accept) -> Iterator[Pair]:
    for session in sessions:
        for chosen in session.attempts:
            before = chosen.previous
            if chosen.is_credited and before is not None and not before.is_credited:
                yield Pair(before, chosen)


def _bookend(sessions: Sequence[Session], accept: Accept) -> Iterator[Pair]:
    for session in sessions:
        first, *later = session.attempts
        if not first.is_credited:
            for chosen in later:
                if chosen.is_credited:
                    yield Pair(first, chosen)


def _exhaustive(sessions: Sequence[Session], accept: Accept) -> Iterator[Pair]:
    for session in sessions:
        for position, chosen in enumerate(session.attempts):
            if chosen.is_credited:
                for before in session.attempts[:position]:
                    if not before.is_credited:
                        yield Pair(before, chosen)


SEQUENTIAL = Strategy(
    "sequential",
    "session",
    "a passing attempt against the failing one right before it, same session",
    _sequential,
)
BOOKEND = Strategy(
    "bookend",
    "session",
    "a passing attempt against the first, failing one of its session",
    _bookend,
)
EXHAUSTIVE = Strategy(
    "exhaustive",
    "session",
    "a passing attempt against every earlier failing one of its session",
    _exhaustive,
)
