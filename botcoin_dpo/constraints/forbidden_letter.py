"""`forbidden_letter`: a letter that must not occur."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind
from botcoin_dpo.constraints.wording import FLAGS

_WORDING = re.compile(
    r"(?:must|do|may|should) not (?:contain|include|use) the letter [\"'“‘](?P<letter>\w)[\"'”’]"
    r"(?: anywhere)?(?: \((?:case-insensitive|in either case)\))?\.?",
    FLAGS,
)


@dataclass(frozen=True)
class ForbiddenLetter(Constraint):
    """A letter that must not occur, in either case."""

    letter: str

    def text_of(self, values: Sequence[Any]) -> str:
        """Return the letter, in lower case."""
        return self.letter.lower()

    def holds(self, artifact: str, text: str) -> bool:
        """Return whether an artifact does without the letter."""
        return text not in artifact.lower()

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield nothing: what keeps it is not there."""
        return iter(())

    def breaking_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield each place of the letter."""
        for place, character in enumerate(artifact):
            if text in character.lower():  # as the check does it
                yield place, place + 1


def _read(text: str) -> ForbiddenLetter | None:
    match = _WORDING.fullmatch(text)
    return ForbiddenLetter(match["letter"]) if match else None


KIND = Kind("forbidden_letter", "letter", _read)
