"""The numbers of attempt logs: who passes, when, and what would pair."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.building.funnel import Funnel
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.readable import Readable
from botcoin_dpo.statistics.hidden_counts import HiddenCounts

if TYPE_CHECKING:
    from botcoin_dpo.sessions.candidates import Session


@dataclass(slots=True)
class PassRates:
    """Attempts, passes and credited passes by some name."""

    attempts: Tally = field(default_factory=Tally)
    passed: Tally = field(default_factory=Tally)
    credited: Tally = field(default_factory=Tally)

    def add(self, name: str | None, *, passed: bool, credited: bool) -> None:
        """Add an attempt."""
        self.attempts.add(name)
        self.passed.add(name, int(passed))
        self.credited.add(name, int(credited))

    def merge(self, other: "PassRates") -> None:
        """Add the attempts of another."""
        self.attempts.merge(other.attempts)
        self.passed.merge(other.passed)
        self.credited.merge(other.credited)

    def as_json(self) -> dict[str, dict[str, Any]]:
        """Return the numbers, the most attempts first."""
        return {
            name: {
                "attempts": count,
                "passed": self.passed.counts[name],
                "credited": self.credited.counts[name],
                "pass_rate": round(self.passed.counts[name] / count, 4),
            }
            for name, count in self.attempts.as_json().items()
        }


@dataclass(slots=True, repr=False)
class LogStatistics(Readable):
    """The numbers of attempt logs; attempts are those that pairing sees."""

    by_index: PassRates = field(default_factory=PassRates)
    by_domain: PassRates = field(default_factory=PassRates)
    by_model: PassRates = field(default_factory=PassRates)
    sessions: Tally = field(default_factory=Tally)
    """By length and outcome."""
    would_pair: Counter[str] = field(default_factory=Counter)
    """Pairs by strategy."""
    hidden_text: HiddenCounts = field(default_factory=lambda: HiddenCounts("attempts"))
    funnel: Funnel | None = None

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "records": self.funnel.records if self.funnel else 0,
            "attempts": self.funnel.attempts.total if self.funnel else 0,
            "sessions": self.funnel.sessions if self.funnel else 0,
            "would_pair": dict(self.would_pair),
        }

    def merge(self, other: "LogStatistics") -> None:
        """Add the numbers of other challenges."""
        for name in ("by_index", "by_domain", "by_model", "sessions", "hidden_text"):
            getattr(self, name).merge(getattr(other, name))
        self.would_pair.update(other.would_pair)

    def add_session(self, session: "Session") -> None:
        """Add a session."""
        outcome = "failed"
        if session.is_credited:
            outcome = "credited"
        elif any(attempt.ref.passed for attempt in session.attempts):
            outcome = "passed without credit"
        self.sessions.add(f"{_attempts(session.attempts)}, {outcome}")

    def add_attempt(self, attempt: Attempt) -> None:
        """Add a usable attempt."""
        record, is_credited = attempt.record, attempt.candidate.is_credited
        for rates, name in (
            (self.by_index, str(record.attempt_index)),
            (self.by_domain, record.challenge_domain),
            (self.by_model, record.submission.model),
        ):
            rates.add(name, passed=record.passed, credited=is_credited)
        self.hidden_text.add("attempts", attempt.artifact, record.submission.model, attempt.steps)

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as `--json` prints them."""
        assert self.funnel is not None
        funnel = self.funnel.as_json()
        del funnel["pairs"], funnel["dropped"]  # nothing is built here: see would_pair
        return {
            "kind": "logs",
            "funnel": funnel,
            "attempts_by_index": self.by_index.as_json(),
            "attempts_by_domain": self.by_domain.as_json(),
            "attempts_by_model": self.by_model.as_json(),
            "sessions": self.sessions.as_json(),
            "would_pair": dict(self.would_pair),
            "hidden_text": self.hidden_text.as_json(),
        }


def _attempts(attempts: Sequence[object]) -> str:
    return "1 attempt" if len(attempts) == 1 else f"{len(attempts)} attempts"
