"""What a served page may be asked for: each request is checked, and nothing of it is a path.

Addresses are `/TOKEN/`, `/TOKEN/list`, `/TOKEN/ids` and `/TOKEN/pair`. Only who was given the token
knows it, so other users of the machine and other pages of the browser get nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from botcoin_dpo.viewing.list_query import COLUMNS, FILTERS, ListQuery

Value = TypeVar("Value")

MOST_IDS = 2_000
"""Ids of marked pairs in one request."""

_MOST_WORDS = 8
_MOST_OF_A_VALUE = 200
_NUMBER = re.compile(r"[0-9]{1,15}")
_PAIR_ID = re.compile(r"[0-9a-f]{16}")


class Refusal(Exception):
    """A request that is not answered."""

    def __init__(self, status: int, line: str) -> None:
        """Remember the HTTP status, and one line that says why."""
        super().__init__(line)
        self.status, self.line = status, line


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The page itself."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A part of the list of pairs."""

    query: ListQuery
    start: int


@dataclass(frozen=True, slots=True)
class IdsRequest:
    """The ids of all pairs of a list."""

    query: ListQuery


@dataclass(frozen=True, slots=True)
class PairRequest:
    """One pair."""

    wanted: int | str
    """Its number or its id."""


Request = PageRequest | ListRequest | IdsRequest | PairRequest


def parse_request(target: str, token: str) -> Request:
    """Return what an address asks for.

    Raises:
        Refusal: there is no such thing.
    """
    try:
        parts = urlsplit(target)
        given = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise Refusal(400, "no such query") from error
    empty, _, rest = parts.path.partition("/")
    told, _, name = rest.partition("/")
    is_known = compare_digest(told.encode(errors="replace"), token.encode())
    if parts.scheme or parts.netloc or empty or not is_known or rest == told:
        raise Refusal(404, "no such page")
    query = dict(given)
    if len(query) != len(given):
        raise Refusal(400, "a name is given twice")
    makers: dict[str, Callable[[dict[str, str]], Request]] = {
        "": lambda _: PageRequest(), "list": _list, "ids": lambda query: IdsRequest(_query(query)),
        "pair": _pair,
    }  # fmt: skip
    if name not in makers:
        raise Refusal(404, "no such page")
    request = makers[name](query)
    if query:
        raise Refusal(400, "no such filter")
    return request


def _list(query: dict[str, str]) -> ListRequest:
    start = query.pop("start", "0")
    if not _NUMBER.fullmatch(start):
        raise Refusal(400, "start: no such number")
    return ListRequest(_query(query), int(start))


def _pair(query: dict[str, str]) -> PairRequest:
    number, pair_id = query.pop("number", None), query.pop("id", None)
    if number is not None and pair_id is None and _NUMBER.fullmatch(number):
        return PairRequest(int(number))
    if pair_id is not None and number is None and _PAIR_ID.fullmatch(pair_id):
        return PairRequest(pair_id)
    raise Refusal(400, "no such number or id")


def _query(given: dict[str, str]) -> ListQuery:
    """Take what a list is asked for out of a query."""
    column, down = given.pop("sort", None), given.pop("down", "")
    if column is not None and column not in COLUMNS:
        raise Refusal(400, "sort: no such column")
    ids = given.pop("ids", None)
    listed = None if ids is None else tuple(ids.split(",") if ids else ())
    if len(listed or ()) > MOST_IDS or not all(map(_PAIR_ID.fullmatch, listed or ())):
        raise Refusal(400, "ids: no such ids")
    text = given.pop("q", "")
    filters = tuple((name, given.pop(name)) for name in FILTERS if name in given)
    _check_lengths({"q": text, **dict(filters)})
    words = tuple(text.split()[:_MOST_WORDS])
    return ListQuery(filters, words, listed, column, is_descending=bool(down))


def _check_lengths(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if len(value) > _MOST_OF_A_VALUE:
            raise Refusal(400, f"{name}: too long")
