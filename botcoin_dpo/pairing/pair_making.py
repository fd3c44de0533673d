"""The pairs of one challenge by one strategy: all, or those that take turns up to a number.

Contract: schemas/README.md, "Pairing".
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from botcoin_dpo.contract.pair_types import OVER_MAX_PER_PROMPT
from botcoin_dpo.pairing.strategy import Accept, Pair, Proposals, Strategy
from botcoin_dpo.pairing.turns import Taken, in_turns
from botcoin_dpo.sessions.candidates import Session


def _any_pair(pair: Pair) -> bool:
    return True


def make_pairs(
    strategy: Strategy,
    sessions: Sequence[Session],
    accept: Accept,
    most: int | None = None,
    *,
    stays: Callable[[Pair], bool] = _any_pair,
    dropped: Counter[str] | None = None,
) -> Iterator[Pair]:
    """Yield the pairs of one challenge by one strategy, in row order.

    Args:
        strategy: proposes them.
        sessions: all sessions of the challenge, by miner id.
        accept: whether the decoded records of a pair allow it.
        most: most pairs; what the strategy says if not given.
        stays: whether an accepted pair is wanted; asked once, right before the pair is yielded
            where none is too many.
        dropped: counts the pairs that are too many.
    """
    if most is None:
        most = strategy.max_per_prompt
    proposed = strategy.pairs(sessions, accept)
    proposals = proposed if isinstance(proposed, Proposals) else _Listed(proposed)
    if isinstance(proposals, _Listed) and (most is None or len(proposals.pairs) <= most):
        yield from filter(stays, filter(accept, proposals.pairs))
        return
    taken = Taken()
    kept: list[Pair] = []
    for pair in proposals.in_turns(taken):
        if accept(pair) and stays(pair):
            kept.append(pair)
            taken.add(pair.makers)
            if len(kept) == most:
                if dropped is not None and (left := proposals.left()):
                    dropped[OVER_MAX_PER_PROMPT] += left
                break
    yield from sorted(kept, key=_order)


def _order(pair: Pair) -> tuple[str, int, str, int]:
    return pair.order


class _Listed(Proposals):
    """All pairs that a strategy proposes, in row order."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = sorted(pairs, key=_order)
        self._yielded = 0

    def in_turns(self, taken: Taken) -> Iterator[Pair]:
        for pair in in_turns(self.pairs, lambda each: each.makers, taken):
            self._yielded += 1
            yield pair

    def left(self) -> int:
        return len(self.pairs) - self._yielded
