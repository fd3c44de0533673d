"""A kind of constraint that asks for a last word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind

_WORDING = re.compile(r"must end with the word \"(?P<word>\w{1,40})\"\.?", re.IGNORECASE)


@dataclass(frozen=True)
class LastWord(Constraint):
    """A word that comes last."""

    word: str

    def text_of(self, values: Sequence[Any]) -> str:
        """Return the word."""
        return self.word

    def holds(self, artifact: str, text: str) -> bool:
        """Return whether the last word is this one."""
        return artifact.rpartition(" ")[2] == text

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield the last word."""
        yield artifact.rfind(" ") + 1, len(artifact)

    breaking_spans = keeping_spans


def _read(text: str) -> LastWord | None:
    match = _WORDING.fullmatch(text)
    return LastWord(match["word"]) if match else None


LAST_WORD = Kind("last_word", "end with the word", _read)
