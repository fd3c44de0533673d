import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.kinds import (
    KIND_NAMES,
    KINDS,
    checked_kinds,
    constraint_kind,
    in_order,
    parse,
)
from botcoin_dpo.errors import UsageError
from tests.toys.kind import LAST_WORD

CONTRACT = Path(__file__).parents[3] / "schemas" / "README.md"

KIND_BY_TEXT = {
    "Write EXACTLY 13 words. Single line.": "word_count",
    "Use exactly three words.": "word_count",
    "Must include the CEO's last name of the company that answers Question 5.": "include",
    "Must include nextPrime((crew of the answer to Question 4 mod 100) + 11).": "prime",
    'Must include the equation "A+B=C" where A=((crew of the answer to Question 1 mod 50)+10) and '
    "B=((crew of the answer to Question 2 mod 50)+10) and C=A+B.": "equation",
    "The first letters of the first 2 words must spell (initials(Q1)+initials(Q2)).": "acrostic",
    'Must NOT contain the letter "x" (case-insensitive).': "forbidden_letter",
    'Must not include the letter "x".': "forbidden_letter",
    "Tip: words must include exactly 3 words.": "tip",
    "Tip: Write EXACTLY 13 words. Single line.": "tip",
    "Be kind.": "other",
}


@pytest.mark.parametrize(("text", "kind"), KIND_BY_TEXT.items())
def test_the_kind_of_a_text_is_that_of_what_is_read_from_it(text: str, kind: str) -> None:
    assert constraint_kind(text) == kind


def test_every_kind_has_a_text() -> None:
    assert set(KIND_BY_TEXT.values()) == set(KIND_NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "Acrostic: the first letters of the first 2 words must spell the last 2 letters of "
        "(initials(Q4)+initials(Q5)), uppercased.",
        "Must include the equation of the day that answers Question 1.",
        "Must include a prime of the ship that answers Question 1.",
        "Must NOT include the port of the ship that answers Question 4.",
        "Must NOT contain the letter 'b' more than twice.",
        "Write not exactly 17 words.",
        "Must include nextPrime((crew of the answer to Question 4 mod 0) + 11).",
        "Write EXACTLY 13 words." + " " * 600,
    ],
)
def test_a_text_that_only_sounds_like_a_kind_is_other(text: str) -> None:
    assert parse(text) is None
    assert constraint_kind(text) == "other"


def test_every_real_constraint_is_read(reference: Path) -> None:
    seen = set()
    for name in ("attempts_v2.jsonl", "session_0x37289055.attempts.jsonl"):
        for line in (reference / name).read_bytes().splitlines():
            *checked, tip = json.loads(line)["challenge_context"]["constraints"]
            assert constraint_kind(tip) == "tip"
            seen |= {constraint_kind(text) for text in checked}
    assert seen == {*KIND_NAMES} - {"tip", "other"}


_PIECES = [*KIND_BY_TEXT, *(word for text in KIND_BY_TEXT for word in text.split())]


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map(" ".join))
def test_no_text_is_of_two_kinds(text: str) -> None:
    assert len([kind for kind in KINDS if kind.read(text) is not None]) <= 1


@given(st.sampled_from([*KIND_BY_TEXT]))
def test_a_text_has_the_hint_of_its_kind(text: str) -> None:
    for kind in KINDS:
        assert kind.hint == kind.hint.lower()
        assert kind.read(text) is None or kind.hint in text.lower()


def test_the_contract_defines_every_kind() -> None:
    contract = CONTRACT.read_text(encoding="utf-8")
    table = contract.partition("\n| kind | is kept if |\n| --- | --- |\n")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)) == KIND_NAMES


def test_names_of_kinds_come_in_the_order_of_the_contract_then_by_name() -> None:
    assert in_order({"other", "zebra", "tip", "prime", "ant"}) == [
        "prime", "tip", "other", "ant", "zebra",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["prime", "tip", "other", "two words", ""])
def test_each_kind_has_a_name_of_its_own(name: str) -> None:
    assert checked_kinds([*KINDS, LAST_WORD]) == (*KINDS, LAST_WORD)
    with pytest.raises(UsageError, match="must be one word, and the name of one kind"):
        checked_kinds([*KINDS, replace(LAST_WORD, name=name)])
