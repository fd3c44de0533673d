"""`word_count`: exactly this many words, in a single line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind
from botcoin_dpo.constraints.doubts import readings_of
from botcoin_dpo.constraints.number_words import NUMBER, number_of
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.wording import ARTIFACT, MUST, WHERE, plain

_EXACTLY = r"(?:exactly|precisely|strictly|just|an exact)"
_AMOUNT = rf"(?P<words>{NUMBER})(?: \((?P<again>\d{{1,9}})\))?"
_WORDS = r"(?:(?:space|blank|whitespace)-separated )?words?"
_COUNT = (
    rf"(?:(?:{_EXACTLY} )?(?:a (?:total|length) of )?|a (?:total|length) of {_EXACTLY} )"
    rf"(?:{_AMOUNT}[- ]{_WORDS})(?: (?:{ARTIFACT}))?"
    rf"(?:,? (?:{_EXACTLY}|in total|in length|long|altogether|overall|all told))*"
)
_NO = r"(?:no|not|neither|nor|nothing|not one)"
_NO_MORE_NO_LESS = (
    rf"{_NO}(?: word)? (?:more|fewer|less)(?:,| -)?(?: (?:and|but))? {_NO}(?: word)? "
    r"(?:more|fewer|less)|not (?:one|a word) (?:more|over)(?:,| -)?(?: (?:and|but|or))? "
    r"not (?:one|a word) (?:less|fewer|under)"
)
_LINE = (
    r"(?:(?!a line\b)(?:(?:all|everything) )?(?:(?:in|on|as|to|within|into) )?"
    r"(?:(?:a|one(?: \(1\))?|the same|just one) )?"
    r"(?:single[- ]line|line)(?: only)?|one-line(?: only)?"
    r"|(?:with )?(?:no|without(?: any)?) (?:line ?breaks?|newlines?(?: characters?)?|breaks)"
    r"(?: (?:allowed|permitted))?"
    r"|(?:line ?breaks?|newlines?(?: characters?)?) (?:are|is) (?:not (?:allowed|permitted)"
    r"|forbidden|prohibited))"
)
_ON_LINE = (
    rf"(?:(?:and )?(?:(?:it )?{MUST} )?(?:all )?(?:(?:fit|keep(?:ing)? it|be|stay|remain"
    rf"|written) )?{_LINE})"
)
_BLANKS = (
    r"(?:words (?:are|being) )?(?:separated|split|delimited) (?:by|on|at) "
    r"(?:a )?(?:single )?(?:spaces?|blanks?|whitespace)"
)
_CONTAIN = (
    r"(?:be|is|have|has|needs?|requires?|contains?|consist of|be made (?:up )?of|be composed of"
    r"|comprise"
    r"|total"
    r"|number|use|count|span|include|hold|write(?: me)?|generate|weigh in at"
    r"|(?:answer|respond|reply)(?: with| in)?|produce"
    r"|run to|count|come to|amount to|compose|output|create|give|provide|craft|construct|build"
    r"|form|draft|return|submit|deliver"
    r"|make (?:it|this)|keep (?:it|this) (?:to|at)|in)"
)
_THING = (
    rf"(?:(?:an?|one|the|your) (?:(?:single|one)[- ])?(?:line )?(?:{ARTIFACT} )?"
    r"(?:(?:of|with|containing|consisting of|comprising|(?:that|which) (?:is|has|contains)"
    r"|made of|in) )?)?"
)
_HEAD = (
    rf"(?:(?:please,? )?(?:{_LINE}[,;.:] |(?:keep|put|write) (?:{WHERE}|it) (?:all )?{_LINE} and )?"
    rf"(?:(?:(?:let )?(?:{WHERE}|it|you|there|this)(?: {MUST}|:)?"
    rf"|{MUST}) )?(?:always )?(?:{_CONTAIN} )?{_THING}"
    rf"|(?:(?:i|we)(?: (?:want|need|require|expect|would like)|'d like)|stick to"
    rf"|keep (?:it )?to(?= {_EXACTLY})"
    rf"|(?:limit|restrict|confine) (?:yourself|{WHERE}|it) to(?= {_EXACTLY})) {_THING})"
)
_TAILS = (
    rf"(?:[.,;:]?(?: -)? ?\(?(?:{_NO_MORE_NO_LESS}|{_ON_LINE}|{_BLANKS}|in (?:{WHERE})"
    rf"|please|pls|here|(?:is|are) (?:required|needed|allowed))\)?)*"
)
_OF_WORDS = (
    rf"(?:the |its |{WHERE}'s )?(?:exact |required |total )?"
    rf"(?:(?:total )?word[-_ ]?count|word (?:limit|length)(?=:? {_EXACTLY})|number of words"
    rf"|count of words|word total|words"
    rf"|count(?= ?[:=])|word budget(?=:? {_EXACTLY}))"
)
_SAYS = rf"(?: ?(?:[:=]|==)| is| {MUST}(?: be| equal)?)? ?(?:equal to |equals? )?"
_WORDINGS = (
    Pattern(rf"{_HEAD}(?:{_NO_MORE_NO_LESS} than )?{_COUNT}{_TAILS}"),
    Pattern(rf"{_HEAD}(?:(?:a|the) )?word count of (?:{_EXACTLY} )?{_AMOUNT}{_TAILS}"),
    Pattern(
        rf"(?:{_LINE}[,;.:] )?{_OF_WORDS}(?: (?:of|in) {WHERE})?{_SAYS}"
        rf"(?:{_EXACTLY} )?{_AMOUNT}(?: words?)?(?:,? \(?exact(?:ly)?\)?)?{_TAILS}"
    ),
    Pattern(
        rf"(?:the |its |{WHERE}'s )?(?:{ARTIFACT} )?length(?: of {WHERE})?{_SAYS}(?:{_EXACTLY} )?"
        rf"{_AMOUNT} words{_TAILS}"
    ),
    Pattern(
        rf"you (?:have|get) {_EXACTLY} {_AMOUNT} words (?:to work with|available|at your disposal)"
        rf"{_TAILS}"
    ),
    Pattern(
        rf"(?=.*\b(?:exactly|precisely|total)\b){_THING}{_COUNT} "
        rf"(?:{MUST} be (?:used|written|produced|given|provided|submitted|returned)"
        rf"|are permitted){_TAILS}"
    ),
)
_ALLOWED = Pattern(r" (?:is|are) allowed\b")
_PART = Pattern(
    rf"\b(?:contains?|includes?|has|have|holds?) (?:an?|one) (?:[\w-]+ ){{0,4}}?{ARTIFACT}\b"
)
_EXACT = Pattern(rf"\b{_EXACTLY}\b")
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

    def is_doubtful(self, artifact: str, text: str) -> bool:
        """Return whether padding, quotes, or blanks that are no single spaces decide."""
        holds = self.holds(artifact, text)
        if any(self.holds(reading, text) != holds for reading in readings_of(artifact)):
            return True
        # Some count the nothing between two spaces as a word.
        is_line = _LINE_BREAK.search(artifact) is None
        return ("  " in artifact or artifact != artifact.strip(" ")) and (
            (len(artifact.split(" ")) == self.words and is_line) != holds
        )

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield nothing: all words together keep it."""
        return iter(())


def words_of(artifact: str) -> list[str]:
    """Return the words: what spaces separate."""
    return [*filter(None, artifact.split(" "))]


def _read(text: str) -> WordCount | None:
    text = plain(text)
    if _ALLOWED.search(text) and not _EXACT.search(text):
        return None  # fewer may be allowed, too
    if _PART.search(text):
        return None  # other words may stand beside a sentence of this many
    for wording in _WORDINGS:
        match = wording.fullmatch(text)
        if match is not None:
            words = number_of(match["words"])
            again = match.groupdict().get("again")
            return WordCount(words) if again is None or int(again) == words else None
    return None


KIND = Kind("word_count", "word", _read)
