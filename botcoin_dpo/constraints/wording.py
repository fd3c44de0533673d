"""Phrases that constraints of several kinds have in common, and what they mean.

Domains word the same constraint differently ("of the company that answers Question 4", "used by the
code that answers Question 9"), so kinds read phrases, not sentences.
"""

import re

from botcoin_dpo.constraints.constraint import Reference, Term

_NUMBERS = str.split("one two three four five six seven eight nine ten eleven twelve")
_NUMBER_WORDS = {word: number for number, word in enumerate(_NUMBERS, start=1)}
_DIGITS = r"(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2})"
_ATTRIBUTE = r"[^()\";:?]{1,120}?(?:\([^()]{1,20}\))?"
_ARTICLE = re.compile(r"^(?:the|its|an?)\s+", re.IGNORECASE)

FLAGS = re.IGNORECASE | re.DOTALL
NUMBER = rf"(?:\d{{1,9}}|{'|'.join(_NUMBER_WORDS)})"
"""The pattern of a number of words or letters."""

_REFERS = re.compile(r"\bquestion ?\d|\banswers?\b", FLAGS)


def number_of(text: str) -> int:
    """Return the number that digits or a word say."""
    return _NUMBER_WORDS.get(text.lower()) or int(text.replace(",", ""))


def reference_of(attribute: str, question: str) -> Reference | None:
    """Return a reference; one that speaks of two questions is not understood."""
    if _REFERS.search(attribute):
        return None
    name = " ".join(_ARTICLE.sub("", attribute.strip()).split())
    return Reference(name, int(question))


def term_pattern(side: str = "") -> str:
    """Return the pattern of a term; its groups are named by the side."""
    return (
        rf"\( ?\(? ?(?P<{side}attribute>{_ATTRIBUTE}) (?:of|for) (?:the )?"
        r"(?:(?:answer|solution) (?:to|of|for)|[\w -]{1,60}? (?:that|which|who) answers?) "
        rf"(?:question ?|q)(?P<{side}question>\d{{1,4}}) ?(?:mod(?:ulo)?|%) ?"
        rf"(?P<{side}modulus>{_DIGITS}) ?\) ?\+ ?(?P<{side}offset>{_DIGITS}) ?\)?"
    )


def term_of(match: re.Match[str], side: str = "") -> Term | None:
    """Return the term of a match, None if it has no meaning."""
    modulus = number_of(match[f"{side}modulus"])
    reference = reference_of(match[f"{side}attribute"], match[f"{side}question"])
    if modulus == 0 or reference is None:
        return None
    return Term(reference, modulus, number_of(match[f"{side}offset"]))
