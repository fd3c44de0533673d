"""Whether an artifact keeps a constraint, given what is known of the answers.

Contract: schemas/README.md, "Constraints". Nothing is guessed: where the answers are needed and not
known, the check says what is missing.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Protocol

from botcoin_dpo.constraints.parsing import (
    Acrostic,
    Constraint,
    Equation,
    ForbiddenLetter,
    Include,
    Prime,
    Reference,
    Term,
    WordCount,
)
from botcoin_dpo.contract.trace_text import value_text

LARGEST_FOR_PRIME = 10**9
"""A number up to which the next prime is looked for."""

_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")
_BASES = (2, 3, 5, 7)
_ENOUGH_FOR_TWO_BASES = 1_373_653
_SUBSTRINGS = (Include, Prime, Equation)
"""Constraints that ask for a substring."""


class Knowledge(Protocol):
    """What is known of a challenge; None where nothing is."""

    def answer(self, question: int) -> str | None:
        """Return the entity that answers a question (from 1)."""

    def value(self, reference: Reference) -> Any:
        """Return the value of an attribute of the entity that answers a question."""


class NotKnown(Exception):
    """Something needed is not known."""


def is_kept(constraint: Constraint, artifact: str, expected: str) -> bool:
    """Return whether an artifact keeps a constraint whose `expected_text` is known."""
    if isinstance(constraint, _SUBSTRINGS):
        return expected in artifact
    if isinstance(constraint, WordCount):
        return len(words(artifact)) == constraint.words and is_single_line(artifact)
    if isinstance(constraint, Acrostic):
        return first_letters(artifact, constraint.words) == expected
    return expected not in artifact.lower()


def expected_text(constraint: Constraint, knowledge: Knowledge) -> str:
    """Return what an artifact must have: a substring, the acrostic's letters, the number of words.

    For a forbidden letter, what it must not have.

    Raises:
        NotKnown: something that this follows from is not known.
    """
    if isinstance(constraint, WordCount):
        return str(constraint.words)
    if isinstance(constraint, ForbiddenLetter):
        return constraint.letter.lower()
    if isinstance(constraint, Acrostic):
        return acrostic_target(constraint, knowledge)
    return required_text(constraint, knowledge)


def required_text(constraint: Include | Prime | Equation, knowledge: Knowledge) -> str:
    """Return the text that must be a substring of the artifact."""
    if isinstance(constraint, Include):
        text = value_text(_value(constraint.reference, knowledge))
        if not text:
            raise NotKnown(f"the value of {_words_of(constraint.reference)} is empty")
        return text
    if isinstance(constraint, Prime):
        term = _term(constraint.term, knowledge)
        if term > LARGEST_FOR_PRIME:
            raise NotKnown(f"no prime is looked for beyond {LARGEST_FOR_PRIME}")
        return prime_text(term)
    left, right = _term(constraint.left, knowledge), _term(constraint.right, knowledge)
    return equation_text(left, right)


def prime_text(term: int) -> str:
    """Return the text of a prime constraint whose term is known."""
    return str(next_prime(term))


def equation_text(left: int, right: int) -> str:
    """Return the text of an equation whose terms are known."""
    return f"{left}+{right}={left + right}"


def acrostic_target(constraint: Acrostic, knowledge: Knowledge) -> str:
    """Return the letters that the first words must spell."""
    names = []
    for question in constraint.questions:
        answer = knowledge.answer(question)
        if answer is None:
            raise NotKnown(f"the answer to question {question}")
        names.append(answer)
    return acrostic_letters(constraint, names)


def acrostic_letters(constraint: Acrostic, names: Iterable[str]) -> str:
    """Return the letters that the first words must spell, from the answers in their order."""
    return "".join(map(initials, names))[: constraint.letters].upper()


def words(artifact: str) -> list[str]:
    """Return the words: what spaces separate."""
    return [*filter(None, artifact.split(" "))]


def is_single_line(artifact: str) -> bool:
    """Return whether the artifact is one line."""
    return _LINE_BREAK.search(artifact) is None


def first_letters(artifact: str, count: int) -> str:
    """Return the upper-case first characters of the first words."""
    return "".join([word[0] for word in words(artifact)[:count]]).upper()


def initials(name: str) -> str:
    """Return the upper-case first character of each word of a name."""
    return "".join([word[0] for word in name.split()]).upper()


@lru_cache(maxsize=4096)  # the attempts at a challenge ask for the same
def next_prime(number: int) -> int:
    """Return the smallest prime that is not below a number."""
    candidate = max(2, number)
    while not is_prime(candidate):
        candidate += 1
    return candidate


@lru_cache(maxsize=4096)
def is_prime(number: int) -> bool:
    """Return whether a number up to 3·10^9 is prime (Miller-Rabin; these bases decide up to there).

    Jaeschke, "On strong pseudoprimes to several bases", Math. Comp. 61 (1993).
    """
    if number < 2:
        return False
    for base in _BASES:
        if number % base == 0:
            return number == base
    odd = number - 1
    twos = (odd & -odd).bit_length() - 1
    odd >>= twos
    for base in _BASES[:2] if number < _ENOUGH_FOR_TWO_BASES else _BASES:
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def _value(reference: Reference, knowledge: Knowledge) -> Any:
    value = knowledge.value(reference)
    if value is None:
        raise NotKnown(_words_of(reference))
    return value


def _term(term: Term, knowledge: Knowledge) -> int:
    value = _value(term.reference, knowledge)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotKnown(f"a whole number as {_words_of(term.reference)}")
    return term.of(value)


def _words_of(reference: Reference) -> str:
    return f"{reference.attribute} of the answer to question {reference.question}"
