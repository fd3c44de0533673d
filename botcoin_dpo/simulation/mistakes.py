"""What a miner gets wrong at one attempt, and what of it is mended at the next."""

from dataclasses import dataclass, field
from typing import Literal

from botcoin_dpo.simulation.challenge import Challenge
from botcoin_dpo.simulation.domain import QUARTERS
from botcoin_dpo.simulation.miners import Profile
from botcoin_dpo.simulation.random_stream import RandomStream
from botcoin_dpo.simulation.table import Cell

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


def first_mistakes(challenge: Challenge, profile: Profile, rng: RandomStream) -> Mistakes:
    """Return what goes wrong at a first attempt."""
    mistakes = Mistakes()
    _Maker(challenge, profile, rng, 1).add_to(mistakes)
    return mistakes


def retried(
    mistakes: Mistakes, challenge: Challenge, profile: Profile, rng: RandomStream
) -> tuple[Mistakes, list[str]]:
    """Return what goes wrong at the next attempt, and in words what was changed.

    What was just mended does not go wrong again at once.
    """
    kept = Mistakes()
    maker = _Maker(challenge, profile, rng, profile.slips_again)
    changes: list[str] = []

    def stays(what: _Mistake, change: str) -> bool:
        if rng.chance(profile.repairs):
            changes.append(change)
            maker.mended.add(what)
            return False
        return True

    names = challenge.table.entities
    for number, entity in mistakes.answers.items():
        right = challenge.questions[number].answer
        change = f"Q{number + 1}: {names[entity]} corrected to {names[right]}"
        if stays(("answer", number), change):
            kept.answers[number] = entity
    for trap in challenge.binding.traps:
        change = f"{trap.cell.path}: {trap.wrong} was superseded, used {trap.correct}"
        if trap.cell in mistakes.traps and stays(("cell", trap.cell), change):
            kept.traps.add(trap.cell)
    for cell in sorted(mistakes.quarters, key=lambda cell: (cell.entity, cell.path)):
        if stays(("cell", cell), f"read {cell.path} from the right quarter"):
            kept.quarters.add(cell)
    for computation, off in mistakes.slips.items():
        if stays(("slip", None), "redid the arithmetic"):
            kept.slips[computation] = off
    if mistakes.words and stays(("words", None), "recounted the words"):
        kept.words = mistakes.words
    kept.has_forbidden_letter = mistakes.has_forbidden_letter and stays(
        ("letter", None), "removed the letter"
    )
    kept.has_wrong_acrostic = mistakes.has_wrong_acrostic and stays(
        ("acrostic", None), "fixed the acrostic"
    )
    kept.leaves_answers_out = mistakes.leaves_answers_out and stays(
        ("left out", None), "answered every question"
    )
    kept.is_cut_short = mistakes.is_cut_short and stays(("cut", None), "wrote the trace out")
    maker.add_to(kept)
    return kept, list(dict.fromkeys(changes))


_Mistake = tuple[str, int | Cell | None]
"""What kind of mistake, and which question or figure it is about."""


class _Maker:
    """Makes new mistakes."""

    def __init__(
        self, challenge: Challenge, profile: Profile, rng: RandomStream, factor: float
    ) -> None:
        """Make mistakes by a profile's probabilities, each times a factor."""
        self._challenge, self._profile = challenge, profile
        self._dice, self._factor = rng, factor
        self.mended: set[_Mistake] = set()
        """What does not go wrong again."""

    def add_to(self, mistakes: Mistakes) -> None:
        """Add new mistakes, and take out figures that are no longer read."""
        profile, rng = self._profile, self._dice
        self._answer_wrongly(mistakes)
        self._misread(mistakes)
        if self._happens(profile.arithmetic_slip, ("slip", None)):
            mistakes.slips[rng.pick(COMPUTATIONS)] = rng.pick((-10, -2, -1, 1, 1, 2, 3, 10))
        if self._happens(profile.miscounted_words, ("words", None)):
            mistakes.words = rng.pick((-1, 1, 1, 2))
        if self._happens(profile.forbidden_letter, ("letter", None)):
            mistakes.has_forbidden_letter = True
        if self._happens(profile.wrong_acrostic, ("acrostic", None)):
            mistakes.has_wrong_acrostic = True
        if self._happens(profile.too_few_answers, ("left out", None)):
            mistakes.leaves_answers_out = True
        if self._happens(profile.cut_short, ("cut", None)):
            mistakes.is_cut_short = True

    def _happens(self, probability: float, what: _Mistake) -> bool:
        return self._dice.chance(probability * self._factor) and what not in self.mended

    def _answer_wrongly(self, mistakes: Mistakes) -> None:
        needed = {
            reference.question - 1
            for reference, cell in self._challenge.binding.cells.items()
            if ("cell", cell) in self.mended
        }
        """Questions whose answers lead to figures that were just mended."""
        for number, question in enumerate(self._challenge.questions):
            if number in mistakes.answers or number in needed:
                continue
            if self._happens(self._profile.wrong_entity, ("answer", number)):
                entity = question.runner_up
                if self._dice.chance(0.35):
                    entity = self._dice.between(0, len(self._challenge.table.entities) - 1)
                if entity != question.answer:
                    mistakes.answers[number] = entity

    def _misread(self, mistakes: Mistakes) -> None:
        """Fall for traps and read wrong quarters, among the figures that are read at all."""
        read = [
            cell
            for reference, cell in self._challenge.binding.cells.items()
            if reference.question - 1 not in mistakes.answers
        ]
        for trap in self._challenge.binding.traps:
            if self._happens(self._profile.falls_for_trap, ("cell", trap.cell)):
                mistakes.traps.add(trap.cell)
        for cell in read:
            is_free = cell.quarter is not None and cell not in mistakes.traps
            if is_free and self._happens(self._profile.wrong_quarter, ("cell", cell)):
                mistakes.quarters.add(cell)
        mistakes.traps.intersection_update(read)
        mistakes.quarters.intersection_update(read)
