"""The words that a reader of documents knows: synonyms, units, and words that cast doubt.

No domain is known here but what many share. Words are compared by their stems.
"""

import re
from functools import lru_cache

WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-–][^\W_]+)*")
"""A word, with what is joined to it by hyphens."""

_SUFFIXES = ("ion", "ing", "ed", "al", "es", "e", "s")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return what the forms of a lower-case word have in common, roughly."""
    word = word[:40]
    if word in _STEMS:
        return _STEMS[word]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for suffix in _SUFFIXES:
        if len(word) - len(suffix) >= 4 and word.endswith(suffix):
            word = word[: -len(suffix)]
            break
    return _STEMS.get(word, word)


PHRASES = (
    (r"debt[- ]to[- ]equity|\bd/e\b(?: ratio)?|leverage ratio(?: \(d/e\))?|leverage(?: \(d/e\))?", "lev"),
    (r"top[- ]line", "revenue"),
    (r"figures? of merit", "figure"),
    (r"head[- ]count", "headcount"),
    (r"half[- ]life", "halflife"),
    (r"chief executive(?: officer)?|managing director|president|co-ceo|founder & ceo", "ceo"),
    (r"set up in|traces its (?:origins|roots|beginnings) to|dates (?:from|back to)|goes back to", "founded"),
    (r"went public|listed since|initial public offering|go(?:ne)? public", "ipo"),
    (r"principal investigator|lead researcher|under the direction of", "researcher"),
)  # fmt: skip
"""What is written in several words, and the one word that it is read as, never longer."""

_STEMS: dict[str, str] = {}
_GROUPS = (
    "employees employee headcount staff staffing workers worker workforce personnel payroll",
    "leverage lev gearing",
    "revenue revenues sales turnover",
    "founded founding foundation established establishment",
    "satisfaction satisfied",
    "distance away",
    "ceo ceos",
    "city cities town",
    "headquarters headquarter hq headquartered seat",
    "licence license",
    "runtime run-time",
    "completed completion complete",
    "downloads download",
    "approach method technique",
    "source origin",
    "researcher investigator",
)
for _group in _GROUPS:
    for _word in _group.split():
        _STEMS[_word] = _group.split()[0]

GENERIC = frozenset(
    stem(word)
    for word in """count number total value level figure rate ratio score rating index metric amount
    quantity year date model type current reported overall exact annual full used credited tested
    numbers name kind class group out""".split()
)
"""Words that names of attributes have or lack without meaning another attribute."""

KINDS = frozenset(stem(word) for word in ("model", "type", "kind", "class"))
"""Those of them that stand beside texts: `slate type`, `the earthfill class`."""

SHARES = frozenset(stem(word) for word in ("rate", "ratio", "share", "percentage", "fraction"))
COUNTS = frozenset(stem(word) for word in ("count", "number", "total"))

EMPTY = frozenset("the of a an in for on to and per by at from its with s is was".split())

_UNIT_GROUPS = (
    "seconds second sec secs", "minutes minute min mins", "hours hour hr hrs", "days day",
    "weeks week", "months month", "kilograms kilogram kg", "grams gram", "tonnes tonne tons ton",
    "metres metre meters meter m2 m3 m² m³", "kilometres kilometre kilometers kilometer km km2 km²",
    "millimetres millimetre millimeters millimeter mm", "centimetres centimetre cm",
    "nanometres nanometre nanometers nanometer nm", "parsecs parsec pc", "kelvin kelvins",
    "celsius °c", "volts volt", "gb gigabytes gigabyte gib", "mb megabytes megabyte",
    "hertz hz", "khz kilohertz", "mw megawatts megawatt", "kw kilowatts", "percent % pct",
    "degrees degree", "dollars dollar usd", "mah/g mah", "u/mg units unit", "litres litre liters liter",
    "mm³ ml", "millimolar", "crowns crown", "hectares hectare ha", "points point", "gpa mpa",
)  # fmt: skip
UNITS: dict[str, str] = {w: group.split()[0] for group in _UNIT_GROUPS for w in group.split()}
"""Units, each with the one spelling that it is compared in."""

SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "millions": 10**6, "billion": 10**9,
    "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "k": 1000,
}  # fmt: skip

MONEY = frozenset(stem(w) for w in "profit income cost costs debt loss losses dividend budget spending expenses capital funding price fee wage wages assets".split())  # fmt: skip
"""Nouns of money that is no revenue."""

EMPLOYING = frozenset(stem(w) for w in "employs employees roster rolls books hires team".split())
"""Words by which people are employees."""

SHOWING = frozenset(
    stem(w)
    for w in """saw posted recorded brought booked earned took yielded generated reported closed
    finished gave logged counted showed show shows list lists granted let takes made drew""".split()
)
"""Verbs before a number that leave open what it is a number of."""

APPROXIMATE = frozenset(
    "about nearly roughly approximately around some almost just over under close to exactly an"
    " estimated".split()
)
"""Words that come between a number and what it is a number of."""

CONNECTORS = frozenset(
    """of at is was are were be = : reached reaches reach stands stood measures measured numbers
    totals totalled totaled evaluates evaluated equals came comes in as set remains amounted amounts to being has gives
    put fixed""".split()
)
"""Words that join a noun before a number to it."""

BREAKS = frozenset(
    """and or but with while then whereas the a an its their his her this that these those which who
    has have had in on for from by to into across over under through using per at as of is was
    are were where when after before against than also not it he she they we i if both during
    between among about within without plus via until since""".split()
)
"""Words at which a noun phrase ends."""

_COMPARISON = (
    r"than|more|less|fewer|higher|lower|larger|smaller|longer|shorter|greater|sooner|lighter|heavier"
    r"|older|newer|stronger|weaker|faster|slower|happier|better|worse|leaner|bigger"
    r"|above|below|behind|ahead|beyond|north|south|apart"
    r"|exceed(?:s|ed|ing)?|trail(?:s|ed|ing)?|lag(?:s|ged|ging)?|lead(?:s|ing) by|surpass(?:es|ed)?"
    r"|out(?:pac|gr|earn|perform|strip|scor|s(?:old|ell))\w*|underperform\w*|short|shortfall|beat|beats"
    r"|gap|differ\w*|difference|differential|comparable|comparison|compar\w+|similar|equal"
    r"|match(?:es|ed)?|separated|twice|double|half|halved|tripled|favou?r\w*|versus|vs|relative"
    r"|edge|advantage|margin|surplus|deficit|extra|additional(?! metrics)|respectively"
)
_DOUBT = (
    r"if|would|could|might|may|should|perhaps|possibly|reportedly|allegedly|supposedly"
    r"|rumou?r\w*|gossip\w*|chatter|speculat\w+|hypothe\w+|scenario\w*|said|says?|claim\w*|thought"
    r"|believed?|suggest\w*|expect\w*|forecast\w*|project(?:ed|ion|ions|s)|plan(?:s|ned|ning)?|intend\w*"
    r"|target of|aim\w*|hope\w*|anticipat\w+|guidance|outlook|potential\w*|unconfirmed|unsigned"
    r"|unaudited|unverified|never|not|no|nobody|none|neither|nor|cannot|without|hardly|barely"
    r"|average|typical\w*|debate\w*|discuss\w*|recall\w*|memory of|told|hearsay|supposed|apparently"
    r"|initial\w*|early|earlier|former\w*|previous\w*|once|first (?:put|preparation|weighing|reported|estimate)"
    r"|prior|before|raw|uncurated|unnormali[sz]ed|old|original\w*|alternative|until|used to"
    r"|superse\w+|withdrawn|retract\w*|abandon\w*|corrected|revis\w+|amended|restated|replac\w+"
    r"|prelimin\w+|provisional\w*|pre-final|drafts?|tentative\w*|outdated|obsolete|erron\w+|mistak\w+"
    r"|wrong\w*|faulty|impure|misprint\w*|estimat(?:e|es|ion)|later|raised from|between|up to|at least"
    r"|at most|maximum of|minimum of|aside|unless|had .{1,60} been|alias|supposing|imagine\w*"
    r"|neighbou?rs?|commentary|attributed|confounding|leakage|simulat\w+ of"
)
_SUPERSEDED = (
    r"later (?:\w+ )?(?:superseded|withdrawn|retracted|corrected|revised|found|abandoned|discarded|replaced|rejected)"
    r"|(?:since|been|was|were) (?:superseded|withdrawn|retracted|abandoned|discarded)"
    r"|superseded (?:by|planning|draft|estimates?|figures?|values?|notes?)|withdrawn on|was abandoned"
)
_DRAFT = r"prelimin\w+|provisional\w*|pre-final|early drafts?|first drafts?|draft"
_FINAL = r"final\w*|filed|audited|confirm\w*|certified|corrected to|amended|supersedes?|replaces?|instead"
_RETRACTED = (
    r"(?:was|were|been|later|since|is) (?:\w+ )?(?:superseded|withdrawn|retracted|abandoned|discarded|corrected"
    r"|revised|attributed|faulty|wrong|rejected)|later found|never (?:\w+ )?confirmed|not reproduced"
    r"|in error|mistaken"
)


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

QUARTER = re.compile(
    r"(?<![\w-])(?:(?:the year's |the year’s )?(?:"
    r"(?P<a>q ?1|(?:first|1st|opening)[- ]quarter)|(?P<b>q ?2|(?:second|2nd|mid-year|mid-spring|follow-on)[- ]quarter|mid-year)"
    r"|(?P<c>q ?3|(?:third|3rd|late-year)[- ]quarter|late-year)"
    r"|(?P<d>q ?4|(?:fourth|4th|closing|final|last|year-end)[- ]quarter|year-end)))(?:'s|’s)?(?![\w-])",
    re.IGNORECASE,
)
"""A quarter of the year."""
ORDINAL = re.compile(r"(?<=in the )(first|second|third|fourth|final)(?= ?(?:[,;.(]|and\b|$))", re.IGNORECASE)  # fmt: skip
"""A quarter by its number alone, in a list of them."""
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
QUARTERLY = re.compile(
    r"quarterly|per quarter|each quarter|four quarters|quarter by quarter|by quarter", re.IGNORECASE
)
"""Says that four numbers in a row are those of the quarters."""
