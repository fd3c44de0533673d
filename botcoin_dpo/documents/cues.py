"""What tells that a sentence does not simply state something, and the names of quarters."""

import re
from functools import lru_cache

_COMPARISON = (
    r"than|more|less|fewer|higher|lower|larger|smaller|longer|shorter|greater|sooner|lighter"
    r"|heavier"
    r"|older|newer|stronger|weaker|faster|slower|happier|better|worse|leaner|bigger"
    r"|above(?!\s+(?:the\s+|mean\s+)?sea\b)|below|behind|ahead|beyond|north|south|apart"
    r"|exceed(?:s|ed|ing)?|trail(?:s|ed|ing)?|lag(?:s|ged|ging)?|lead(?:s|ing) by|surpass(?:es|ed)?"
    r"|out(?:pac|gr|earn|perform|strip|scor|s(?:old|ell))\w*|underperform\w*"
    r"|short|shortfall|beat|beats"
    r"|gap|differ\w*|difference|differential|comparable|comparison|compar\w+|similar|equal"
    r"|match(?:es|ed)?|separated|twice|double|half|halved|tripled|favou?r\w*|versus|vs|relative"
    r"|edge|advantage|margin|surplus|deficit|extra|additional(?! metrics)|respectively"
)
_DOUBT = (
    r"if|will|wants?|next year|whose|rivals?|competitors?|peers?|industry(?:['’]s)?|target"
    r"|would|could|might|may|should|perhaps|possibly|reportedly|allegedly|supposedly"
    r"|rumou?r\w*|gossip\w*|chatter|speculat\w+|hypothe\w+|scenario\w*|said|says?|claim\w*|thought"
    r"|believed?|suggest\w*|expect\w*|forecast\w*|project(?:ed|ion|ions|s)|plan(?:s|ned|ning)?"
    r"|intend\w*"
    r"|target of|aim\w*|hope\w*|anticipat\w+|guidance|outlook|potential\w*|unconfirmed|unsigned"
    r"|unaudited|unverified|never|not|no|nobody|none|neither|nor|cannot|without|hardly|barely"
    r"|average|typical\w*|debate\w*|discuss\w*|recall\w*|told|hearsay|supposed|apparently"
    r"|initial\w*|early|earlier|former\w*|previous\w*|once"
    r"|first (?:put|preparation|weighing|reported|estimate)"
    r"|prior|before|raw|uncurated|unnormali[sz]ed|old|original\w*|alternative|until|used to"
    r"|superse\w+|withdrawn|retract\w*|abandon\w*|corrected|revis\w+|amended|restated|replac\w+"
    r"|prelimin\w+|provisional\w*|pre-final|drafts?|tentative\w*|outdated|obsolete|erron\w+"
    r"|mistak\w+"
    r"|wrong\w*|faulty|impure|misprint\w*|estimat(?:e|es|ion)|later|raised from|between|up to"
    r"|at least"
    r"|at most|maximum of|minimum of|aside|unless|had .{1,60} been|alias|supposing|imagine\w*"
    r"|neighbou?rs?|commentary|attributed|confounding|leakage|simulat\w+ of"
)
_SUPERSEDED = (
    r"later (?:\w+ )?(?:superseded|withdrawn|retracted|corrected|revised|found|abandoned|discarded"
    r"|replaced|rejected)"
    r"|(?:since|been|was|were) (?:superseded|withdrawn|retracted|abandoned|discarded)"
    r"|superseded (?:by|planning|draft|estimates?|figures?|values?|notes?)|withdrawn on"
    r"|was abandoned"
)
_DRAFT = r"prelimin\w+|provisional\w*|pre-final|early drafts?|first drafts?|draft"
_FINAL = (
    r"final\w*|filed|audited|confirm\w*|certified|corrected to|amended|supersedes?"
    r"|replaces?|instead"
)
_RETRACTED = (
    r"(?:was|were|been|later|since|is) (?:\w+ )?(?:superseded|withdrawn|retracted|abandoned"
    r"|discarded|corrected"
    r"|revised|attributed|faulty|wrong"
    r"|rejected)|later found|never (?:\w+ )?confirmed|not reproduced"
    r"|in error|mistaken"
)


