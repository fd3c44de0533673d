"""`forbidden_letter`: a letter that must not occur."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botcoin_dpo.constraints.constraint import Constraint, Kind
from botcoin_dpo.constraints.doubts import CASES
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.wording import MUST, WHERE, plain

_QUOTED = r"(?P<letter>(?<![\w'\"])[^\W\d_](?![\w'\"])|(?P<mark>[\"'])[^\W\d_](?P=mark)(?!\w))"
_AGAIN = (
    r"(?: ?(?:or|and|nor|/|,)(?: its)?(?: (?:capital|upper[- ]?case))? ?[\"']?"
    r"(?P<again>[^\W\d_])[\"']?(?!\w))?"
)
_NAMED = r"(?:(?:the |any |an? )?(?P<named>letters?|characters?) )?"
_USE_OF = (
    r"(?:(?:the |any |all |every )?(?:uses?|occurrences?|instances?|appearances?) of |using )?"
)
_LETTER = rf"{_USE_OF}{_NAMED}{_QUOTED}{_AGAIN}"
_UPPER_OR_LOWER = r"(?:upper[- ]?(?:case)?|capitals?|lower[- ]?(?:case)?|small)"
_CASE = (
    r"(?:(?:in )?(?:either|any|both) (?:cases?|form)|case[- ]insensitive(?:ly)?"
    r"|(?:regardless|irrespective) of (?:the |its )?case|ignoring (?:the )?case|whatever the case"
    r"|(?:in )?(?:whether |neither |either |both |be it )?(?:in )?"
    rf"{_UPPER_OR_LOWER}(?: ?(?:or|and|nor|/) ?)(?:in )?{_UPPER_OR_LOWER}(?: letters?| form)?)"
)
_PLACE = (
    rf"(?:anywhere|at all|entirely|completely|(?:anywhere )?(?:in|from|within"
    rf"|throughout) {WHERE}|throughout"
    rf"|in any word|in it)"
)
_TAILS = rf"(?P<tails>(?:(?:,| -)? ?(?:\({_CASE}\)|{_CASE}|{_PLACE}))*)"
_NOT = (
    r"(?:(?:must|do|does|may|should|shall|can|will|is to|are to)(?: not|n't)|(?:is|are) not to"
    r"|(?:is|are) (?:forbidden|prohibited|banned) (?:to|from)|cannot|never"
    r"|(?:must|should|may) never|(?:is|are) not (?:allowed|permitted) to)"
)
_USE = r"(?:contain|include|use|have|feature|employ|show|write|using|containing|including)"
_AVOID = (
    r"(?:banish|ban|eliminate|avoid(?: using| any use of| the use of)?|refrain from(?: using)?"
    r"|leave out|omit|exclude"
    r"|do without|lack|be (?:free (?:of|from)|devoid of)|be without|write without(?: using)?"
    r"|be written without"
    r"|steer (?:well )?clear of|dispense with|eschew|shun|stay away from"
    rf"|write (?:it|{WHERE}) without(?: using)?)"
)
_APPEAR = r"(?:appear|occur|be (?:used|present|included|there|found)|show up)"
_NEVER_APPEARS = r"(?:never (?:appears|occurs|is used)|is never used)"
_WORDS_WITH = r"words? (?:that contains?|which contains?|containing|with)"
_FORBIDDEN = (
    r"(?:(?:is|are) )?(?:both )?(?:(?:strictly|absolutely|completely|entirely|simply) )?"
    r"(?:forbidden|banned|prohibited|not allowed|not permitted|disallowed"
    r"|off[- ]limits|out of bounds|verboten|taboo"
    r"|not to (?:be used|appear|occur)|to be (?:avoided|omitted|left out)"
    rf"|invalidates (?:{WHERE}|it)|has no place(?= (?:in|within) {WHERE}))"
)
_WORDINGS = [
    Pattern(pattern)
    for pattern in (
        rf"(?:(?:{WHERE}|it|you) )?{_NOT} {_USE} {_LETTER}{_TAILS}",
        rf"(?:please )?(?:(?:{WHERE}|it|you|every word"
        rf"|all words) )?(?:{MUST} )?(?:(?:completely|entirely) )?{_AVOID} {_LETTER}{_TAILS}",
        rf"(?:(?:{WHERE}|it|you|there) )?(?:{MUST} )?(?:(?:be|contains?|includes?|uses?|has"
        rf"|have) )?"
        rf"(?:absolutely )?(?:no|zero|neither|not (?:a|one)(?: single)?) {_LETTER}"
        rf"(?: (?:may|must|should|can|shall|is to) {_APPEAR}| (?:(?:is|are) )?(?:allowed"
        rf"|permitted))?{_TAILS}",
        rf"{_LETTER}(?: {_PLACE}|,? ?\({_CASE}\)|,? {_CASE},?)?(?: -|:)? (?:{_NOT} {_APPEAR}"
        rf"|{_NEVER_APPEARS}"
        rf"|{_FORBIDDEN}"
        rf"|{MUST} be (?:(?:completely|entirely|wholly) )?(?:absent|avoided|omitted|left out"
        rf"|excluded)){_TAILS}",
        rf"{_NOT} let {_LETTER} {_APPEAR}{_TAILS}",
        rf"{_LETTER}[:;,] (?:(?:do not|never) (?:use|include|write) it|avoid it)(?P<tails>)",
        rf"(?:keep|leave) {_LETTER} out(?: of (?:{WHERE}|it))?(?P<tails>)",
        rf"(?:under no circumstances|at no point|nowhere(?: in {WHERE})?) "
        rf"(?:may|must|should|can|shall) (?:{_LETTER} {_APPEAR}){_TAILS}",
        rf"(?:under no circumstances|at no point) (?:may|must|should|can|shall) (?:you|{WHERE}|it) "
        rf"{_USE} {_LETTER}{_TAILS}",
        rf"{_WORDS_WITH} {_LETTER} {_FORBIDDEN}{_TAILS}",
        rf"(?:(?:{WHERE}|it|you) )?{_NOT} {_USE} (?:any )?{_WORDS_WITH} {_LETTER}{_TAILS}",
        rf"(?:no words?(?: (?:in|of) {WHERE})?|none of the words(?: in {WHERE})?) (?:(?:may"
        rf"|must|should|can"
        rf"|shall) {_USE}|contains?"
        rf"|has|have|uses?|includes?)"
        rf" {_LETTER}{_TAILS}",
        rf"(?:written )?without(?: using| any use of)? {_LETTER}{_TAILS}",
        rf"(?:(?:{WHERE}|it|you|every word|all words) )?(?:{MUST} )?{_AVOID} (?:any |all |every )?"
        rf"{_WORDS_WITH} {_LETTER}{_TAILS}",
        rf"(?:(?:{WHERE}|it|you) )?(?:may|can) {_USE} (?:any|every) (?P<named>letter|character) "
        rf"(?:except|but|other than) {_QUOTED}(?P<again>)(?P<tails>)",
        rf"(?:not allowed|not permitted|forbidden|banned|prohibited|off limits): {_LETTER}{_TAILS}",
        rf"{_USE} no {_WORDS_WITH} {_LETTER}{_TAILS}",
        rf"{_QUOTED}(?P<again>) is an? (?P<named>(?:forbidden|banned|prohibited) letter){_TAILS}",
        rf"(?P<named>letter (?:ban|to avoid)): {_QUOTED}(?P<again>){_TAILS}",
        rf"(?:forbidden|banned|prohibited|disallowed|excluded)(?P<named> letter| character"
        rf"|: the letter)"
        rf"(?: is)?:? {_QUOTED}(?P<again>){_TAILS}",
    )
]


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

    def is_doubtful(self, artifact: str, text: str) -> bool:
        """Return whether accents, or letters without a pair in the other case, decide."""
        if artifact.isascii() and text.isascii():
            return False
        holds = self.holds(artifact, text)
        return any((fold(text) not in fold(artifact)) != holds for fold in CASES)

    def keeping_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield nothing: what keeps it is not there."""
        return iter(())

    def breaking_spans(self, artifact: str, text: str) -> Iterator[tuple[int, int]]:
        """Yield each place of the letter."""
        for place, character in enumerate(artifact):
            if text in character.lower():  # as the check does it
                yield place, place + 1


def _read(text: str) -> ForbiddenLetter | None:
    text = plain(text)
    for wording in _WORDINGS:
        match = wording.fullmatch(text)
        if match is None:
            continue
        letter, again = match["letter"].strip("\"'"), match["again"]
        if again and again.lower() != letter.lower():
            return None
        # Without the word and without a case, 'not "a"' might be a word.
        is_letter = match["named"] or again or "case" in match["tails"].lower()
        return ForbiddenLetter(letter) if is_letter else None
    return None


KIND = Kind("forbidden_letter", "", _read)
