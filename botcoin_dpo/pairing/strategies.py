"""The built-in strategies, in the order of output."""

from collections.abc import Iterable

from botcoin_dpo.errors import UsageError
from botcoin_dpo.pairing.cross_session import CROSS_SESSION
from botcoin_dpo.pairing.strategy import Strategy
from botcoin_dpo.pairing.within_session import BOOKEND, EXHAUSTIVE, SEQUENTIAL

STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy for strategy in (SEQUENTIAL, BOOKEND, EXHAUSTIVE, CROSS_SESSION)
}


def strategy_of(strategy: Strategy | str) -> Strategy:
    """Return a strategy that is given itself, or by its name if it is built in.

    Raises:
        UsageError: none is built in by that name.
    """
    if isinstance(strategy, Strategy):
        return strategy
    if strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        raise UsageError(
            f"--pairs {strategy}: no such strategy; choose one or several from {known}"
        )
    return STRATEGIES[strategy]


def strategies_of(strategies: Iterable[Strategy | str] | Strategy | str) -> tuple[Strategy, ...]:
    """Return strategies, each once, in the order in which they are given.

    Raises:
        UsageError: one is not built in, none is given, or two share a name.
    """
    if isinstance(strategies, Strategy | str):
        strategies = [strategies]
    chosen = tuple(dict.fromkeys(map(strategy_of, strategies)))
    if not chosen:
        raise UsageError(f"--pairs: none given; choose from {', '.join(STRATEGIES)}")
    for strategy in chosen:
        if STRATEGIES.get(strategy.name, strategy) is not strategy:
            raise UsageError(f"--pairs {strategy.name}: is the name of another strategy")
    if len({strategy.name for strategy in chosen}) < len(chosen):
        raise UsageError("--pairs: two strategies share a name")
    return chosen
