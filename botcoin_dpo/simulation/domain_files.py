"""Reads domains from TOML; refuses one with the file, the key and what is wrong with it."""

import re
from functools import cache
from pathlib import Path

import msgspec

from botcoin_dpo.errors import InputError
from botcoin_dpo.files.named_files import reading
from botcoin_dpo.simulation.domain import Domain
from botcoin_dpo.simulation.domain_checks import find_problem

_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`")
_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?", re.DOTALL)


@cache
def built_in_domains() -> dict[str, Domain]:
    """Return the domains of `domains/` by name, in the order in which challenges take them."""
    domains = map(read_domain, Path(__file__).with_name("domains").glob("*.toml"))
    return {each.name: each for each in sorted(domains, key=lambda each: (each.order, each.name))}


def read_domain(file: Path) -> Domain:
    """Return the domain in a TOML file.

    Raises:
        InputError: the file cannot be read, or is no domain.
    """
    with reading(file, "name a TOML file with a domain") as opened:
        data = opened.read()
    try:
        return decode_domain(data.decode(), str(file))
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8") from error


def decode_domain(text: str, source: str) -> Domain:
    """Return the domain in a text of TOML, whose source messages name.

    Raises:
        InputError: the text is no domain.
    """
    try:
        domain = msgspec.toml.decode(text, type=Domain)
    except msgspec.ValidationError as error:
        raise InputError(f"{source}: {_in_words(str(error))}") from error
    except msgspec.DecodeError as error:
        raise InputError(f"{source}: is not TOML: {error}") from error
    problem = find_problem(domain)
    if problem is not None:
        raise InputError(f"{source}: {problem}")
    return domain


def _in_words(message: str) -> str:
    """Return what does not fit, the key first: `texts[0].colour: unknown key`."""
    match = _AT.fullmatch(message)
    assert match is not None
    what, where = match["what"], match["where"] or ""
    if field := _FIELD.fullmatch(what):
        what = "unknown key" if field[1] == "contains unknown" else "is missing"
        where = f"{where}.{field[2]}" if where else field[2]
    return f"{where}: {what[:1].lower()}{what[1:]}"
