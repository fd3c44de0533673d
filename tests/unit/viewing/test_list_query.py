"""What a list of a page asks for, as SQL: edges of filters, orders, and words."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from botcoin_dpo.viewing.list_facts import ListFacts, gap_class
from botcoin_dpo.viewing.list_query import ListQuery
from botcoin_dpo.viewing.pair_facts import PairFacts

FACTS = PairFacts(
    "0123456789abcdef", "0x1", "r1", "c1", "ships", "small", "train", "sequential", 0, 1, 1, 1000,
    0.5, "include", "constraint_flips", None, None,
)  # fmt: skip
LISTED = ListFacts(3, "", "", 0, None, None)
GAPS = (None, 0, 1, -1, 99, -99, 100, -100)


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """Pairs that differ by their gap, from 1 on; and the ninth, which differs in all else."""
    names = ", ".join(PairFacts._fields + ListFacts._fields)
    rows = [(FACTS, LISTED._replace(length_gap=gap)) for gap in GAPS]
    other = FACTS._replace(
        domain="Über ' 100%", model=None, flags="answers hidden_text", ground="trace", gain=-10,
        revision_time_ms=None, repaired="",
    )  # fmt: skip
    labels = LISTED._replace(
        rank=0, levels="contradicted suspicious", signs="fast unmatched", length_gap=7,
        model_label="(unknown)",
    )  # fmt: skip
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(f"CREATE TABLE pairs (number INTEGER PRIMARY KEY, {names})")
        for number, (facts, listed) in enumerate([*rows, (other, labels)], start=1):
            values = (number, *facts, *listed)
            database.execute(f"INSERT INTO pairs VALUES ({', '.join('?' * len(values))})", values)
        yield database


def numbers(database: sqlite3.Connection, query: ListQuery) -> list[int]:
    where, values = query.where()
    found = database.execute(f"SELECT number FROM pairs {where} ORDER BY {query.order()}", values)
    return [number for (number,) in found]


@pytest.mark.parametrize("value", ["longer", "longer-100", "shorter", "shorter-100", "equal"])
def test_a_gap_has_the_classes_that_filters_ask_for(
    database: sqlite3.Connection, value: str
) -> None:
    gaps = [*GAPS, 7]
    wanted = {
        n for n, gap in enumerate(gaps, 1) if gap is not None and value in gap_class(gap).split()
    }
    assert {*numbers(database, ListQuery((("gap", value),)))} == wanted
    assert gap_class(100) == "longer longer-100"
    assert gap_class(-99) == "shorter"


@pytest.mark.parametrize(
    ("name", "value", "is_found"),
    [
        ("flag", "answers", True), ("flag", "hidden", False), ("flag", "suspicious", True),
        ("flag", "", False), ("sign", "fast", True), ("sign", "unmatche", False),
        ("ground", "trace", True), ("domain", "Über ' 100%", True),
        ("domain", "über ' 100%", False),
        ("model", "(unknown)", True), ("gain", "-10", True), ("gain", "-1", False),
        ("kind", "%", False),
    ],
)  # fmt: skip
def test_a_filter_finds_whole_values(
    database: sqlite3.Connection, name: str, value: str, is_found: bool
) -> None:
    assert numbers(database, ListQuery(((name, value),))) == [9] * is_found


@pytest.mark.parametrize(
    ("words", "is_found"),
    [(("100%",), True), (("'",), True), (("Über", "HIDDEN_text"), True), (("100_",), False),
     (("über",), False), (("(unknown)", "small"), False)],
)  # fmt: skip
def test_all_words_stand_in_a_pair(
    database: sqlite3.Connection, words: tuple[str, ...], is_found: bool
) -> None:
    assert numbers(database, ListQuery(words=words)) == [9] * is_found


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("column", ["time", "model", "repaired"])
def test_what_is_not_known_comes_last(
    database: sqlite3.Connection, column: str, is_descending: bool
) -> None:
    query = ListQuery(column=column, is_descending=is_descending)
    assert numbers(database, query) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_orders(database: sqlite3.Connection) -> None:
    assert numbers(database, ListQuery()) == [9, 1, 2, 3, 4, 5, 6, 7, 8]
    assert numbers(database, ListQuery(column="pair", is_descending=True)) == [*range(9, 0, -1)]
    assert numbers(database, ListQuery(column="length")) == [8, 6, 4, 2, 3, 9, 5, 7, 1]
    assert numbers(database, ListQuery(column="length", is_descending=True))[-2:] == [8, 1]
    assert numbers(database, ListQuery(ids=())) == []
    assert len(numbers(database, ListQuery(ids=(FACTS.pair_id,)))) == 9
