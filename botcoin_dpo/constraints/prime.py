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
from botcoin_dpo.constraints.doubts import with_usual_digits
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.primes import LARGEST_FOR_PRIME, is_prime, next_prime
from botcoin_dpo.constraints.terms import IS, divide_at_definitions, term_in, with_values
from botcoin_dpo.constraints.wording import AS_DIGITS, MUST, REQUIRED, WHERE, plain, required

_AT_LEAST = (
    r"(?:not (?:below|less than|smaller than|lower than|under)|no (?:less|smaller|lower) than"
    r"|at or (?:above|after)|at least|on or above|equal to or (?:greater|larger|more|higher) than"
    r"|(?:greater|larger|higher|more) than or equal to|(?:equal to|equalling) or exceeding"
    r"|exceeding or (?:equal to|equalling)|>=)"
)
_NOT_BELOW = (
    rf"(?:(?:(?:that|which) is )?{_AT_LEAST}"
    r"|(?:that|which) (?:equals or exceeds|exceeds or equals|does not fall below))"
)
_SMALLEST = (
    r"(?:the )?(?:smallest|first|least|lowest|next|closest) prime(?: number)?"
    r"(?:,? (?P<p>[a-z]),?(?:(?: such that| with)? (?P=p)(?![a-z]))?)?"
)
_NEXT_PRIME = (
    r"(?:(?:(?:value|result|output|digits) of (?:computing )?(?:the )?)?"
    r"(?:next[_-]?prime(?: of)? ?(?P<in>\(.+\))"
    rf"|next_?prime (?P<after>[^(].*)"
    rf"|{_SMALLEST} {_NOT_BELOW} ?(?:the (?:number|value) (?=\())?(?P<above>.+)))"
)
_WORDING = Pattern(
    r"(?:(?:(?:a|one|the) )?(?:prime(?: number)?|number|value)(?: [a-z])?,? ?(?:equal to"
    r"|that equals|that is"
    r"|which is"
    rf"|given by|(?:obtained|computed|given) as|namely|is {REQUIRED}:|=|:"
    rf"|,)? ?)?(?:the )?{_NEXT_PRIME}"
)
_NOTE = Pattern(
    rf",? ?(?:\({AS_DIGITS}\)|\((?:digits|numerals)(?: only)?\)|{AS_DIGITS}),?"
    r"|, (?:digits|numerals)(?: only)?(?=$|,)"
)
_MEANING = Pattern(
    r"[,;.(]* ?(?:where |with |here )?next_?prime\((?P<x>[a-z])\)"
    rf"{IS}{_SMALLEST} {_NOT_BELOW} ?(?P=x)\)?$"
)
_THE_PRIME = Pattern(r"\b(?:the |a )?(?:prime(?: number)?|number) $")
_NAMED = Pattern(r"\bprime(?: number)? [a-z] ?:?= ?")
_MAIN = Pattern(r"prime")
_TAKE = Pattern(
    r"(?:take|compute|calculate|work out|find|get|reduce|start (?:with|from)|after(?= dividing)"
    r"|(?=(?:divide|add) )) ?(?P<value>.+)(?:[,;.] (?:(?:and|then|now) )*| and (?:then )?)"
    r"(?P<main>\w[^,;.]*) "
    r"(?:(?:the|that|this) (?:result|number|value|sum|total)|that|this|it)"
    rf"(?P<tail> {MUST} [a-z ]+| (?:in|into) {WHERE})?"
)
_PRIME_CALLED = [
    Pattern(pattern)
    for pattern in (
        rf"(?:let )?(?P<letter>[a-z])(?: be |{IS})(?P<prime>(?:the )?(?:smallest|first|least|lowest"
        r"|next_?prime)\b.+)[;,.] (?:(?:and|then) )*(?P<frame>[^;,.]*\b)(?P=letter)"
        rf"(?P<tail> {MUST} [a-z ]+)?",
        r"(?:find|compute|calculate|take|determine|work out) (?P<prime>(?:the )?(?:smallest|first"
        r"|least|lowest|next_?prime)\b.+)(?:[;,.] (?:(?:and|then) )*| and (?:then )?)"
        r"(?P<frame>[^;,.]*\b)(?:it|that|this)(?P<tail>)",
        rf"(?P<frame>[^;,.]*\b)(?P<letter>[a-z])(?P<tail> {MUST} [a-z ]+)?,? (?:where|with) "
        rf"(?P=letter)(?:{IS})(?P<prime>(?:the )?(?:smallest|first|least|lowest|next_?prime)\b.+)",
    )
]
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

    def is_doubtful(self, artifact: str, text: str) -> bool:
        """Return whether digits or blanks of other alphabets decide."""
        return (text in with_usual_digits(artifact)) != self.holds(artifact, text)

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
    text = _MEANING.sub("", _NOTE.sub(" ", plain(text)))
    text = " ".join(text.split()).rstrip(" ,.;")
    for pattern in _PRIME_CALLED:
        match = pattern.fullmatch(text)
        if match is not None:
            frame = _THE_PRIME.sub("", match["frame"])
            text = f"{frame}{match['prime']}{match['tail'] or ''}"
            break
    match = _TAKE.fullmatch(text)
    if match is not None:
        text = f"{match['main']} ({match['value']}){match['tail'] or ''}"
    text, values = divide_at_definitions(_NAMED.sub("prime equal to ", text), _MAIN)
    text = with_values(text, values)
    phrase = required(text) or text
    match = _WORDING.fullmatch(phrase)
    term = term_in(next(filter(None, match.group("in", "after", "above")))) if match else None
    return Prime(term) if term else None


KIND = Kind("prime", "prime", _read)
