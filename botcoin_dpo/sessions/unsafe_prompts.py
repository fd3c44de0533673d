"""The challenges whose prompt has unsafe text, one entry each, however many attempts they have.

All attempts of such a challenge are quarantined, so whoever builds wants to hear of it once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from botcoin_dpo.contract.identifiers import normalize

_NAMED = 10


@dataclass(slots=True)
class UnsafePrompt:
    """A challenge with an unsafe prompt."""

    challenge_id: str
    detail: str
    """What was found, and where."""
    attempts: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the challenge as `--json` prints it."""
        return {
            "challenge_id": self.challenge_id,
            "detail": self.detail,
            "attempts": self.attempts,
        }


@dataclass(slots=True)
class UnsafePrompts:
    """How many challenges have an unsafe prompt, and the first few of them."""

    challenges: int = 0
    first: list[UnsafePrompt] = field(default_factory=list)
    _current: str = ""

    def add(self, challenge_id: str, detail: str) -> None:
        """Count an attempt; those of one challenge come one after the other."""
        challenge = normalize(challenge_id)
        if challenge != self._current:
            self._current = challenge
            self.challenges += 1
            if self.challenges <= _NAMED:
                self.first.append(UnsafePrompt(challenge_id, detail))
        if self.challenges <= _NAMED:
            self.first[-1].attempts += 1


def all_unsafe_prompts(parts: Iterable[UnsafePrompts]) -> UnsafePrompts:
    """Return what several partitions found, in their order."""
    parts = list(parts)
    first = [prompt for part in parts for prompt in part.first]
    return UnsafePrompts(sum(part.challenges for part in parts), first[:_NAMED])
