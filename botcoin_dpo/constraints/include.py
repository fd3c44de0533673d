"""`include`: the value of an attribute."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind, Need, Reference
from botcoin_dpo.constraints.doubts import FOLDINGS, without_legal_form
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.references import ENTITY, reference_in, with_plain_questions
from botcoin_dpo.constraints.wording import MUST, plain, required
from botcoin_dpo.contract.trace_text import value_text

_ITS = Pattern(
    r"(?:(?:take|consider|identify|find|determine|for|as (?:to|for|regards)"
    r"|regarding|concerning) )?"
    rf"(?P<entity>{ENTITY})[,;.:]? "
    r"(?:(?:and|then) )*(?P<frame>(?:.* )?)(?:its|their) (?P<attribute>.+?)"
    rf"(?P<tail> {MUST} .+)?"
)
_HAS = Pattern(
    rf"(?P<entity>{ENTITY}) has an? (?P<attribute>[^,;.:]+)[,;.:] (?:and )?(?P<frame>[^,;.:]+ )it"
    r"(?P<tail>)"
)
_SPEAKS_OF = re.compile(r"question|answer|\bq ?#?\d", re.IGNORECASE)
"""Without this there is no question, and to compile all that reads one is dear."""
_OTHERS = ("equation", "prime")


@dataclass(frozen=True)
class Include(Constraint):
    """The value of an attribute, as a substring."""

    reference: Reference

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The value."""
        return (self.reference,)

    def text_of(self, values: Sequence[Any]) -> str | None:
        """Return the value's text, None if it is empty."""
        (value,) = values
        return value_text(value) or None

    def is_doubtful(self, artifact: str, text: str) -> bool:
        """Return whether case, accents, marks, blanks or a legal form decide."""
        holds = self.holds(artifact, text)
        text = text.strip()
        return any((fold(text) in fold(artifact)) != holds for fold in FOLDINGS) or (
            any(fold(without_legal_form(text)) in fold(artifact) for fold in FOLDINGS) != holds
        )


def _read(text: str) -> Include | None:
    lower = text.lower()
    if any(word in lower for word in _OTHERS):
        return None  # one of those two, in words that were not understood
    if _SPEAKS_OF.search(text) is None:
        return None
    text = with_plain_questions(plain(text))
    match = _ITS.fullmatch(text) or _HAS.fullmatch(text)
    if match is not None:
        text = f"{match['frame']}the {match['attribute']} of {match['entity']}{match['tail'] or ''}"
    phrase = required(text)
    reference = reference_in(phrase) if phrase is not None else None
    return None if reference is None else Include(reference)


KIND = Kind("include", "", _read)
