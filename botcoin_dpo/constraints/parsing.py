"""Reads from the text of a constraint what it asks.

Domains word the same constraint differently ("of the company that answers Question 4", "used by the
code that answers Question 9"), so this reads phrases, not sentences. What it cannot read it does
not guess: `parse` then returns None. Contract: schemas/README.md, "Constraints".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from botcoin_dpo.contract.outcomes import TIP

_NUMBERS = str.split("one two three four five six seven eight nine ten eleven twelve")
_NUMBER_WORDS = {word: number for number, word in enumerate(_NUMBERS, start=1)}
_NUMBER = rf"(?:\d{{1,9}}|{'|'.join(_NUMBER_WORDS)})"
_FLAGS = re.IGNORECASE | re.DOTALL


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of the entity that answers a question."""

    attribute: str
    """As the constraint words it: `headquarters city`, `Q1 revenue`."""
    question: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class Term:
    """`((attribute mod modulus) + offset)`."""

    reference: Reference
    modulus: int
    offset: int

    def of(self, value: int) -> int:
        """Return the term for a value of the attribute."""
        return value % self.modulus + self.offset


@dataclass(frozen=True, slots=True)
class WordCount:
    """Exactly this many words, in a single line."""

    words: int


@dataclass(frozen=True, slots=True)
class Include:
    """The value of an attribute, as a substring."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Prime:
    """The smallest prime that is not below the term, as digits."""

    term: Term


@dataclass(frozen=True, slots=True)
class Equation:
    """`A+B=C` in digits, without spaces."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Acrostic:
    """The first letters of the first words spell the first letters of the answers' initials."""

    words: int
    letters: int
    questions: tuple[int, ...]
    """Whose answers' initials are joined, in this order."""


@dataclass(frozen=True, slots=True)
class ForbiddenLetter:
    """A letter that must not occur, in either case."""

    letter: str


Constraint = WordCount | Include | Prime | Equation | Acrostic | ForbiddenLetter


def references_of(constraint: Constraint | None) -> tuple[Reference, ...]:
    """Return the attributes that a constraint asks for."""
    if isinstance(constraint, Include):
        return (constraint.reference,)
    if isinstance(constraint, Prime):
        return (constraint.term.reference,)
    if isinstance(constraint, Equation):
        return (constraint.left.reference, constraint.right.reference)
    return ()


# Texts are matched from end to end, with single blanks: what is left over might change the meaning.
_ANSWERS = r"(?:that|which|who) answers? (?:question ?|q)(?P<question>\d{1,4})"
_WORD_COUNT = re.compile(
    rf"(?:(?:must|please|write|use|have|contain|be|answer|with|in|of) ){{0,4}}exactly "
    rf"(?P<words>{_NUMBER}) words(?:[.,;]?(?: (?:in|on))?(?: (?:a|one))? single line)?\.?",
    _FLAGS,
)
_FORBIDDEN = re.compile(
    r"(?:must|do|may|should) not (?:contain|include|use) the letter [\"'“‘](?P<letter>\w)[\"'”’]"
    r"(?: anywhere)?(?: \((?:case-insensitive|in either case)\))?\.?",
    _FLAGS,
)
_ATTRIBUTE = r"[^()\";:?]{1,120}?(?:\([^()]{1,20}\))?"
_DIGITS = r"(?:\d{1,9}|\d{1,3}(?:,\d{3}){1,2})"


def _term_pattern(side: str = "") -> str:
    """Return the pattern of a term; its groups are named by the side."""
    return (
        rf"\( ?\(? ?(?P<{side}attribute>{_ATTRIBUTE}) (?:of|for) (?:the )?"
        r"(?:(?:answer|solution) (?:to|of|for)|[\w -]{1,60}? (?:that|which|who) answers?) "
        rf"(?:question ?|q)(?P<{side}question>\d{{1,4}}) ?(?:mod(?:ulo)?|%) ?"
        rf"(?P<{side}modulus>{_DIGITS}) ?\) ?\+ ?(?P<{side}offset>{_DIGITS}) ?\)?"
    )


