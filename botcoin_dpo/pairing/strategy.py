"""What a pairing strategy is, and how the pairs of a challenge are made by one.

A strategy proposes pairs of attempts that are not decoded. What only their records can tell is
asked afterwards, by a filter; a strategy whose next proposal depends on the answer may ask itself.
Contract: schemas/README.md, "Pairing".
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from botcoin_dpo.contract.limits import DEFAULT_PAIRS_PER_CHALLENGE
from botcoin_dpo.contract.pair_types import PairFamily, PairType
from botcoin_dpo.errors import UsageError
from botcoin_dpo.sessions.candidates import Candidate, Session

Accept = Callable[["Pair"], bool]
"""Whether the decoded records of a pair allow it; asking twice gives the same answer."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


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


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to pair the attempts of a challenge."""

    name: PairType
    """As rows, folders and the manifest have it: small letters, digits and `_`."""
    family: PairFamily
    meaning: str
    """What is compared, for the dataset card."""
    pairs: Callable[[Sequence[Session], Accept, int], Iterable[Pair]]
    """Proposes pairs of a challenge, best first.

    It is given all sessions of the challenge by miner id, `accept`, and the most pairs that a
    strategy across sessions makes. Pairs that `accept` refuses are left out in any case; only a
    strategy that wants to propose another instead has to ask. A function of a module, so that
    workers can be handed it."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UsageError(
                f"strategy {self.name}: name it with small letters, digits and _, 40 at most"
            )


def make_pairs(
    strategy: Strategy,
    sessions: Sequence[Session],
    accept: Accept,
    max_per_challenge: int = DEFAULT_PAIRS_PER_CHALLENGE,
) -> list[Pair]:
    """Return the pairs of one challenge by one strategy, in row order.

    Args:
        strategy: proposes them.
        sessions: all sessions of the challenge, by miner id.
        accept: whether the decoded records of a pair allow it.
        max_per_challenge: most pairs that a strategy across sessions makes.
    """
    proposed = strategy.pairs(sessions, accept, max_per_challenge)
    return sorted(filter(accept, proposed), key=lambda pair: pair.order)
