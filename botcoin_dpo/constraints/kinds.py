"""What kind of constraint a text is: the kind of what `parse` reads from it.

Contract: schemas/README.md, "Constraints".
"""

from typing import Literal, get_args

from botcoin_dpo.constraints.parsing import (
    Acrostic,
    Constraint,
    Equation,
    ForbiddenLetter,
    Include,
    Prime,
    WordCount,
    parse,
)
from botcoin_dpo.contract.outcomes import TIP

ConstraintKind = Literal[
    "word_count", "include", "prime", "equation", "acrostic", "forbidden_letter", "tip", "other"
]
CONSTRAINT_KINDS: tuple[ConstraintKind, ...] = get_args(ConstraintKind)

_KINDS: dict[type[Constraint], ConstraintKind] = {
    WordCount: "word_count",
    Include: "include",
    Prime: "prime",
    Equation: "equation",
    Acrostic: "acrostic",
    ForbiddenLetter: "forbidden_letter",
}


def constraint_kind(text: str) -> ConstraintKind:
    """Return the kind of a constraint; `tip` for advice, `other` for what cannot be read."""
    if text.startswith(TIP):
        return "tip"
    constraint = parse(text)
    return "other" if constraint is None else _KINDS[type(constraint)]
