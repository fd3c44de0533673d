"""`include`: the value of an attribute."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind, Need, Reference
from botcoin_dpo.constraints.wording import FLAGS, reference_of
from botcoin_dpo.contract.trace_text import value_text

_ANSWERS = r"(?:that|which|who) answers? (?:question ?|q)(?P<question>\d{1,4})"
_WORDING = re.compile(rf"must include (?P<phrase>[^\"();:?]{{1,200}}?) {_ANSWERS}\.?", FLAGS)
_OF_ANSWER = re.compile(
    r"must include (?P<attribute>[^\"();:?]{1,200}?) (?:of|for) (?:the )?(?:answer|solution) "
    r"(?:to|of|for) (?:question ?|q)(?P<question>\d{1,4})\.?",
    FLAGS,
)
# "the noise model | used by | the code": the last of these splits the attribute from whose it is.
_OWNER = re.compile(
    r"(?P<attribute>.+?)(?: \w+ed(?= by\b))?"
    r"(?: (?:of|for|on|by|in|at|from|with|behind|to))+ (?:the|that|an?) (?:(?! (?:the|that) ).)+",
    FLAGS,
)
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


def _read(text: str) -> Include | None:
    lower = text.lower()
    if any(word in lower for word in _OTHERS):
        return None  # one of those two, in words that were not understood
    match = _OF_ANSWER.fullmatch(text)
    if match is not None:
        return _include(match["attribute"], match["question"])
    match = _WORDING.fullmatch(text)
    owner = _OWNER.fullmatch(match["phrase"]) if match else None
    if match is None or owner is None:
        return None
    return _include(owner["attribute"], match["question"])


def _include(attribute: str, question: str) -> Include | None:
    reference = reference_of(attribute, question)
    return None if reference is None else Include(reference)


KIND = Kind("include", "include", _read)
