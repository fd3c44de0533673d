"""What all kinds of constraints have in common: what they need to know, and what they tell.

A kind is a module of this room: a class derived from `Constraint`, and a `Kind` that reads it from
a text. Contract: schemas/README.md, "Constraints".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from botcoin_dpo.constraints.sought import Sought, SoughtText


@dataclass(frozen=True, slots=True)
class Answer:
    """The entity that answers a question."""

    question: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of the entity that answers a question."""

    attribute: str
    """As the constraint words it: `headquarters city`, `Q1 revenue`."""
    question: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Term:
    """`((attribute mod modulus) + offset)`."""

    reference: Reference
    modulus: int
    offset: int

    @property
    def smallest(self) -> int:
        """A number below every term; languages differ on the remainders of negative values."""
        return self.offset - self.modulus

    @property
    def largest(self) -> int:
        """The largest term there can be."""
        return self.offset + self.modulus - 1

    def of(self, value: int) -> int:
        """Return the term for a value of the attribute."""
        return value % self.modulus + self.offset


Need = Answer | Reference | Term
"""Something that must be known to tell what a constraint asks for."""


class Candidates(NamedTuple):
    """What in an artifact a constraint could ask for."""

    only: str | None = None
    """The one text that it could ask for at all, None if there is no such.

    A number must also stand apart, since smaller ones are in most numbers.
    """
    apart: str | None = None
    """The one number that it could ask for and that is part of nothing else."""


class Constraint:
    """What a text asks of an artifact; its *text* is what an artifact must have, or must not.

    What is here fits a constraint that asks for a substring.
    """

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What must be known to tell the text; nothing where the constraint names it itself."""
        return ()

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """The attributes among what must be known."""
        return tuple(
            need.reference if isinstance(need, Term) else need
            for need in self.needs
            if not isinstance(need, Answer)
        )

    @cached_property
    def own_text(self) -> str | None:
        """The text, where the constraint names it itself."""
        return None if self.needs else self.text_of(())

    def text_of(self, values: Sequence[Any]) -> str | None:
        """Return the text, None if nothing follows.

        Args:
            values: for each need an entity's name, a value, or the number that a term comes to.
        """
        raise NotImplementedError

    def holds(self, artifact: str, text: str) -> bool:
        """Return whether an artifact keeps the constraint, whose text is known."""
        return text in artifact

    def is_doubtful(self, artifact: str, text: str) -> bool:
        """Return whether the outcome depends on how a coordinator splits or compares texts."""
        return False

    def derived(self, number: int) -> int | None:
        """Return what a coordinator derives from one of the terms, None if nothing."""
        return number

    def sought(self, values: Sequence[Any]) -> Sought | None:
        """Return what an artifact has that was made from some values, None if that is not known.

        Args:
            values: as for `text_of`; None for what is not known.
        """
        text = None if None in values else self.text_of(values)
        return None if text is None else SoughtText(text)

    def could_hold(self, artifact: str) -> bool:
        """Return whether an artifact has anything that the constraint could ask for at all."""
        return True

    def candidates(self, artifact: str) -> Candidates:
        """Return what in an artifact the constraint could ask for, where few things could be it."""
        return Candidates()

    def stands_out(self, artifact: str, text: str) -> bool:
        """Return whether an artifact that has the text does not have it by chance."""
        return True

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the parts of an artifact by which it keeps the constraint."""
        start = artifact.find(text)
        yield start, start + len(text)

    def breaking_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the parts of an artifact that break the constraint, or stand in its text's place.

        Args:
            artifact: one that does not keep the constraint.
            text: the constraint's text.
        """
        return iter(())


@dataclass(frozen=True, eq=False, slots=True)
class Kind:
    """A kind of constraint, and how it is read; compared by identity, for fast hashing."""

    name: str
    hint: str
    """What a text must have, in lower case, to be of this kind; most texts fail by it quickly."""
    read: Callable[[str], Constraint | None]
    """Return what a text asks, None if it is not of this kind or cannot be read.

    The text has single blanks and at most 600 characters. It must be read from end to end: what is
    left over might change the meaning.
    """
