"""The text of a constraint in, what it asks out.

Domains word the same constraint differently ("of the company that answers Question 4", "used by the
code that answers Question 9"), so this reads phrases, not sentences. What it cannot read it does
not guess: `parse` then returns None. Contract: schemas/README.md, "Constraints".
"""

import re
from dataclasses import dataclass
from functools import lru_cache

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
    """Exactly so many words, in a single line."""

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

_WORD_COUNT = re.compile(rf"\bexactly\s+(?P<words>{_NUMBER})\s+words\b", _FLAGS)
_FORBIDDEN = re.compile(
    r"\bnot\s+(?:contain|include|use)\b[^\"'“‘]*\bletter\s+[\"'“‘](?P<letter>\w)[\"'”’]", _FLAGS
)
_TERM = re.compile(
    r"(?P<attribute>[^()\s][^()]*(?:\([^()]*\)[^()]*)*?)\s+(?:of|for)\s+(?:the\s+)?"
    r"(?:(?:answer|solution)\s+(?:to|of|for)|[\w\s-]{1,60}?\s(?:that|which|who)\s+answers?)\s+"
    r"(?:question\s*|q)(?P<question>\d{1,4})\s*\)?\s*(?:mod(?:ulo)?|%)\s*(?P<modulus>\d{1,9})"
    r"\s*\)?\s*\+\s*(?P<offset>\d{1,9})",
    _FLAGS,
)
_PRIME = re.compile(r"\bnext\s*prime\s*(?:of\s*)?\(+(?P<term>.*)", _FLAGS)
_EQUATION = re.compile(
    r"\bequation\b.*?\bwhere\b\s*A\s*(?:=|is)(?P<left>.*?)[,;]?\s*(?:\band\b\s*)?B\s*(?:=|is)(?P<right>.*)",
    _FLAGS,
)
_ACROSTIC = re.compile(
    rf"first\s+letters?\s+of\s+(?:the\s+)?first\s+(?P<words>{_NUMBER})\s+words\b.*?\bspell\b"
    rf"(?P<target>.*)",
    _FLAGS,
)
_FIRST_LETTERS = re.compile(rf"first\s+(?P<letters>{_NUMBER})\s+letters?\b", _FLAGS)
_QUESTIONS = re.compile(r"\b(?:question\s*|q)(\d{1,4})\b", _FLAGS)
_INCLUDE = re.compile(
    r"\binclude\s+(?P<phrase>.+?)\s+(?:that|which|who)\s+answers?\s+(?:question\s*|q)"
    r"(?P<question>\d{1,4})\b",
    _FLAGS,
)
_INCLUDE_OF_ANSWER = re.compile(
    r"\binclude\s+(?P<attribute>.+?)\s+(?:of|for)\s+(?:the\s+)?(?:answer|solution)\s+(?:to|of|for)"
    r"\s+(?:question\s*|q)(?P<question>\d{1,4})\b",
    _FLAGS,
)
# "the noise model | used by | the code": the last of these splits the attribute from whose it is.
_OWNER = re.compile(
    r"(?P<attribute>.+?)(?:\s+\w+ed(?=\s+by\b))?"
    r"(?:\s+(?:of|for|on|by|in|at|from|with|behind|to))\s+(?:the|that|an?)\s+(?:(?!\s(?:the|that)\s).)+",
    _FLAGS,
)
_ARTICLE = re.compile(r"^(?:the|its|an?)\s+", re.IGNORECASE)
_LONGEST = 600
"""Characters; a longer text is not read, so that a hostile one costs no time."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Constraint | None:
    """Return what a constraint asks, None if it is advice or cannot be read."""
    if len(text) > _LONGEST:
        return None
    for read in (_acrostic, _word_count, _forbidden_letter, _equation, _prime, _include):
        constraint = read(text)
        if constraint is not None:
            return constraint
    return None


def _word_count(text: str) -> WordCount | None:
    match = _WORD_COUNT.search(text)
    return WordCount(_number(match["words"])) if match else None


def _forbidden_letter(text: str) -> ForbiddenLetter | None:
    match = _FORBIDDEN.search(text)
    return ForbiddenLetter(match["letter"]) if match else None


def _acrostic(text: str) -> Acrostic | None:
    match = _ACROSTIC.search(text)
    questions = tuple(map(int, _QUESTIONS.findall(match["target"]))) if match else ()
    if match is None or not questions or "initial" not in match["target"].lower():
        return None
    words = _number(match["words"])
    letters = _FIRST_LETTERS.search(match["target"])
    return Acrostic(words, _number(letters["letters"]) if letters else words, questions)


def _equation(text: str) -> Equation | None:
    match = _EQUATION.search(text)
    if match is None:
        return None
    left, right = _term(match["left"]), _term(match["right"])
    return Equation(left, right) if left and right else None


def _prime(text: str) -> Prime | None:
    match = _PRIME.search(text)
    term = _term(match["term"]) if match else None
    return Prime(term) if term else None


def _include(text: str) -> Include | None:
    if "equation" in text.lower() or "prime" in text.lower():
        return None  # one of those two, in words that were not understood
    match = _INCLUDE_OF_ANSWER.search(text)
    if match is not None:
        return Include(Reference(_attribute(match["attribute"]), int(match["question"])))
    match = _INCLUDE.search(text)
    owner = _OWNER.fullmatch(match["phrase"]) if match else None
    if match is None or owner is None:
        return None
    return Include(Reference(_attribute(owner["attribute"]), int(match["question"])))


def _term(text: str) -> Term | None:
    match = _TERM.search(text)
    if match is None or int(match["modulus"]) == 0:
        return None
    reference = Reference(_attribute(match["attribute"]), int(match["question"]))
    return Term(reference, int(match["modulus"]), int(match["offset"]))


def _attribute(phrase: str) -> str:
    return " ".join(_ARTICLE.sub("", phrase.strip()).split())


def _number(text: str) -> int:
    return _NUMBER_WORDS.get(text.lower()) or int(text)
