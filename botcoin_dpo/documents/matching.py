"""Whether a number of a sentence is that of an attribute."""

from typing import Literal

from botcoin_dpo.documents.attribute import Attribute
from botcoin_dpo.documents.figures import Figure, Numbers, Phrase
from botcoin_dpo.documents.vocabulary import (
    CHANGING,
    COUNTS,
    EMPLOYING,
    GENERIC,
    MONEY,
    SHARES,
    SHOWING,
    stem,
    stems_of,
)

Match = Literal["full", "partial", "none"]

_VERBS = frozenset({"ran", "run", "came", "went", "was", "were", "is"})
_PEOPLE = stem("people")
_ANYBODY = frozenset({"firm", "company", "business"})
_YEARS = frozenset({"founded", "ipo", "complet"})


def may_match(attribute: Attribute, numbers: Numbers) -> bool:
    """Return False only if none of the numbers of a sentence can be the attribute's."""
    if not numbers.stems.isdisjoint(attribute.words):
        return True
    if attribute.words == ("revenue",):  # money of a quarter may be it without the word
        return attribute.quarter in numbers.quarters
    return "employees" in attribute.words and _PEOPLE in numbers.stems


def may_be_about(attribute: Attribute, numbers: Numbers) -> bool:
    """Return False only if `is_about` does so for all numbers of that quarter in a sentence."""
    if attribute.quarter is not None and attribute.quarter not in numbers.quarters:
        return False
    if attribute.words == ("revenue",):  # money may be it without the word
        return True
    return all(
        word in numbers.stems or (word == "employees" and _PEOPLE in numbers.stems)
        for word in attribute.words
        if word not in attribute.participles
    )


def match(attribute: Attribute, figure: Figure) -> Match:
    """Return how well the words beside a number fit an attribute, its quarter included."""
    if not attribute.words or figure.quarter != attribute.quarter:
        return "none"
    if figure.is_change:
        return "none"
    if attribute.quarter is None and figure.is_loose and figure.is_money:
        return "none"
    if attribute.units and figure.units and not attribute.units & figure.units:
        return "none"
    if attribute.words[0] in _YEARS and not _is_year(figure):
        return "none"
    people = "employees" if EMPLOYING & figure.topic else _PEOPLE
    sides = (
        _side(attribute, figure.left, people, is_left=True),
        "none" if _is_part(attribute, figure) else _side(attribute, figure.right, people, False),
    )
    if "full" in sides:
        return "full"
    if attribute.quarter is not None and not figure.is_percent:
        if _is_topic(attribute, figure):
            return "full"
        if "partial" in sides:
            return "partial"
        return "none"
    return "partial" if "partial" in sides else "none"


def is_about(attribute: Attribute, figure: Figure) -> bool:
    """Return whether the sentence of a number has all words of an attribute, and its unit."""
    is_money = figure.is_money or figure.scale == 10**6
    if attribute.words == ("revenue",) and is_money and not MONEY & figure.topic:
        return True
    if attribute.units and figure.units and not attribute.units & figure.units:
        return False
    wanted = {word for word in attribute.words if word not in attribute.participles}
    topic = figure.topic | ({"employees"} if _PEOPLE in figure.topic else frozenset())
    return bool(wanted) and wanted <= topic


def _is_part(attribute: Attribute, figure: Figure) -> bool:
    """Return whether what a number counts is no more than a part: 5% of."""
    return figure.is_percent and "percent" not in attribute.units


def is_beside_other(attribute: Attribute, figure: Figure) -> bool:
    """Return whether the words beside a number are those of some other attribute alone."""
    if figure.quarter is not None and attribute.quarter not in (None, figure.quarter):
        return True
    stems = {*figure.left.stems, *figure.right.stems} - GENERIC
    if figure.is_percent and "percent" not in attribute.units and not stems & set(attribute.words):
        return True
    if figure.is_loose or not stems:
        return False
    wanted = set(attribute.words)
    return not stems & wanted or bool(wanted - stems and stems - wanted)


