"""The words that a reader of documents knows: synonyms, units, and what joins a noun to a number.

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
    (r"debt[- ]to[- ]equity|\bd/e\b(?: ratio)?|leverage(?: ratio)?(?: \(d/e\))?", "lev",
     ("debt", "d/e", "leverage")),
    (r"top[- ]line", "revenue", ("top",)),
    (r"figures? of merit", "figure", ("merit",)),
    (r"head[- ]count", "headcount", ("head",)),
    (r"half[- ]life", "halflife", ("half",)),
    (r"chief executive(?: officer)?|managing director|president|co-ceo|founder & ceo", "ceo",
     ("chief", "director", "president", "ceo")),
    (r"set up in|traces its (?:origins|roots|beginnings) to", "founded", ("set up", "traces")),
    (r"dates (?:from|back to)|goes back to", "founded", ("dates", "goes")),
    (r"went public|listed since|initial public offering|go(?:ne)? public", "ipo",
     ("public", "listed")),
    (r"principal investigator|lead researcher|under the direction of", "researcher",
     ("principal", "lead", "direction")),
)  # fmt: skip
"""What is written in several words, the one word that it is read as, never longer, and letters
of which some stand in each way to write it."""

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
SYNONYMS = frozenset(_STEMS.values())
"""Stems that words have which do not start with them."""


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list of them."""
    return frozenset(text.split())


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a list of words."""
    return frozenset(map(stem, text.split()))


GENERIC = stems_of(
    """count number total value level figure rate ratio score rating index metric amount
    quantity year date model type current reported overall exact annual full used credited
    tested numbers name kind class group out"""
)
"""Words that names of attributes have or lack without meaning another attribute."""

KINDS = frozenset(stem(word) for word in ("model", "type", "kind", "class"))
"""Those of them that stand beside texts: `slate type`, `the earthfill class`."""

SHARES = frozenset(stem(word) for word in ("rate", "ratio", "share", "percentage", "fraction"))
COUNTS = frozenset(stem(word) for word in ("count", "number", "total"))

EMPTY = words_of("the of a an in for on to and per by at from its with s is was")

_UNIT_GROUPS = (
    "seconds second sec secs", "minutes minute min mins", "hours hour hr hrs", "days day",
    "weeks week", "months month", "kilograms kilogram kg", "grams gram", "tonnes tonne tons ton",
    "metres metre meters meter m2 m3 m² m³", "kilometres kilometre kilometers kilometer km km2 km²",
    "millimetres millimetre millimeters millimeter mm", "centimetres centimetre cm",
    "nanometres nanometre nanometers nanometer nm", "parsecs parsec pc", "kelvin kelvins",
    "celsius °c", "volts volt", "gb gigabytes gigabyte gib", "mb megabytes megabyte",
    "hertz hz", "khz kilohertz", "mw megawatts megawatt", "kw kilowatts", "percent % pct",
    "degrees degree", "dollars dollar usd", "mah/g mah", "u/mg units unit",
    "litres litre liters liter",
    "mm³ ml", "millimolar", "crowns crown", "hectares hectare ha", "points point", "gpa mpa",
)  # fmt: skip
UNITS = {word: group.split()[0] for group in _UNIT_GROUPS for word in group.split()}
"""Units, each with the one spelling that it is compared in."""

SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "millions": 10**6, "billion": 10**9,
    "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "k": 1000,
}  # fmt: skip

MONEY = stems_of(
    "orders order tax taxes subsidy grants damages profit income cost costs debt loss losses"
    " dividend budget spending expenses capital funding price fee wage wages assets"
)
"""Nouns of money that is no revenue."""

EMPLOYING = stems_of("employs employees roster rolls books hires team")
"""Words by which people are employees."""

CHANGING = words_of(
    """hired hires added adds cut cuts lost loses gained gains dismissed recruited acquired bought
    shed trained sent seeks wants lacks opened removed dropped transferred moved joined left
    fired borrowed donated ordered planned missing saved spent pays paid rose rises climbed
    jumped up down slid increased decreased grew shrank fell expanded contracted declined
    raised invested repaid"""
)
"""Verbs before a number of things that are not all that there are."""

SHOWING = stems_of(
    """saw put puts posted recorded brought booked earned took yielded generated reported closed
    finished gave logged counted showed show shows list lists granted let takes made drew"""
)
"""Verbs before a number that leave open what it is a number of."""

APPROXIMATE = words_of(
    """about nearly roughly approximately around some almost just over under close to exactly
    an estimated"""
)
"""Words that come between a number and what it is a number of."""

CONNECTORS = words_of(
    """of at is was are were be = : reached reaches reach stands stood measures measured
    numbers totals totalled totaled evaluates evaluated equals came comes in as set remains
    amounted amounts to being has gives put fixed"""
)
"""Words that join a noun before a number to it."""

BREAKS = words_of(
    """and or but with while then whereas the a an its their his her this that these those
    which who has have had in on for from by to into across over under through using per at
    as of is was are were where when after before against than also not it he she they we i
    if both during between among about within without plus via until since"""
)
"""Words at which a noun phrase ends."""
