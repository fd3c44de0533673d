"""`word_count`: exactly this many words, in a single line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind
from botcoin_dpo.constraints.wording import FLAGS, NUMBER, number_of

_WORDING = re.compile(
    rf"(?:(?:must|please|write|use|have|contain|be|answer|with|in|of) ){{0,4}}exactly "
    rf"(?P<words>{NUMBER}) words(?:[.,;]?(?: (?:in|on))?(?: (?:a|one))? single line)?\.?",
    FLAGS,
)
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")


@dataclass(frozen=True)
class WordCount(Constraint):
    """Exactly this many words, in a single line."""

    words: int

    def text_of(self, values: Sequence[Any]) -> str:
        """Return the number of words."""
        return str(self.words)

    def holds(self, artifact: str, text: str) -> bool:
        """Return whether an artifact is one line of this many words."""
        return len(words_of(artifact)) == self.words and _LINE_BREAK.search(artifact) is None

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield nothing: all words together keep it."""
        return iter(())


def words_of(artifact: str) -> list[str]:
    """Return the words: what spaces separate."""
    return [*filter(None, artifact.split(" "))]


def _read(text: str) -> WordCount | None:
    match = _WORDING.fullmatch(text)
    return WordCount(number_of(match["words"])) if match else None


KIND = Kind("word_count", "words", _read)
