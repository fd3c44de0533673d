"""`equation`: the sum of two terms, written as `A+B=C`.

Few of an artifact's words can be the equation. Where none can, the constraint does not hold; where
one can and a coordinator has credited the artifact, that is the equation. Contract:
schemas/README.md, "Audit".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from botcoin_dpo.constraints.constraint import Candidates, Constraint, Kind, Need, Term
from botcoin_dpo.constraints.wording import FLAGS, term_of, term_pattern

_WORDING = re.compile(
    r"(?:must )?include (?:the|an) equation [\"'“]A\+B=C[\"'”](?: \([^()]{1,60}\))?,? where "
    r"A ?(?:=|is) ?"
    + term_pattern("left_")
    + r",?(?: and)? B ?(?:=|is) ?"
    + term_pattern("right_")
    + r",?(?: and)? C ?(?:=|is) ?A ?\+ ?B\.?",
    FLAGS,
)
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
    match = _WORDING.fullmatch(text)
    if match is None:
        return None
    left, right = term_of(match, "left_"), term_of(match, "right_")
    return Equation(left, right) if left and right else None


KIND = Kind("equation", "equation", _read)
