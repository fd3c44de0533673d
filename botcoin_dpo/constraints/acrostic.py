"""`acrostic`: the first letters of the first words spell initials of answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botcoin_dpo.constraints.acrostic_wording import read_acrostic
from botcoin_dpo.constraints.constraint import Answer, Constraint, Kind, Need
from botcoin_dpo.constraints.doubts import readings_of, without_accents
from botcoin_dpo.constraints.word_count import words_of

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
    asked = read_acrostic(text)
    return Acrostic(*asked) if asked else None


KIND = Kind("acrostic", "initials", _read)
