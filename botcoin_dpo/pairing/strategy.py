"""What a pairing strategy is.

A strategy proposes pairs of attempts that are not decoded. What only their records can tell is
asked afterwards, by a filter; a strategy whose next proposal depends on the answer may ask itself.
Contract: schemas/README.md, "Pairing".
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from botcoin_dpo.contract.pair_types import PairFamily, PairType
from botcoin_dpo.errors import UsageError
from botcoin_dpo.pairing.turns import Makers, Taken
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

    @property
    def makers(self) -> Makers:
        """Who made its two sides."""
        rejected, chosen = self
        return Makers(
            rejected.miner_id, chosen.miner_id, rejected.ref.model_key, chosen.ref.model_key
        )


class Proposals(ABC):
    """Pairs of a challenge that are found one by one, because there would be too many."""

    @abstractmethod
    def in_turns(self, taken: Taken) -> Iterator[Pair]:
        """Yield pairs, always the best one by what was taken, until there are none."""

    @abstractmethod
    def left(self) -> int:
        """Return how many pairs at most were not yielded yet."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to pair the attempts of a challenge."""

    name: PairType
    """As rows, folders and the manifest have it: small letters, digits and `_`."""
    family: PairFamily
    meaning: str
    """What is compared, for the dataset card."""
    pairs: Callable[[Sequence[Session], Accept], Iterable[Pair] | Proposals]
    """Proposes pairs of a challenge, all of them in any order or, as `Proposals`, one by one.

    It is given all sessions of the challenge by miner id, and `accept`. Pairs that `accept` refuses
    are left out in any case; only a strategy that wants to propose another instead has to ask. A
    function of a module, so that workers can be handed it."""
    max_per_prompt: int | None = None
    """Most pairs of a challenge where the user names no number; None for all."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UsageError(
                f"strategy {self.name}: name it with small letters, digits and _, 40 at most"
            )