_PRIME = re.compile(
    r"(?:must )?include (?:(?:a|the) prime(?: number)? ?(?:equal to )?)?(?:the )?next ?prime ?"
    + _term_pattern()
    + r"(?:,? (?:as|in) digits)?\.?",
    _FLAGS,
)
_EQUATION = re.compile(
    r"(?:must )?include (?:the|an) equation [\"'“]A\+B=C[\"'”](?: \([^()]{1,60}\))?,? where "
    r"A ?(?:=|is) ?"
    + _term_pattern("left_")
    + r",?(?: and)? B ?(?:=|is) ?"
    + _term_pattern("right_")
    + r",?(?: and)? C ?(?:=|is) ?A ?\+ ?B\.?",
    _FLAGS,
)
_ACROSTIC = re.compile(
    rf"(?:acrostic: )?(?:the )?first letters of (?:the )?first (?P<words>{_NUMBER}) words "
    rf"(?:must )?spell (?:out )?(?:the first (?P<letters>{_NUMBER}) letters of )?"
    r"\(?(?P<target>initials ?\(q\d{1,4}\)(?: ?\+ ?initials ?\(q\d{1,4}\))*)\)?"
    r"(?:,? (?:uppercased|in upper ?case|in capitals))?\.?",
    _FLAGS,
)
_QUESTIONS = re.compile(r"q(\d{1,4})", _FLAGS)
_INCLUDE = re.compile(rf"must include (?P<phrase>[^\"();:?]{{1,200}}?) {_ANSWERS}\.?", _FLAGS)
_INCLUDE_OF_ANSWER = re.compile(
    r"must include (?P<attribute>[^\"();:?]{1,200}?) (?:of|for) (?:the )?(?:answer|solution) "
    r"(?:to|of|for) (?:question ?|q)(?P<question>\d{1,4})\.?",
    _FLAGS,
)
# "the noise model | used by | the code": the last of these splits the attribute from whose it is.
_OWNER = re.compile(
    r"(?P<attribute>.+?)(?: \w+ed(?= by\b))?"
    r"(?: (?:of|for|on|by|in|at|from|with|behind|to))+ (?:the|that|an?) (?:(?! (?:the|that) ).)+",
    _FLAGS,
)
_REFERS = re.compile(r"\bquestion ?\d|\banswers?\b", _FLAGS)
_ARTICLE = re.compile(r"^(?:the|its|an?)\s+", re.IGNORECASE)
_LONGEST = 600
"""Characters; a longer text is not read, so that a hostile one costs no time."""


def parse(text: str) -> Constraint | None:
    """Return what a constraint asks, None if it is advice or cannot be read."""
    if len(text) > _LONGEST or text.startswith(TIP):
        return None
    return _parsed(text)


@lru_cache(maxsize=4096)  # never of long texts, which would fill the memory
def _parsed(text: str) -> Constraint | None:
    text = " ".join(text.split())
    lower = text.lower()
    for word, read in _READERS:
        constraint = read(text) if word in lower else None
        if constraint is not None:
            return constraint
    return None


def _word_count(text: str) -> WordCount | None:
    match = _WORD_COUNT.fullmatch(text)
    return WordCount(_number(match["words"])) if match else None


def _forbidden_letter(text: str) -> ForbiddenLetter | None:
    match = _FORBIDDEN.fullmatch(text)
    return ForbiddenLetter(match["letter"]) if match else None


def _acrostic(text: str) -> Acrostic | None:
    match = _ACROSTIC.fullmatch(text)
    if match is None:
        return None
    words = _number(match["words"])
    letters = _number(match["letters"]) if match["letters"] else words
    return Acrostic(words, letters, tuple(map(int, _QUESTIONS.findall(match["target"]))))


def _equation(text: str) -> Equation | None:
    match = _EQUATION.fullmatch(text)
    if match is None:
        return None
    left, right = _term(match, "left_"), _term(match, "right_")
    return Equation(left, right) if left and right else None


def _prime(text: str) -> Prime | None:
    match = _PRIME.fullmatch(text)
    term = _term(match, "") if match else None
    return Prime(term) if term else None


def _include(text: str) -> Include | None:
    if "equation" in text.lower() or "prime" in text.lower():
        return None  # one of those two, in words that were not understood
    match = _INCLUDE_OF_ANSWER.fullmatch(text)
    if match is not None:
        return _reference(match["attribute"], match["question"])
    match = _INCLUDE.fullmatch(text)
    owner = _OWNER.fullmatch(match["phrase"]) if match else None
    if match is None or owner is None:
        return None
    return _reference(owner["attribute"], match["question"])


def _reference(attribute: str, question: str) -> Include | None:
    """Return the reference of an include; one that speaks of two questions is not understood."""
    if _REFERS.search(attribute):
        return None
    return Include(Reference(_attribute(attribute), int(question)))


def _term(match: re.Match[str], side: str) -> Term | None:
    attribute, modulus = match[f"{side}attribute"], _number(match[f"{side}modulus"])
    if modulus == 0 or _REFERS.search(attribute):
        return None
    reference = Reference(_attribute(attribute), int(match[f"{side}question"]))
    return Term(reference, modulus, _number(match[f"{side}offset"]))


def _attribute(phrase: str) -> str:
    return " ".join(_ARTICLE.sub("", phrase.strip()).split())


def _number(text: str) -> int:
    return _NUMBER_WORDS.get(text.lower()) or int(text.replace(",", ""))


_READERS: tuple[tuple[str, Callable[[str], Constraint | None]], ...] = (
    ("initials", _acrostic),
    ("words", _word_count),
    ("letter", _forbidden_letter),
    ("equation", _equation),
    ("prime", _prime),
    ("include", _include),
)
"""By a word that a text must have to be read so; most fail by it, which is quickly seen."""
