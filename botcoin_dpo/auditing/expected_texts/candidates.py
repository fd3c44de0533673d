"""Finds the texts of an artifact that a constraint could mean.

An artifact is a dozen words, so that few of them can be the prime or the equation that a constraint
asks for. Where there is none, the constraint does not hold; where there is one and a coordinator
has credited the artifact, that is what it asks for. Contract: schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from botcoin_dpo.constraints.checking import (
    LARGEST_FOR_PRIME,
    equation_text,
    is_prime,
    next_prime,
)
from botcoin_dpo.constraints.parsing import Constraint, Equation, Prime, Term

_DIGITS = re.compile("[0-9]+")
_APART = re.compile(r"(?<![\w+=.,-])[0-9]{1,10}(?![\w+=-]|[.,][0-9])")
# The total may be the left of the next one: 25+18=43+11=54.
_EQUATION = re.compile(r"([0-9]{1,20})\+([0-9]{1,20})=(?=([0-9]{1,21}))")

_FRACTIONS = re.compile(r"(?<![0-9.])[0-9.]+\+[0-9.]+=[0-9.]+")
_MOST_MEANINGS = 50


class Meanings(NamedTuple):
    """What in an artifact a constraint can mean."""

    only: str | None = None
    """The one text that it can mean at all, None if there is no such.

    A prime must also stand apart, since smaller ones are in most numbers.
    """
    apart: str | None = None
    """The one prime that it can mean and that is part of nothing else."""


def has_nothing_like(constraint: Constraint, artifact: str) -> bool:
    """Return whether an artifact has no prime or equation that a constraint could mean at all."""
    if isinstance(constraint, Prime) and _is_looked_for(constraint):
        return next(_primes(constraint, artifact, _smallest(constraint.term)), None) is None
    if isinstance(constraint, Equation):
        # How fractions are taken modulo a number, nobody tells.
        has_fractions = any("." in found for found in _FRACTIONS.findall(artifact))
        return not has_fractions and next(_equations(constraint, artifact), None) is None
    return False


def meanings_of(constraint: Constraint | None, artifact: str) -> Meanings:
    """Return what a constraint can mean, where it is an equation or a prime."""
    if isinstance(constraint, Equation):
        found = set(_equations(constraint, artifact))
        if len(found) <= _MOST_MEANINGS:
            found = {text for text in found if text in artifact}
        return Meanings(only=found.pop() if len(found) == 1 else None)
    if not isinstance(constraint, Prime) or not _is_looked_for(constraint):
        return Meanings()
    standing = " ".join(set(_APART.findall(artifact)))
    apart = set(_primes(constraint, standing, _smallest(constraint.term))) & set(standing.split())
    if len(apart) != 1:
        return Meanings()
    is_only = set(_primes(constraint, artifact, constraint.term.offset)) == apart
    (prime,) = apart
    return Meanings(prime if is_only else None, prime)


def _is_looked_for(constraint: Prime) -> bool:
    return constraint.term.offset + constraint.term.modulus - 1 <= LARGEST_FOR_PRIME


def _primes(constraint: Prime, artifact: str, smallest: int) -> Iterator[str]:
    """Yield the primes within an artifact's numbers, from `smallest` to the largest possible."""
    largest = next_prime(constraint.term.offset + constraint.term.modulus - 1)
    shortest, longest = len(str(max(0, smallest))), len(str(largest))
    for digits in _DIGITS.findall(artifact):
        for start in range(len(digits)):
            for end in range(start + shortest, min(start + longest, len(digits)) + 1):
                number = int(digits[start:end])
                if smallest <= number <= largest and is_prime(number):
                    yield str(number)


def _equations(constraint: Equation, artifact: str) -> Iterator[str]:
    """Yield the true equations within an artifact whose terms could be those of a constraint."""
    for lefts, digits, total in _EQUATION.findall(artifact):
        right = int(digits)
        if _could_be(right, constraint.right):
            for start in range(len(lefts)):
                left = int(lefts[start:])
                if _could_be(left, constraint.left) and total.startswith(str(left + right)):
                    yield equation_text(left, right)


def _could_be(number: int, term: Term) -> bool:
    return _smallest(term) < number < term.offset + term.modulus


def _smallest(term: Term) -> int:
    """Return what no term is as small as; languages differ on the remainders of negative values."""
    return term.offset - term.modulus
