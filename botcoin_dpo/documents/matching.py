"""Whether a number of a sentence is that of an attribute."""

from typing import Literal

from botcoin_dpo.documents.attribute import Attribute
from botcoin_dpo.documents.figures import Figure, Phrase
from botcoin_dpo.documents.vocabulary import COUNTS, GENERIC, MONEY, SHARES

Match = Literal["full", "partial", "none"]

_PARTICIPLES = frozenset({"sold", "built", "held", "serv", "made", "grown", "kept", "used", "run", "drawn"})  # fmt: skip
_YEARS = frozenset({"founded", "ipo", "complet"})


def match(attribute: Attribute, figure: Figure) -> Match:
    """Return how well the words beside a number fit an attribute, its quarter included."""
    if not attribute.words or figure.quarter != attribute.quarter:
        return "none"
    if attribute.quarter is None and figure.is_loose and figure.is_money:
        return "none"
    if attribute.units and figure.units and not attribute.units & figure.units:
        return "none"
    if attribute.words[0] in _YEARS and not _is_year(figure):
        return "none"
    sides = (_side(attribute, figure.left, is_left=True), _side(attribute, figure.right, False))
    if "full" in sides:
        return "full"
    if attribute.quarter is not None and not figure.is_percent:
        if _is_topic(attribute, figure):
            return "full"
        if "partial" in sides:
            return "partial"
        return "none"
    return "partial" if "partial" in sides else "none"


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


def _side(attribute: Attribute, phrase: Phrase, is_left: bool) -> Match:
    wanted = set(attribute.words)
    stems = [stem for stem in phrase.stems if stem not in GENERIC]
    if not stems or not wanted & set(stems):
        return "none"
    if attribute.is_count and SHARES & set(phrase.stems) and not SHARES & wanted:
        if not COUNTS & set(phrase.stems):
            return "none"
    if is_left:
        if stems[-1] not in wanted:
            return "none"
    else:
        last = max(place for place, stem in enumerate(phrase.stems) if stem in wanted)
        if not all(
            stem in GENERIC or _is_verb(word)
            for stem, word in zip(phrase.stems[last + 1 :], _tail(phrase, last + 1), strict=True)
        ):
            return "none"
    if wanted <= set(stems):
        return "full"
    missing = [word for word in attribute.words if word not in stems]
    extra = [stem for stem in stems if stem not in wanted]
    is_head = attribute.words[-1] in stems or all(word in _PARTICIPLES for word in missing)
    if extra or not is_head or len(missing) > 1 or attribute.words[0] in _YEARS:
        return "none"
    return "partial"


def _tail(phrase: Phrase, first: int) -> list[str]:
    """Return the words of a phrase from a stem on; words with hyphens have several stems."""
    words = [part for word in phrase.words for part in word.replace("–", "-").replace("/", "-").split("-") if part]  # fmt: skip
    return words[first:]


def _is_verb(word: str) -> bool:
    return word.endswith(("ed", "s")) and len(word) > 4


def _is_topic(attribute: Attribute, figure: Figure) -> bool:
    """Return whether the sentence is about the attribute, and nothing beside the number says else."""
    wanted = set(attribute.words)
    beside = {*figure.left.stems, *figure.right.stems} - GENERIC
    if attribute.words == ("revenue",) and figure.is_money or figure.scale == 10**6:
        if attribute.words == ("revenue",) and not MONEY & figure.topic:
            return True
    right = set(figure.right.stems) - GENERIC
    missing = wanted - figure.topic
    if missing - _PARTICIPLES or missing == wanted:
        return False
    return not right or right <= wanted or bool(beside & wanted)
