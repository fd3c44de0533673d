"""`acrostic`: the first letters of the first words spell initials of answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botcoin_dpo.constraints.constraint import Answer, Constraint, Kind, Need
from botcoin_dpo.constraints.doubts import readings_of, without_accents
from botcoin_dpo.constraints.number_words import NUMBER, number_of
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.references import ENTITY, question_in, with_plain_questions
from botcoin_dpo.constraints.word_count import words_of
from botcoin_dpo.constraints.wording import MUST, WHERE, plain

_FIRST = r"(?:first|initial|opening|leading)"
_LABEL = (
    r"(?:(?:make sure|ensure)(?: that)? )?"
    rf"(?:(?:{WHERE} |it )?(?:{MUST} )?(?:(?:begin|start|open) (?:{WHERE} |it )?with|contain"
    r"|include|form|make|write|create)? ?(?:an )?"
    r"acrostic(?: constraint| requirement| rule)?(?:[:,.;]| -)? )?"
)
_WORDS = (
    rf"(?:(?:the|your|its) |{WHERE}'s )?{_FIRST} (?P<words>{NUMBER}) words"
    rf"(?: (?:of|in) (?:{WHERE}|it))?"
)
_LETTERS_OF = rf"(?:take )?(?:the )?(?:{_FIRST} letters? of (?:each of )?|initials of )"
_LETTERS_OF_WORDS = (
    rf"(?:{_LETTERS_OF}(?:{_WORDS}|words (?:1|one)(?: to |-| through )(?P<last>{NUMBER})"
    r"|words (?P<listed>1(?: and 2|, 2,? and 3|, 2, 3,? and 4)))"
    rf"|{_WORDS.replace('?P<words>', '?P<owners>')}(?:'|:|,) (?:the(?:ir)? )?(?:{_FIRST} letters"
    r"|initials))"
)
_ORDER = (
    r"(?:(?:(?:read|taken|put|joined) )?(?:together|in sequence|in (?:this |that "
    r"|the same )?order))"
)
_SPELL = (
    rf"(?:[,;:] (?:they|these|those|which|together) |, {_ORDER}, "
    rf"| )(?:{MUST} )?(?:together )?(?:spell(?: out)?|form"
    rf"|match|equal|give|make|make up|be|read|=)(?:,? {_ORDER},?)? "
)
_INITIALS = r"initials ?(?:\(|of )"
_UPPER = (
    r"(?:(?:all )?(?:in |as |converted to )?"
    r"(?:upper-?cased|upper[- ]?case(?: letters)?|capitals|capital letters|caps))"
)
_TARGET = (
    rf"(?:(?:the )?{_FIRST} (?P<letters>{NUMBER}) (?:letters|characters) of )?"
    rf"(?P<target>.*?{_INITIALS}.*?)(?:,? ?(?:{_UPPER}|\({_UPPER}\)))?"
)
_WORDINGS = [
    Pattern(pattern)
    for pattern in (
        rf"{_LABEL}(?:make )?(?:{_ORDER}, )?{_LETTERS_OF_WORDS}{_SPELL}{_TARGET}",
        rf"{_LABEL}{_WORDS} {MUST} (?:start|begin) with {_TARGET},? in (?:this |that )?order",
        rf"{_LABEL}(?:start|begin) {_WORDS} with {_TARGET},? in (?:this |that )?order",
        rf"{_LABEL}{_TARGET} {MUST} (?:be )?(?:(?:spelled|spelt|formed|given|made)(?: out| up)? "
        rf"by|match|equal) {_LETTERS_OF_WORDS}",
        rf"{_LABEL}{_WORDS} {MUST} (?:have|carry) (?:as (?:their )?{_FIRST} letters"
        rf"|{_FIRST} letters (?:spelling|forming|equal to|that spell)) {_TARGET}",
        rf"{_LABEL}{_WORDS} {MUST} (?:form|make|be|spell) an acrostic (?:of|for) {_TARGET}",
    )
]
_PLUS = Pattern(r" ?\+ ?|,? (?:followed by|plus|and then|then) | and (?=those of )")
_AND = Pattern(r",? and |, ")
_JOINED = Pattern(
    r"(?:the )?(?:(?:concatenation|combination) of |string )(?P<list>.+)"
    r"|(?P<rest>.+?),? (?:(?:joined|concatenated|combined|put)(?: together)?(?: in (?:this"
    r"|that) order)?"
    r"|in (?:this|that) order)"
)
_ITEM = Pattern(
    rf"(?:(?:the )?initials|those(?= of)) ?(?:\( ?(?P<called>{ENTITY}) ?\)"
    rf"|of (?P<entity>{ENTITY.replace('?P<noun>', '?P<second>')}))"
)
_JOIN = Pattern(
    r"(?:take|join|concatenate|combine|string together) (?P<list>(?:the )?initials.+)[,;.:] "
    rf"(?:(?:and|then) )*(?P<main>(?:the )?(?:{_FIRST}|initials) [^,;.:]+) (?:the result(?:ing "
    r"string)?|that|this|(?:this|that) string)"
)
_NUMBERED = r"(?:(?:questions? )?q?\d{1,4})"
_OF_SEVERAL = Pattern(
    r"(?:the )?(?P<joined>(?:combined|concatenated|joined) )?initials of "
    rf"(?:the answers to )?(?P<list>{_NUMBERED}(?:, {_NUMBERED})*,? and {_NUMBERED})"
)
_LETTER = re.compile(r"[^\W\d_]")
_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HYPHENS = re.compile("[-‐‑–—−/]")
_PARTICLES = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "in",
        "on",
        "a",
        "an",
        "&",
        "de",
        "du",
        "des",
        "del",
        "della",
        "di",
        "da",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "y",
        "e",
        "et",
        "und",
    ]
)
_WORD = re.compile(r"[^ ]+")


@dataclass(frozen=True)
class Acrostic(Constraint):
    """The first letters of the first words spell the first letters of the answers' initials."""

    words: int
    letters: int
    questions: tuple[int, ...]
    """Whose answers' initials are joined, in this order."""

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The answers."""
        return tuple(map(Answer, self.questions))

    def text_of(self, values: Sequence[Any]) -> str | None:
        """Return the upper-case letters that the first words must spell.

        None if they depend on what initials are: those of `Smith-Jones & Co`, or `Bank of Nara`.
        """
        found = {
            "".join([initials(name) for name in values])[: self.letters].upper()
            for initials in _WAYS_TO_TAKE_INITIALS
        }
        return found.pop() if len(found) == 1 else None

    def holds(self, artifact: str, text: str) -> bool:
        """Return whether the first words spell the letters."""
        return "".join([word[0] for word in words_of(artifact)[: self.words]]).upper() == text

    def is_doubtful(self, artifact: str, text: str) -> bool:
        """Return whether padding, blanks, marks, hyphens or accents decide."""
        if not text.isalpha() or len(text) > self.letters:
            return True  # a mark, a digit, or a letter that is two in upper case
        holds = self.holds(artifact, text)
        plain_text = without_accents(text)
        for reading in readings_of(artifact):
            if self.holds(reading, text) != holds:
                return True
            for words in (words_of(reading), words_of(_HYPHENS.sub(" ", reading))):
                letters = [_LETTER.search(word) for word in words]
                first = [letter.group() for letter in letters if letter][: self.words]
                if (without_accents("".join(first).upper()) == plain_text) != holds:
                    return True
        return False

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the first letters."""
        for word, _ in zip(_WORD.finditer(artifact), text, strict=False):
            yield word.start(), word.start() + 1

    def breaking_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the first letters that are others."""
        for word, letter in zip(_WORD.finditer(artifact), text, strict=False):
            if word.group()[0].upper() != letter:
                yield word.start(), word.start() + 1


def _initials(name: str) -> str:
    """Return the first character of each word of a name."""
    return "".join([word[0] for word in name.split()])


def _initials_of_parts(name: str) -> str:
    """Return the first letter of each word, and of each part of one with hyphens."""
    return "".join([word[0] for word in _PART.findall(name)])


def _initials_of_letters(name: str) -> str:
    """Return the first letter of each word that has one."""
    letters = [_LETTER.search(word) for word in name.split()]
    return "".join([letter.group() for letter in letters if letter])


def _initials_without_particles(name: str) -> str:
    """Return the first character of each word but `of`, `de` and the like."""
    return "".join([word[0] for word in name.split() if word not in _PARTICLES]) or _initials(name)


_WAYS_TO_TAKE_INITIALS = (
    _initials,
    _initials_of_parts,
    _initials_of_letters,
    _initials_without_particles,
)


def _read(text: str) -> Acrostic | None:
    text = plain(text)
    match = _JOIN.fullmatch(text)
    if match is not None:
        text = f"{match['main']} the concatenation of {match['list']}"
    for wording in _WORDINGS:
        match = wording.fullmatch(text)
        if match is not None:
            groups = match.groupdict()
            listed = groups.get("listed")
            words = number_of(
                groups["words"]
                or groups.get("owners")
                or (listed[-1] if listed else groups["last"])
            )
            letters = number_of(match["letters"]) if match["letters"] else words
            questions = _questions(match["target"])
            return Acrostic(words, letters, questions) if questions and words == letters else None
    return None


def _questions(target: str) -> tuple[int, ...]:
    """Return the questions whose answers' initials are joined; none if that is unclear."""
    target = with_plain_questions(target.strip(" ,"))
    if target.startswith("(") and target.endswith(")"):
        target = target[1:-1]
    joined = _JOINED.fullmatch(target)
    if joined is not None:
        target = joined["list"] or joined["rest"]
    several = _OF_SEVERAL.fullmatch(target)
    if several is not None:
        is_clear = joined is not None or several["joined"]
        return tuple(map(int, re.findall(r"\d+", several["list"]))) if is_clear else ()
    items = _PLUS.split(target)
    if len(items) == 1 and joined is not None:
        items = _AND.split(target)
    questions = []
    for item in items:
        match = _ITEM.fullmatch(item)
        question = question_in(match["called"] or match["entity"]) if match else None
        if question is None:
            return ()
        questions.append(question)
    return tuple(questions)


KIND = Kind("acrostic", "initials", _read)
