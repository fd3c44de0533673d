"""`equation`: the sum of two terms, written as `A+B=C`.

Few of an artifact's words can be the equation. Where none can, the constraint does not hold; where
one can and a coordinator has credited the artifact, that is the equation. Contract:
schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from botcoin_dpo.constraints.constraint import Candidates, Constraint, Kind, Need, Term
from botcoin_dpo.constraints.doubts import with_usual_digits
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.terms import IS, divide_at_definitions, term_in
from botcoin_dpo.constraints.wording import AS_DIGITS, REQUIRED, plain, required

_SUM = Pattern(
    r"(?P<mark>[\"']?)(?<![\w+=])(?P<left>[a-z])(?P<gap> ?)\+(?P<gap2> ?)(?P<right>[a-z])"
    r"(?P<gap3> ?)=(?P<gap4> ?)(?P<total>[a-z])(?![\w+*/=-])(?P=mark)"
)
_HERE = "\0"
"""Stands for the equation."""

_NO_SPACES = (
    r"(?:(?:written )?(?:with no|without(?: any)?|no) (?:spaces|blanks|whitespace)"
    r"(?: (?:in it|inside|in between|between them"
    r"|around the signs))?)"
)
_IN_DIGITS = (
    rf"(?:{AS_DIGITS}|(?:in |only |all )?(?:digits|numerals)(?: only)?|with (?:the )?"
    r"(?:numbers|values|digits) in place of (?:the )?letters"
    r"|with the letters replaced by (?:the|their) (?:numbers|values))"
)
_NOTE = Pattern(
    rf"(?:[;.,] (?:please )?use |,? ?)(?:\((?:{_IN_DIGITS}|{_NO_SPACES})(?:(?:,|;| and"
    rf"|, and) (?:{_IN_DIGITS}"
    rf"|{_NO_SPACES}))?\)"
    rf"|(?:{_IN_DIGITS}|{_NO_SPACES})(?:(?:,| and|, and)? (?:{_IN_DIGITS}|{_NO_SPACES}))?)(?!\w),?"
)
_WITHOUT = Pattern(r"\b(?:without|no)\b")
_WITH_SPACES = Pattern(r"\bwith (?:spaces|blanks|whitespace)")
_PHRASE = Pattern(
    r"(?:(?:the|an?) )?(?:(?:literal|exact|following|correct|true|valid|arithmetic) )?"
    r"(?:(?:equation|sum|addition|expression"
    r"|formula|calculation|string|text)"
    rf"(?: of the form| in the form| is {REQUIRED}:|:|,)? ?)?{_HERE}"
)
_MAIN = Pattern(_HERE)
# The total may be the left of the next one: 25+18=43+11=54.
_CANDIDATE = re.compile(r"([0-9]{1,20})\+([0-9]{1,20})=(?=([0-9]{1,21}))")
_FRACTIONS = re.compile(r"(?<![0-9.])[0-9.]+\+[0-9.]+=[0-9.]+")
_EQUATION = re.compile(r"[0-9]+\+[0-9]+=[0-9]+")
# From the first digit on: else every digit of a long run would be tried as the first.
_TERMS = re.compile(r"(?<![0-9])([0-9]+)\+([0-9]+)=(?=[0-9])")
_TERMS_APART = re.compile(r"(?<![\w+=])([0-9]+)\+([0-9]+)=[0-9]+(?![\w+])")
_MOST_CANDIDATES = 50


@dataclass(frozen=True)
class Equation(Constraint):
    """`A+B=C` in digits, without spaces."""

    left: Term
    right: Term

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The two terms."""
        return (self.left, self.right)

    def text_of(self, values: Sequence[Any]) -> str:
        """Return the equation."""
        left, right = values
        return f"{left}+{right}={left + right}"

    def sought(self, values: Sequence[Any]) -> "_SoughtTerms | None":
        """Return the equation as far as its terms are known, whatever its total."""
        left, right = values
        return None if left is None and right is None else _SoughtTerms(left, right)

    def could_hold(self, artifact: str) -> bool:
        """Return whether an artifact has an equation that the constraint could ask for."""
        # How fractions are taken modulo a number, nobody tells.
        has_fractions = any("." in found for found in _FRACTIONS.findall(artifact))
        return has_fractions or next(self._equations(artifact), None) is not None

    def candidates(self, artifact: str) -> Candidates:
        """Return the equation of an artifact that the constraint could ask for, if it is one."""
        found = set(self._equations(artifact))
        if len(found) <= _MOST_CANDIDATES:
            found = {text for text in found if text in artifact}
        return Candidates(only=found.pop() if len(found) == 1 else None)

    def is_doubtful(self, artifact: str, text: str) -> bool:
        """Return whether digits or blanks of other alphabets decide."""
        return (text in with_usual_digits(artifact)) != self.holds(artifact, text)

    def breaking_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the equations that stand there instead."""
        return (match.span() for match in _EQUATION.finditer(artifact))

    def _equations(self, artifact: str) -> Iterator[str]:
        """Yield the true equations within an artifact whose terms could be those asked for."""
        for lefts, digits, total in _CANDIDATE.findall(artifact):
            right = int(digits)
            if _could_be(right, self.right):
                for start in range(len(lefts)):
                    left = int(lefts[start:])
                    if _could_be(left, self.left) and total.startswith(str(left + right)):
                        yield self.text_of((left, right))


class _SoughtTerms(NamedTuple):
    """An equation with these terms; any will do for one that is None."""

    left: int | None
    right: int | None

    def is_in(self, artifact: str) -> bool:
        """Return whether an artifact has such an equation as a substring."""
        return any(
            (self.left is None or left.endswith(str(self.left)))
            and (self.right is None or right == str(self.right))
            for left, right in _TERMS.findall(artifact)
        )

    def stands_in(self, artifact: str) -> bool:
        """Return whether an artifact has such an equation that is part of nothing else."""
        return any(
            (self.left is None or left == str(self.left))
            and (self.right is None or right == str(self.right))
            for left, right in _TERMS_APART.findall(artifact)
        )


def _could_be(number: int, term: Term) -> bool:
    return term.smallest < number <= term.largest


def _read(text: str) -> Equation | None:
    text = plain(text)
    written = _SUM.search(text)
    if written is None or _WITH_SPACES.search(text):
        return None
    left, right, total = written.group("left", "right", "total")
    if len({left, right, total}) < 3:
        return None
    text = f"{text[: written.start()]}{_HERE}{text[written.end() :]}"
    notes = "".join(_NOTE.findall(text))
    if any(written.group("gap", "gap2", "gap3", "gap4")) and not _WITHOUT.search(notes):
        return None  # it may be meant as it stands there
    text = " ".join(_NOTE.sub(" ", text).split())
    text = _total_pattern(left, right, total).sub(" ", text, count=1)
    main, values = divide_at_definitions(text, _MAIN)
    phrase = required(main) or main
    if _PHRASE.fullmatch(phrase) is None or values.keys() != {left, right}:
        return None
    terms = [term_in(values[letter]) for letter in (left, right)]
    return Equation(terms[0], terms[1]) if terms[0] and terms[1] else None


@lru_cache(maxsize=64)
def _total_pattern(left: str, right: str, total: str) -> Pattern:
    """Return the pattern of what says that the total is the sum of the two others."""
    return Pattern(
        rf"[,;.]? ?\(?(?:(?:and|where|with|so that|such that|let) ){{0,2}}(?<!\w){total}"
        rf"(?:{IS}| be | )(?:(?:their|the) (?:sum|total)(?: of (?:{left} and {right}|the two"
        rf"|both))?"
        rf"|\(?{left} ?(?:\+|plus) ?{right}\)?)(?![\w+*/-]| ?[+*/-])"
    )


KIND = Kind("equation", "=", _read)
