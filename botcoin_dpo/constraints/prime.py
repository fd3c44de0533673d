"""`prime`: the smallest prime that is not below a term.

An artifact is a dozen words, so that few of its numbers can be the prime. Where none can, the
constraint does not hold; where one can and a coordinator has credited the artifact, that is the
prime. Contract: schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botcoin_dpo.constraints.constraint import Candidates, Constraint, Kind, Need, Term
from botcoin_dpo.constraints.primes import LARGEST_FOR_PRIME, is_prime, next_prime
from botcoin_dpo.constraints.wording import FLAGS, term_of, term_pattern

_WORDING = re.compile(
    r"(?:must )?include (?:(?:a|the) prime(?: number)? ?(?:equal to )?)?(?:the )?next ?prime ?"
    + term_pattern()
    + r"(?:,? (?:as|in) digits)?\.?",
    FLAGS,
)
_DIGITS = re.compile("[0-9]+")
_APART = re.compile(r"(?<![\w+=.,-])[0-9]{1,10}(?![\w+=-]|[.,][0-9])")
_NUMBER = re.compile(r"(?<![\w+=.])[0-9]+(?![\w+=.])")


@dataclass(frozen=True)
class Prime(Constraint):
    """The smallest prime that is not below the term, as digits."""

    term: Term

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The term."""
        return (self.term,)

    def text_of(self, values: Sequence[Any]) -> str | None:
        """Return the prime, None if the term is too large."""
        (number,) = values
        prime = self.derived(number)
        return None if prime is None else str(prime)

    def derived(self, number: int) -> int | None:
        """Return the prime, None if the term is too large."""
        return next_prime(number) if number <= LARGEST_FOR_PRIME else None

    def could_hold(self, artifact: str) -> bool:
        """Return whether an artifact has a prime that the constraint could ask for."""
        if not self._is_looked_for:
            return True
        return next(self._primes(artifact, self.term.smallest), None) is not None

    def candidates(self, artifact: str) -> Candidates:
        """Return the primes of an artifact, if there is one that stands apart."""
        if not self._is_looked_for:
            return Candidates()
        standing = " ".join(set(_APART.findall(artifact)))
        apart = set(self._primes(standing, self.term.smallest)) & set(standing.split())
        if len(apart) != 1:
            return Candidates()
        is_only = set(self._primes(artifact, self.term.offset)) == apart
        (prime,) = apart
        return Candidates(prime if is_only else None, prime)

    def stands_out(self, artifact: str, text: str) -> bool:
        """Return whether the prime is a number of the artifact, and not only digits of another."""
        return any(match.group() == text for match in _NUMBER.finditer(artifact))

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the prime, where it stands alone if it does."""
        alone = (match.start() for match in _NUMBER.finditer(artifact) if match.group() == text)
        start = next(alone, artifact.find(text))
        yield start, start + len(text)

    def breaking_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the numbers that stand there instead."""
        return (match.span() for match in _NUMBER.finditer(artifact))

    @property
    def _is_looked_for(self) -> bool:
        return self.term.largest <= LARGEST_FOR_PRIME

    def _primes(self, artifact: str, smallest: int) -> Iterator[str]:
        """Yield the primes within an artifact's numbers, from `smallest` to the largest."""
        largest = next_prime(self.term.largest)
        shortest, longest = len(str(max(0, smallest))), len(str(largest))
        for digits in _DIGITS.findall(artifact):
            for start in range(len(digits)):
                for end in range(start + shortest, min(start + longest, len(digits)) + 1):
                    number = int(digits[start:end])
                    if smallest <= number <= largest and is_prime(number):
                        yield str(number)


def _read(text: str) -> Prime | None:
    match = _WORDING.fullmatch(text)
    term = term_of(match) if match else None
    return Prime(term) if term else None


KIND = Kind("prime", "prime", _read)
