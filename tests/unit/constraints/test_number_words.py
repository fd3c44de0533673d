import re

import pytest

from botcoin_dpo.constraints.number_words import NUMBER, ORDINAL, number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("13", 13), ("1,100", 1100), ("zero", 0), ("Thirteen", 13), ("twenty", 20),
        ("twenty-three", 23), ("ninety nine", 99), ("hundred", 100), ("a hundred", 100),
        ("one hundred", 100), ("one thousand", 1000),
    ],
)  # fmt: skip
def test_numbers_in_digits_and_words(text: str, number: int) -> None:
    assert re.fullmatch(NUMBER, text, re.IGNORECASE)
    assert number_of(text) == number


@pytest.mark.parametrize(("text", "number"), [("first", 1), ("Twentieth", 20), ("9th", 9)])
def test_ordinals(text: str, number: int) -> None:
    assert re.fullmatch(ORDINAL, text, re.IGNORECASE)
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["twenty-ten", "thirteens", "1,1", "one hundred and one", ""])
def test_what_is_no_number(text: str) -> None:
    assert re.fullmatch(NUMBER, text, re.IGNORECASE) is None