def _is_year(figure: Figure) -> bool:
    return (
        isinstance(figure.value, int)
        and 1000 <= figure.value <= 2100
        and not (figure.units or figure.is_money or figure.scale > 1)
    )


def _side(attribute: Attribute, phrase: Phrase, people: str, is_left: bool) -> Match:
    if _PEOPLE in phrase.stems:
        phrase = Phrase(
            tuple(people if each == _PEOPLE else each for each in phrase.stems), phrase.words
        )
    wanted = set(attribute.words)
    stems = [root for root in phrase.stems if root not in GENERIC]
    if not stems or not wanted & set(stems):
        return "none"
    is_share = SHARES & set(phrase.stems) and not COUNTS & set(phrase.stems)
    if attribute.is_count and is_share and not SHARES & wanted:
        return "none"
    if is_left:
        if stems[-1] not in wanted:
            return "none"
    else:
        last = max(place for place, root in enumerate(phrase.stems) if root in wanted)
        if not all(
            root in GENERIC or _is_verb(word)
            for root, word in zip(phrase.stems[last + 1 :], _tail(phrase, last + 1), strict=True)
        ):
            return "none"
    if attribute.words[0] in _YEARS and set(stems) - _ANYBODY > wanted:
        return "none"  # a hospital established in 1901
    if wanted <= set(stems):
        return "full"
    missing = [word for word in attribute.words if word not in stems]
    extra = [root for root in stems if root not in wanted]
    if extra or missing != [word for word in attribute.participles if word in missing]:
        return "none"
    return "none" if attribute.words[0] in _YEARS else "partial"


def _is_sold(attribute: Attribute, figure: Figure) -> bool:
    """Return whether a number says how much was sold, in a sentence about nothing else."""
    things = {word for word in attribute.words if word != "revenue"}
    right = set(figure.right.stems)
    return (
        "sold" in figure.topic
        and things <= figure.topic
        and (right == things or not right)
        and not (figure.is_money or figure.is_percent or figure.is_loose or figure.scale > 1)
        and set(figure.left.stems) <= {"sold"}
        and (right == things or not figure.left.stems)
        and figure.topic.isdisjoint(_NOT_SOLD)
    )


_NOT_SOLD = stems_of(
    " ".join(CHANGING) + " unsold broken broke returned gave given made produced filled"
    " kept stored stocked price cost worth costs prices were per each"
)


def _tail(phrase: Phrase, first: int) -> list[str]:
    """Return the words of a phrase from a stem on; words with hyphens have several stems."""
    joined = "-".join(phrase.words).replace("–", "-").replace("/", "-")
    return [part for part in joined.split("-") if part][first:]


def _is_verb(word: str) -> bool:
    return word in _VERBS or (word.endswith("ed") and len(word) > 4)


def _is_topic(attribute: Attribute, figure: Figure) -> bool:
    """Return whether the sentence is about the attribute, and no word at the number differs."""
    wanted = set(attribute.words)
    if "revenue" in wanted and len(wanted) > 1 and _is_sold(attribute, figure):
        return True
    is_revenue = attribute.words == ("revenue",)
    is_money = figure.is_money or figure.scale == 10**6
    left = set(figure.left.stems) - GENERIC
    if is_revenue and is_money and not MONEY & figure.topic:
        return left <= SHOWING or "revenue" in figure.topic
    is_open = left <= SHOWING or (not is_revenue and all(map(_is_verb, figure.left.words)))
    is_beside = bool((left | set(figure.right.stems)) & wanted)
    if not (figure.is_money or figure.scale > 1 or is_open or is_beside):
        return False
    right = set(figure.right.stems) - GENERIC
    missing = wanted - figure.topic
    if missing - set(attribute.participles) or missing == wanted:
        return False
    return not right or right <= wanted or bool((left | right) & wanted)
