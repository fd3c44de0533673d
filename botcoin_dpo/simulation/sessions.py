"""The sessions of a challenge: who tries it, when, and every attempt as a record."""

from collections.abc import Iterator, Sequence

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.simulation.challenge import Challenge
from botcoin_dpo.simulation.coordinator import SESSION_MS, Marking, SolvingSession, verify
from botcoin_dpo.simulation.miners import Miner
from botcoin_dpo.simulation.mistakes import first_mistakes, retried
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.solving import solve

_START = 1_772_323_200_000
"""2026-03-01T00:00:00Z; simulated time, so that the same options give the same bytes."""
_BETWEEN_CHALLENGES = 20 * 60 * 1000
_FIRST_TRY = (40_000, 420_000)
"""Milliseconds from the start of a session to its first attempt."""


def simulate_sessions(
    challenge: Challenge, number: int, miners: Sequence[Miner], seed: int
) -> Iterator[list[JsonObject]]:
    """Yield the records of each session, without context and traps.

    Each challenge is tried by some of the miners: at least one, up to all.
    """
    rng = RandomStream(seed, "sessions", number)
    for miner in rng.sample(miners, rng.between(1, len(miners))):
        started_at = _START + number * _BETWEEN_CHALLENGES + rng.between(0, _BETWEEN_CHALLENGES - 1)
        session = SolvingSession(challenge, miner.miner_id, started_at)
        yield _attempts(session, miner, RandomStream(seed, "session", number, miner.miner_id))


def _attempts(session: SolvingSession, miner: Miner, rng: RandomStream) -> list[JsonObject]:
    challenge, profile = session.challenge, miner.profile
    mistakes = first_mistakes(challenge, profile, rng)
    changes: list[str] = []
    submitted_at = session.started_at + rng.between(*_FIRST_TRY)
    verdict: Marking | None = None
    records = []
    while True:
        submission = solve(challenge, profile, mistakes, changes, rng)
        believed = mistakes.believed_answers(challenge)
        answers = {at: believed[at] for at in mistakes.handed_in(challenge)}
        verdict = verify(session, submission, answers, submitted_at, verdict)
        records.append(verdict.record)
        low, high = profile.seconds
        submitted_at += rng.between(low * 1000, high * 1000)
        is_late = submitted_at > session.started_at + SESSION_MS
        if not verdict.may_retry or is_late or rng.chance(profile.gives_up):
            return records
        passed, total = verdict.record["constraint_pass_count"], verdict.record["constraint_total"]
        mistakes, changed = retried(mistakes, challenge, profile, rng)
        tried = "; ".join(changed) or "kept the answers and rephrased"
        changes = [f"Previous attempt passed {passed}/{total}", tried]
