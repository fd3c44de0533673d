"""What a miner gets wrong at one attempt, and what of it is mended at the next."""

from dataclasses import dataclass, field
from typing import Literal

from botcoin_dpo.simulate.challenge import Challenge
from botcoin_dpo.simulate.dice import Dice
from botcoin_dpo.simulate.domain import QUARTERS
from botcoin_dpo.simulate.miners import Profile
from botcoin_dpo.simulate.table import Cell

Computation = Literal["prime", "left", "right", "sum"]
COMPUTATIONS: tuple[Computation, ...] = ("prime", "left", "right", "sum")
_ANSWERS_KEPT = 4
"""Answers handed in by a miner that leaves most out; 6 right ones are required."""


@dataclass(slots=True)
class Mistakes:
    """Everything that is wrong; empty for a perfect attempt."""

    answers: dict[int, int] = field(default_factory=dict)
    """Questions (from 0) answered with a wrong entity."""
    traps: set[Cell] = field(default_factory=set)
    """Traps that are believed."""
    quarters: set[Cell] = field(default_factory=set)
    """Figures read from the neighbouring quarter."""
    slips: dict[Computation, int] = field(default_factory=dict)
    """Computations that are off, and by how much."""
    words: int = 0
    """Words too many."""
    has_forbidden_letter: bool = False
    has_wrong_acrostic: bool = False
    leaves_answers_out: bool = False
    is_cut_short: bool = False

    def believed_answers(self, challenge: Challenge) -> list[int]:
        """Return the entity that is believed to answer each question."""
        return [
            self.answers.get(number, question.answer)
            for number, question in enumerate(challenge.questions)
        ]

    def handed_in(self, challenge: Challenge) -> list[int]:
        """Return the questions (from 0) that get an answer."""
        count = _ANSWERS_KEPT if self.leaves_answers_out else len(challenge.questions)
        return list(range(count))


def neighbour(cell: Cell) -> Cell:
    """Return the next quarter, the third for the fourth."""
    assert cell.quarter is not None
    return cell._replace(quarter=cell.quarter + 1 if cell.quarter < QUARTERS[-1] else 3)


def first_mistakes(challenge: Challenge, profile: Profile, dice: Dice) -> Mistakes:
    """Return what goes wrong at a first attempt."""
    mistakes = Mistakes()
    _add(mistakes, challenge, profile, dice, 1)
    return mistakes


def retried(
    mistakes: Mistakes, challenge: Challenge, profile: Profile, dice: Dice
) -> tuple[Mistakes, list[str]]:
    """Return what goes wrong at the next attempt, and in words what was changed."""
    kept = Mistakes()
    changes: list[str] = []

    def stays(change: str) -> bool:
        if dice.chance(profile.repairs):
            changes.append(change)
            return False
        return True

    for number, entity in mistakes.answers.items():
        names = challenge.table.entities
        right = challenge.questions[number].answer
        if stays(f"Q{number + 1}: {names[entity]} corrected to {names[right]}"):
            kept.answers[number] = entity
    for trap in challenge.binding.traps:
        if trap.cell in mistakes.traps and stays(
            f"{trap.cell.path}: {trap.wrong} was superseded, used {trap.correct}"
        ):
            kept.traps.add(trap.cell)
    for cell in sorted(mistakes.quarters, key=lambda cell: (cell.entity, cell.path)):
        if stays(f"read {cell.path} from the right quarter"):
            kept.quarters.add(cell)
    for computation, off in mistakes.slips.items():
        if stays("redid the arithmetic"):
            kept.slips[computation] = off
    if mistakes.words and stays("recounted the words"):
        kept.words = mistakes.words
    kept.has_forbidden_letter = mistakes.has_forbidden_letter and stays("removed the letter")
    kept.has_wrong_acrostic = mistakes.has_wrong_acrostic and stays("fixed the acrostic")
    kept.leaves_answers_out = mistakes.leaves_answers_out and stays("answered every question")
    kept.is_cut_short = mistakes.is_cut_short and stays("wrote the trace out")
    _add(kept, challenge, profile, dice, profile.slips_again)
    return kept, list(dict.fromkeys(changes))


def _add(
    mistakes: Mistakes, challenge: Challenge, profile: Profile, dice: Dice, factor: float
) -> None:
    """Add new mistakes, each with the profile's probability times a factor."""

    def happens(probability: float) -> bool:
        return dice.chance(probability * factor)

    for number, question in enumerate(challenge.questions):
        if number not in mistakes.answers and happens(profile.wrong_entity):
            entity = question.runner_up
            if dice.chance(0.35):
                entity = dice.between(0, len(challenge.table.entities) - 1)
            if entity != question.answer:
                mistakes.answers[number] = entity
    for trap in challenge.binding.traps:
        if happens(profile.falls_for_trap):
            mistakes.traps.add(trap.cell)
    for cell in challenge.binding.cells.values():
        if cell.quarter is not None and happens(profile.wrong_quarter):
            mistakes.quarters.add(cell)
    if happens(profile.arithmetic_slip):
        mistakes.slips[dice.pick(COMPUTATIONS)] = dice.pick((-10, -2, -1, 1, 1, 2, 3, 10))
    if happens(profile.miscounted_words):
        mistakes.words = dice.pick((-1, 1, 1, 2))
    mistakes.has_forbidden_letter |= happens(profile.forbidden_letter)
    mistakes.has_wrong_acrostic |= happens(profile.wrong_acrostic)
    mistakes.leaves_answers_out |= happens(profile.too_few_answers)
    mistakes.is_cut_short |= happens(profile.cut_short)
