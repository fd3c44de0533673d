"""Invented proper names, put together from syllables."""

from collections.abc import Callable, Sequence

from botcoin_dpo.simulation.random_stream import RandomStream

_STARTS = str.split(
    """
Al Am An Ar Ash Bal Bel Bor Bran Cal Cam Cor Dar Del Dor Dun El Em Er Fal Fen Gal Gar Gor Hal
Har Hol Il Ing Is Jar Jem Jor Kal Ken Kor Lan Len Lor Mal Mar Mer Mor Nal Nev Nor Ol Or Os Pal
Per Pol Quen Ral Ren Ros Sal Sev Sol Tal Tam Tor Ul Um Ur Val Ver Vol Wal Wen Wil Yar Yel Zan
Zel Zor Bry Cle Dray Fro Gre Hy Jo Kry Lio Ma Nio Pri Quo Ry Sty Thra Vio Wy Za Bru Cro Dri Flo
Gla Io Jae Kle Lu My Nea Pla Rho Sca Tri Vae Whi Yo Zi
"""
)
_MIDDLES = str.split("a e i o u an en in or ar el il ad em ov")
_ENDS = str.split(
    "ba dra den fex gan kin la lis mar mon na nix ra rin ro sa ska tan tex tis va ven vik xa"
)
_PLACE_ENDS = str.split(
    "bridge burn bury cliff dale fell field ford gate ham holm mere mouth port stead ton wick worth"
)
_COUNTRY_ENDS = str.split("ania avia estan ia land ora una via")
_GIVEN_ENDS = str.split("a an e el en ia ina io is o on ra us")
_FAMILY_ENDS = str.split(
    "berg by dal ek enko er etti ford hoff ini ley man ova quist son stein ton wright"
)


def stem(rng: RandomStream) -> str:
    """Return the invented first word of a name: `Norelix`."""
    return rng.pick(_STARTS) + rng.pick(_MIDDLES) + rng.pick(_ENDS)


def place(rng: RandomStream) -> str:
    """Return the name of a town."""
    return rng.pick(_STARTS) + rng.pick(_PLACE_ENDS)


def country(rng: RandomStream) -> str:
    """Return the name of a country."""
    return rng.pick(_STARTS) + rng.pick(_COUNTRY_ENDS)


def given_name(rng: RandomStream) -> str:
    """Return a first name."""
    return rng.pick(_STARTS) + rng.pick(_GIVEN_ENDS)


def family_name(rng: RandomStream) -> str:
    """Return a last name."""
    return rng.pick(_STARTS) + rng.pick(_FAMILY_ENDS)


NAME_MAKERS: dict[str, Callable[[RandomStream], str]] = {
    "place": place,
    "country": country,
    "given_name": given_name,
    "family_name": family_name,
}
"""What makes up the values of an attribute, by what domains call it."""


def entity_names(rng: RandomStream, count: int, second_words: Sequence[str]) -> list[str]:
    """Return names of two words, no two with the same first word and none inside another."""
    names: dict[str, str] = {}
    while len(names) < count:
        first = stem(rng)
        if not any(first in other or other in first for other in names):
            names[first] = f"{first} {rng.pick(second_words)}"
    return list(names.values())


def misspelled(name: str, rng: RandomStream) -> str:
    """Return a name with two neighbouring letters of its first word swapped: a typing error."""
    first, _, rest = name.partition(" ")
    spots = [spot for spot in range(1, len(first) - 1) if first[spot] != first[spot + 1]]
    if not spots:
        return name
    spot = rng.pick(spots)
    swapped = first[:spot] + first[spot + 1] + first[spot] + first[spot + 2 :]
    return f"{swapped} {rest}" if rest else swapped