DATED = re.compile(r"\s*(?:by|in|until|since|before|after) (?:1[5-9]|20)\d\d\b", re.IGNORECASE)
"""Opens a sentence about another time."""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


COMPARISON = _words(_COMPARISON)
"""Says that a sentence compares: its numbers are differences."""
DOUBT = _words(_DOUBT)
"""Says that a sentence does not simply state what is: nothing is read in it."""
SUPERSEDED = _words(_SUPERSEDED)
"""Says outright that the values of its sentence no longer hold."""
DRAFT = _words(_DRAFT)
"""Says the same, unless the sentence also speaks of what is final."""
FINAL = _words(_FINAL)
RETRACTED = _words(_RETRACTED)
"""Says that what stands before it in the paragraph may not hold."""

_PIECE = re.compile(r"[\w-]{1,24}")
_ODD_LETTERS = "ſİıK"


def _openings() -> tuple[str, ...]:
    """Return letters with one of which a word in any match of these patterns starts."""
    found = {"discard", "reject", "error"}  # of those that a group of other words opens
    for pattern in (_COMPARISON, _DOUBT, _DRAFT):
        depth = 0
        start = True
        for place, char in enumerate(pattern):
            if start and depth == 0:
                match = re.match(r"[a-z-]+", pattern[place:])
                letters = match[0] if match else ""
                is_loose = pattern[place + len(letters) :][:1] in ("?", "*")
                found.add(letters[:-1] if is_loose else letters)
            depth += (char == "(") - (char == ")")
            start = char == "|"
    return tuple(sorted(found))


_OPENINGS = _openings()


@lru_cache(maxsize=8192)
def _opens(piece: str) -> bool:
    return piece.startswith(_OPENINGS)


def is_plainly_spelled(text: str) -> bool:
    """Return whether a text has no letter that matches an ASCII one only where case is ignored."""
    return text.isascii() or not any(letter in text for letter in _ODD_LETTERS)


def may_doubt(text: str) -> bool:
    """Return False for most texts in which no pattern but `DATED` finds anything.

    A test by words takes a tenth of the time of all patterns.
    """
    if not is_plainly_spelled(text):
        return True
    return any(map(_opens, set(_PIECE.findall(text.lower()))))


HARMLESS = re.compile(
    r"^\s*(?:Founded|Established|Built|Opened)\s+in\s+\d{4},\s+(?:§|the\s+[a-z]{2,20}|it)\s+has"
    r"\s+never\s+[^\d;:]{2,60}$"
    r"|\b(?:that|which)\s+(?:is|are)\s+not\s+(?:described|detailed|shown|explained)"
    r"(?=(?:\s+(?:further|here))?[.,;])"
)
"""Denies nothing but its own clause, which has no number: `Founded in 1891, it has never moved`."""

QUARTER = re.compile(
    r"(?<![\w-])(?:(?:the year's |the year’s )?(?:"
    r"(?P<a>q ?1|(?:first|1st|opening)[- ]quarter)"
    r"|(?P<b>q ?2|(?:second|2nd|mid-year|mid-spring|follow-on)[- ]quarter|mid-year)"
    r"|(?P<c>q ?3|(?:third|3rd|late-year)[- ]quarter|late-year)"
    r"|(?P<d>q ?4|(?:fourth|4th|closing|final|last|year-end)[- ]quarter|year-end)))"
    r"(?:'s|’s)?(?![\w-])",
    re.IGNORECASE,
)
"""A quarter of the year."""
ORDINAL = re.compile(
    r"(?<=in the )(first|second|third|fourth|final)(?= ?(?:[,;.(]|and\b|$))", re.IGNORECASE
)
"""A quarter by its number alone, in a list of them."""
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
QUARTERLY = re.compile(
    r"quarterly|per quarter|each quarter|four quarters|quarter by quarter|by quarter", re.IGNORECASE
)
"""Says that four numbers in a row are those of the quarters."""
