"""Miners: a wallet, a model, and how well that model does.

The default profiles give pass rates, a failure mix, trace lengths and times like those of the
published records: most traces have 14 to 24 steps, 6 to 16 of them extractions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from botcoin_dpo.simulation.random_stream import RandomStream


@dataclass(frozen=True, slots=True)
class Profile:
    """What to expect of a model; probabilities are for one attempt unless stated otherwise."""

    model: str
    weight: float
    """Share of miners that run it."""
    wrong_entity: float
    """A question is answered wrongly."""
    falls_for_trap: float
    """A trap's wrong value is taken for the true one."""
    wrong_quarter: float
    """A figure is read from the neighbouring quarter."""
    arithmetic_slip: float
    miscounted_words: float
    forbidden_letter: float
    wrong_acrostic: float
    bad_citation: float
    """An extraction cites another paragraph."""
    too_few_answers: float
    """Most answers are left out."""
    cut_short: float
    """The trace ends after a step or two."""
    repairs: float
    """A mistake is mended on the next attempt."""
    slips_again: float
    """How much likelier or unlikelier than at first a new mistake is on a retry."""
    gives_up: float
    """No further attempt after a failing one."""
    evidence: tuple[int, int]
    """Questions for which the trace gives evidence beyond what the constraints need."""
    seconds: tuple[int, int]
    """Between two attempts."""
    style: str
    """How attributes are named: `path` (`revenue.0`), `quarter` (`revenue.q1`) or `snake`."""
    writes_literals: bool
    """Whether computations repeat numbers instead of naming the step."""


PROFILES: tuple[Profile, ...] = (
    Profile(
        "lark-large:high", 3, wrong_entity=0.05, falls_for_trap=0.10, wrong_quarter=0.02,
        arithmetic_slip=0.03, miscounted_words=0.06, forbidden_letter=0.03, wrong_acrostic=0.04,
        bad_citation=0.02, too_few_answers=0.01, cut_short=0.0, repairs=0.78, slips_again=0.25,
        gives_up=0.02, evidence=(0, 3), seconds=(18, 240), style="path", writes_literals=False,
    ),
    Profile(
        "lark-small:low:direct", 4, wrong_entity=0.13, falls_for_trap=0.25, wrong_quarter=0.05,
        arithmetic_slip=0.08, miscounted_words=0.18, forbidden_letter=0.08, wrong_acrostic=0.10,
        bad_citation=0.05, too_few_answers=0.03, cut_short=0.01, repairs=0.62, slips_again=0.4,
        gives_up=0.05, evidence=(0, 1), seconds=(5, 60), style="quarter", writes_literals=True,
    ),
    Profile(
        "openheron-70b-instruct", 3, wrong_entity=0.10, falls_for_trap=0.20, wrong_quarter=0.05,
        arithmetic_slip=0.07, miscounted_words=0.14, forbidden_letter=0.06, wrong_acrostic=0.08,
        bad_citation=0.06, too_few_answers=0.02, cut_short=0.01, repairs=0.60, slips_again=0.4,
        gives_up=0.04, evidence=(0, 3), seconds=(25, 300), style="snake", writes_literals=False,
    ),
    Profile(
        "openheron-8b-instruct", 2, wrong_entity=0.24, falls_for_trap=0.40, wrong_quarter=0.10,
        arithmetic_slip=0.16, miscounted_words=0.30, forbidden_letter=0.14, wrong_acrostic=0.18,
        bad_citation=0.14, too_few_answers=0.08, cut_short=0.04, repairs=0.40, slips_again=0.7,
        gives_up=0.10, evidence=(0, 3), seconds=(6, 150), style="quarter", writes_literals=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Miner:
    """One wallet address."""

    miner_id: str
    profile: Profile


def make_miners(count: int, seed: int, profiles: Sequence[Profile] = PROFILES) -> list[Miner]:
    """Return miners; the first ones run different models, so that a few are a mix."""
    miners = []
    for number in range(count):
        rng = RandomStream(seed, "miner", number)
        address = "".join(rng.pick("0123456789abcdef") for _ in range(40))
        if number < len(profiles):
            profile = profiles[number]
        else:
            profile = rng.pick_weighted(profiles, [each.weight for each in profiles])
        miners.append(Miner(f"0x{address}", profile))
    return miners
