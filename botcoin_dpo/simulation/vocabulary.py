"""Plain words for artifacts, by first letter, so that acrostics and fillers can be written."""

from functools import cache

from botcoin_dpo.simulation.random_stream import RandomStream

_WORDS = str.split(
    """
amber ancient arid autumn basil birch bold brisk calm candid cedar clever dawn deep distant
dusky early eastern ember even fair fern final frosty gentle golden grand green hazel high
humble hollow inland ivory indigo idle jade jolly just juniper keen kelp kind knotted lean linen
little lunar maple mellow mild modest narrow neat noble north oaken ochre open outer pale
patient plain proud qanat quaint quartz quick quiet rapid red river rural sage silent simple
steady tall tender tidal true ultra umber under upper vast velvet vivid violet warm west wide
winter xenial xeric xyloid xanthic yearly yellow yielding young zealous zenith zesty zonal
"""
)
_FILLERS = str.split(
    """
a and as at by for from in into is it near of off on over past so the then there through to
under with along among around before behind beside between beyond during inside toward until
upon within
"""
)


def word_for(letter: str, forbidden: str, rng: RandomStream) -> str:
    """Return a capitalised word that starts with a letter, without the forbidden one if it can."""
    return rng.pick(_starting_with(letter.lower(), forbidden.lower())).capitalize()


def filler(forbidden: str, rng: RandomStream) -> str:
    """Return a word that does not have the forbidden letter."""
    return rng.pick(_without(forbidden.lower()))


def word_with(letter: str, rng: RandomStream) -> str:
    """Return a word that has a letter."""
    return rng.pick(_with(letter.lower()))


@cache
def _starting_with(letter: str, forbidden: str) -> list[str]:
    words = [word for word in _WORDS if word[0] == letter]
    return [word for word in words if forbidden not in word] or words


@cache
def _without(forbidden: str) -> list[str]:
    return [word for word in (*_FILLERS, *_WORDS) if forbidden not in word]


@cache
def _with(letter: str) -> list[str]:
    return [word for word in (*_FILLERS, *_WORDS) if letter in word]
