import pytest

from botcoin_dpo.constraints.kinds import CONSTRAINT_KINDS, constraint_kind
from botcoin_dpo.constraints.parsing import parse

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
    assert set(KIND_BY_TEXT.values()) == set(CONSTRAINT_KINDS)


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
