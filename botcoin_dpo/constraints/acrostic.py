"""`acrostic`: the first letters of the first words spell initials of answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botcoin_dpo.constraints.constraint import Answer, Constraint, Kind, Need
from botcoin_dpo.constraints.word_count import words_of
from botcoin_dpo.constraints.wording import FLAGS, NUMBER, number_of

_WORDING = re.compile(
    rf"(?:acrostic: )?(?:the )?first letters of (?:the )?first (?P<words>{NUMBER}) words "
    rf"(?:must )?spell (?:out )?(?:the first (?P<letters>{NUMBER}) letters of )?"
    r"\(?(?P<target>initials ?\(q\d{1,4}\)(?: ?\+ ?initials ?\(q\d{1,4}\))*)\)?"
    r"(?:,? (?:uppercased|in upper ?case|in capitals))?\.?",
    FLAGS,
)
_QUESTION = re.compile(r"q(\d{1,4})", FLAGS)
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

    def text_of(self, values: Sequence[Any]) -> str:
        """Return the upper-case letters that the first words must spell."""
        return "".join(map(_initials, values))[: self.letters].upper()

    def holds(self, artifact: str, text: str) -> bool:
        """Return whether the first words spell the letters."""
        return "".join([word[0] for word in words_of(artifact)[: self.words]]).upper() == text

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
    """Return the upper-case first character of each word of a name."""
    return "".join([word[0] for word in name.split()]).upper()


def _read(text: str) -> Acrostic | None:
    match = _WORDING.fullmatch(text)
    if match is None:
        return None
    words = number_of(match["words"])
    letters = number_of(match["letters"]) if match["letters"] else words
    return Acrostic(words, letters, tuple(map(int, _QUESTION.findall(match["target"]))))


KIND = Kind("acrostic", "initials", _read)
