"""`word_count`: exactly this many words, in a single line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind
from botcoin_dpo.constraints.number_words import NUMBER, number_of
from botcoin_dpo.constraints.wording import FLAGS, MUST, WHERE, plain

_EXACTLY = r"(?:exactly|precisely|strictly)"
_COUNT = (
    rf"(?:(?:{_EXACTLY} )?(?:a total of )?|a total of {_EXACTLY} )(?P<words>{NUMBER})"
    r"(?: \((?P<again>\d{1,9})\))?[- ]words?"
    rf"(?: (?:{_EXACTLY}|in total|in length|long|altogether|overall))*"
)
_NO_MORE_NO_LESS = (
    r"(?:(?:no|not|neither|nothing|not one)(?: word)? (?:more|fewer|less)(?:,| -)?(?: (?:and|but))? "
    r"(?:no|not|nor|nothing|not one)(?: word)? (?:more|fewer|less))"
)
_LINE = (
    r"(?:(?:(?:all|everything) )?(?:(?:in|on|as|to|within|into) )?(?:(?:a|one|the same|just one) )?"
    r"(?:single[- ]line|line)(?: only)?|one-line(?: only)?"
    r"|(?:with )?(?:no|without(?: any)?) (?:line ?breaks?|newlines?|breaks))"
)
_BLANKS = (
    r"(?:words (?:are|being) )?(?:separated|split|delimited) (?:by|on|at) "
    r"(?:a )?(?:single )?(?:spaces?|blanks?|whitespace)"
)
_LABEL = r"(?:(?:word|total)[- ]count|length|(?:total )?(?:number of )?words|count)"
_CONTAIN = (
    r"(?:be|have|contain|consist of|be made (?:up )?of|be composed of|comprise|total|number|use|count"
    r"|span|include|hold|write|answer(?: with| in)?|respond (?:with|in)|reply (?:with|in)|produce"
    r"|compose|output|create|give|provide|craft)"
)
_THING = (
    rf"(?:(?:an?|one|the|your) (?:(?:single|one)[- ])?(?:line )?(?:{WHERE[WHERE.index('(?:artifact'):]}) )?"
    r"(?:of|with|containing|consisting of|that is|made of|in)? ?"
)
_HEAD = (
    rf"(?:please )?(?:(?:keep|put) (?:{WHERE}|it) (?:all )?{_LINE} and )?"
    rf"(?:(?:{WHERE}|it|you|the line)(?: {MUST}|:) ?)?(?:{MUST} )?(?:{_CONTAIN} )?{_THING}"
)
_TAILS = rf"(?:[.,;:]? ?\(?(?:{_NO_MORE_NO_LESS}|(?:it (?:must|should) be )?{_LINE}|{_BLANKS})\)?)*"
_WORDINGS = (
    re.compile(rf"{_HEAD}(?:{_NO_MORE_NO_LESS} than )?{_COUNT}{_TAILS}", FLAGS),
    re.compile(rf"{_HEAD}(?:(?:a|the) )?word count of (?:{_EXACTLY} )?(?P<words>{NUMBER}){_TAILS}", FLAGS),
    re.compile(
        rf"(?:the |its )?{_LABEL}(?: ?[:=]| is| {MUST}(?: be| equal)?)? ?(?:equal to |equals? )?"
        rf"(?:{_EXACTLY} )?(?P<words>{NUMBER})(?: \((?P<again>\d{{1,9}})\))?(?: words?)?{_TAILS}",
        FLAGS,
    ),
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
    text = plain(text)
    for wording in _WORDINGS:
        match = wording.fullmatch(text)
        if match is not None:
            words = number_of(match["words"])
            again = match.groupdict().get("again")
            return WordCount(words) if again is None or int(again) == words else None
    return None


KIND = Kind("word_count", "word", _read)
