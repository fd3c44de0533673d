"""A challenge: a table, and what follows from it."""

from dataclasses import dataclass, field
from typing import Any

from tests.oracle.domains import Domain

Record = dict[str, Any]
Value = str | int

ORDINALS = ("first", "second", "third", "fourth")
KINDS = (
    "word_count", "include", "include", "prime", "equation", "acrostic", "forbidden_letter",
)  # fmt: skip
"""Of the constraints of every challenge, in their order."""


@dataclass(frozen=True)
class Need:
    """A value that a constraint asks for: an attribute (and quarter, from 1) of an answer."""

    question: int
    attribute: str
    quarter: int = 0
    modulus: int = 0
    offset: int = 0
    phrase: str = ""
    """How the constraint calls the attribute."""

    def of(self, number: int) -> int:
        """What a term makes of a number."""
        return number % self.modulus + self.offset


@dataclass(frozen=True)
class Constraint:
    """One constraint: its words, what it needs, and its own number, letter or questions."""

    kind: str
    text: str
    needs: tuple[Need, ...] = ()
    own: Any = None


@dataclass
class World:
    """A challenge: a table, and all that follows from it."""

    seed: int
    domain: Domain
    table: dict[str, dict[str, Any]]
    document: str = ""
    paragraphs: dict[int, str] = field(default_factory=dict)
    """The texts of its paragraphs, by number."""
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    """Number of the paragraph that states an attribute of an entity."""
    questions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    trap: Record = field(default_factory=dict)

    def value(self, entity: str, need: Need) -> Value:
        """What the table says."""
        value = self.table[entity][need.attribute]
        if need.attribute == "librarian":
            return str(value).split()[-1]
        return value[need.quarter - 1] if need.quarter else value  # type: ignore[no-any-return]

    def truth(self, need: Need) -> Value:
        """The value that a constraint asks for."""
        return self.value(self.answers[need.question - 1], need)

    def asked(self, index: int, values: list[Value] | None = None) -> str | None:
        """The text that a constraint asks for; None where it asks for no text."""
        constraint = self.constraints[index]
        if values is None:
            values = [self.truth(need) for need in constraint.needs]
        if constraint.kind == "include":
            return str(values[0])
        terms = [n.of(int(v)) for n, v in zip(constraint.needs, values, strict=True)]
        if constraint.kind == "prime":
            return str(next_prime(terms[0]))
        if constraint.kind == "equation":
            return f"{terms[0]}+{terms[1]}={terms[0] + terms[1]}"
        if constraint.kind == "acrostic":
            length, *questions = constraint.own
            names = " ".join(self.answers[question - 1] for question in questions)
            return "".join(word[0] for word in names.split()).upper()[:length]
        return None

    def holds(self, index: int, artifact: str) -> bool:
        """Whether an artifact keeps a constraint."""
        constraint, text = self.constraints[index], self.asked(index)
        if constraint.kind == "word_count":
            return len(artifact.split()) == int(constraint.own)
        if constraint.kind == "forbidden_letter":
            return str(constraint.own) not in artifact.lower()
        if constraint.kind == "acrostic":
            return "".join(word[0] for word in artifact.split()[: len(text or "")]).upper() == text
        return str(text) in artifact

    def outcomes(self, artifact: str) -> list[bool]:
        """Which constraints an artifact keeps."""
        return [self.holds(index, artifact) for index in range(len(self.constraints))]


def next_prime(number: int) -> int:
    """The smallest prime that is not below a number."""
    while number < 2 or any(number % divisor == 0 for divisor in range(2, number)):
        number += 1
    return number
