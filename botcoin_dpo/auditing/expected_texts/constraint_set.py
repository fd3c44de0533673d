"""What the constraints of a challenge ask for, read once for all attempts at it."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from botcoin_dpo.auditing.expected_texts.attribute_names import likeness
from botcoin_dpo.constraints.constraint import Constraint, Reference, Term
from botcoin_dpo.constraints.kinds import Kinds, constraint_kind, parse

_MOST_NAMES = 1000
"""Names of attributes whose likeness is remembered."""


class Likeness(NamedTuple):
    """How much a name is like the one that constraints ask for and that it is most like."""

    highest: float
    is_shared: bool
    """Whether it is as much like another of them."""


class ConstraintSet:
    """What the checked constraints of a challenge ask for."""

    def __init__(self, texts: tuple[str, ...], kinds: Kinds) -> None:
        """Read constraints of some kinds from their texts."""
        self.constraints: list[Constraint | None] = [parse(text, kinds) for text in texts]
        """None where its words are not understood."""
        self.kinds: list[str] = [constraint_kind(text, kinds) for text in texts]
        self._likeness: dict[str, Likeness] = {}

    @cached_property
    def references(self) -> list[tuple[Constraint, Reference]]:
        """Each attribute that a constraint asks for."""
        return list(self._references())

    def _references(self) -> Iterator[tuple[Constraint, Reference]]:
        for constraint in self.constraints:
            if constraint is not None:
                for reference in constraint.references:
                    yield constraint, reference

    @cached_property
    def questions(self) -> frozenset[int]:
        """The questions whose answers decide what is asked for."""
        return frozenset(
            need.reference.question if isinstance(need, Term) else need.question
            for constraint in self.constraints
            if constraint is not None
            for need in constraint.needs
        )

    @cached_property
    def _asked(self) -> frozenset[str]:
        return frozenset(reference.attribute for _, reference in self.references)

    def likeness_to_asked(self, attribute: str) -> Likeness:
        """Return how much a name is like those of attributes that are asked for."""
        found = self._likeness.get(attribute)
        if found is None:
            scores = [likeness(name, attribute) for name in self._asked] or [0.0]
            highest = max(scores)
            found = Likeness(highest, scores.count(highest) > 1)
            if len(self._likeness) >= _MOST_NAMES:  # a challenge may have any number of attempts
                self._likeness.clear()
            self._likeness[attribute] = found
        return found


@lru_cache(maxsize=2)  # the attempts at a challenge come together
def constraint_set_of(texts: tuple[str, ...], kinds: Kinds) -> ConstraintSet:
    """Return what checked constraints ask for."""
    return ConstraintSet(texts, kinds)
