"""How texts word an acrostic."""

import re

from botcoin_dpo.constraints.number_words import NUMBER, number_of
from botcoin_dpo.constraints.patterns import Pattern
from botcoin_dpo.constraints.references import ENTITY, question_in, with_plain_questions
from botcoin_dpo.constraints.wording import MUST, WHERE, plain

_FIRST = r"(?:first|initial|opening|leading)"
_LETTERS = rf"(?:{_FIRST} letters|initials)"
_LABEL = (
    rf"(?:(?:make sure|ensure)(?: that)? |in {WHERE}, )?"
    rf"(?:(?:{WHERE} |it )?(?:{MUST} )?(?:(?:begin|start|open) (?:{WHERE} |it )?with|contain"
    r"|include|form|make|write|create|use)? ?(?:an? )?(?:(?P<count>{NUMBER})-(?:word|letter) )?"
    r"acrostic(?: constraint| requirement| rule)?(?:[:,.;]| -| with| from| using)? "
    rf"|(?:begin|start|open|write|word) (?:{WHERE} |it )?(?:so|such) that "
    rf"|an acrostic {MUST} be (?:formed|made|used)[:,;] )?"
)
_WORDS = (
    rf"(?:(?:the|your|its) |{WHERE}'s )?{_FIRST} (?P<words>{NUMBER}) words"
    rf"(?: (?:of|in) (?:{WHERE}|it))?"
)
_LETTERS_OF = rf"(?:take )?(?:the )?(?:{_FIRST} letters? of (?:each of )?|initials of )"
_LETTERS_OF_WORDS = (
    rf"(?:{_LETTERS_OF}(?:{_WORDS}|words (?:1|one)(?: to |-| through )(?P<last>{NUMBER})"
    r"|words (?P<listed>1(?: and 2|, 2,? and 3|, 2, 3,? and 4)))"
    rf"|{_WORDS.replace('?P<words>', '?P<owners>')}(?:'|:|,) (?:the(?:ir)? )?{_LETTERS}"
    rf"|(?:the )?{_LETTERS}(?:,| -) {_WORDS.replace('?P<words>', '?P<later>')}:?"
    rf"|acrostic \({_WORDS.replace('?P<words>', '?P<within>')}\)[:,]? (?:the(?:ir)? )?{_LETTERS})"
)
_ORDER = (
    r"(?:when (?:combined|joined|(?:put|taken) together|read in order|read together)|(?:(?:read"
    r"|taken|put|joined) )?(?:together"
    r"|in sequence|in (?:this |that "
    r"|the same )?order))"
)
_UPPER = (
    r"(?:(?:all )?(?:in |as |converted to )?"
    r"(?:upper-?cased|upper[- ]?case(?: letters)?|capitals|capital letters|caps))"
)
_RESPECTIVELY = r",? (?:in (?:this |that )?order|respectively)"
_SPELL = (
    rf"(?:[,;:] (?:they|these|those|which|together) |, {_ORDER}, "
    rf"| )(?:{MUST}(?:, {_ORDER},)? )?(?:together )?(?:spells?(?: out)?|forms?|gives|yields?"
    rf"|match|equal|be (?:equal to|the same as|identical to)|correspond to|give|make|make up|be"
    rf"|read|=)(?:,? (?:{_ORDER}|{_UPPER}),?)? "
)
_INITIALS = r"initials ?(?:\(|of )"
_TARGET = (
    rf"(?:(?:the )?{_FIRST} (?P<letters>{NUMBER}) (?:letters|characters) of:? )?"
    rf"(?P<target>.*?{_INITIALS}.*?)(?:,? ?(?:{_UPPER}|\({_UPPER}\)))?"
)
_WORDINGS = [
    Pattern(pattern)
    for pattern in (
        rf"{_LABEL}(?:make |reading |taking "
        rf"|let )?(?:{_ORDER}, )?{_LETTERS_OF_WORDS}{_SPELL}{_TARGET}",
        rf"{_LABEL}(?:{_WORDS}|words (?:1|one)(?: to |-| through )(?P<last>{NUMBER})) {MUST} "
        rf"(?:start|begin)(?P<order>,? (?:respectively|in order),?)? with {_TARGET}(?(order)"
        rf"|{_RESPECTIVELY})",
        rf"{_LABEL}(?:start|begin) {_WORDS} with {_TARGET}{_RESPECTIVELY}",
        rf"{_LABEL}{_TARGET} {MUST} (?:be )?(?:(?:spelled|spelt|formed|given|made)(?: out| up)? "
        rf"by|match|equal|correspond to) {_LETTERS_OF_WORDS}",
        rf"(?:(?:{WHERE}|it) {MUST} )?(?:start|begin|open) (?:{WHERE} "
        rf"|it )?with (?P<words>{NUMBER}) words "
        rf"whose {_LETTERS}{_SPELL}{_TARGET}",
        rf"{_LABEL}{_WORDS} {MUST} (?:start|begin) with (?:the )?letters (?:that"
        rf"|which){_SPELL}{_TARGET}",
        rf"{_LABEL}{_WORDS} {MUST} (?:have|carry) (?:as (?:their )?{_FIRST} letters"
        rf"|{_LETTERS} (?:spelling|forming|matching|equal to|(?:that|which) (?:spell|form|give"
        rf"|equal)))"
        rf" {_TARGET}",
        rf"{_LABEL}{_WORDS} {MUST} (?:form|make|be|spell) an acrostic (?:of|for) {_TARGET}",
    )
]
_PLUS = Pattern(r" ?\+ ?|,? (?:followed by|plus|and then|then) | and (?=those of )")
_AND = Pattern(r",? and |, ")
_JOINED = Pattern(
    r"(?:the )?(?:(?:concatenation|combination)(?: of)? |string(?: formed by"
    r"| made of)? )(?P<list>.+)"
    r"|(?P<rest>.+?),? (?:(?:joined|concatenated|combined|put)(?: together)?(?: in (?:this"
    r"|that) order)?"
    r"|in (?:this|that) order)"
)
_ITEM = Pattern(
    rf"(?:(?:the )?initials|those(?= of)) ?(?:\( ?(?P<called>{ENTITY}) ?\)"
    rf"|of (?P<entity>{ENTITY.replace('?P<noun>', '?P<second>')}))"
)
_WORDS_GROUPS = ("words", "last", "listed", "owners", "later", "within", "count")
_JOIN = Pattern(
    r"(?:take|join|concatenate|combine|string together) (?P<list>(?:the )?initials.+)[,;.:] "
    rf"(?:(?:and|then) )*(?P<main>(?:the )?(?:{_FIRST}|initials) [^,;.:]+) (?:the result(?:ing "
    rf"string)?|(?:this|that)(?: string)?)(?P<tail> {MUST} [^,;.:]+)?"
)
_NUMBERED = r"(?:(?:questions? )?q?\d{1,4})"
_OF_SEVERAL = Pattern(
    r"(?:the )?(?P<joined>(?:combined|concatenated|joined) )?initials of "
    rf"(?:the answers to )?(?P<list>{_NUMBERED}(?:, {_NUMBERED})*,? and {_NUMBERED})"
)


def read_acrostic(text: str) -> tuple[int, int, tuple[int, ...]] | None:
    """Return how many words spell how many letters, and of which questions' answers.

    None if a text is no acrostic, or if it is unclear.
    """
    text = plain(text)
    match = _JOIN.fullmatch(text)
    if match is not None:
        text = f"{match['main']} the concatenation of {match['list']}{match['tail'] or ''}"
    for wording in _WORDINGS:
        match = wording.fullmatch(text)
        if match is not None:
            groups = {name: found for name, found in match.groupdict().items() if found}
            counts = {
                number_of(found.split(" ")[-1] if name == "listed" else found)
                for name, found in groups.items()
                if name in _WORDS_GROUPS
            }
            words = counts.pop()
            if counts:
                return None  # a three-word acrostic of the first two words
            letters = number_of(match["letters"]) if match["letters"] else words
            questions = _questions(match["target"])
            return (words, letters, questions) if questions and words == letters else None
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
