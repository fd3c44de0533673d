import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.constraint import Candidates, Reference, Term
from botcoin_dpo.constraints.kinds import parse
from botcoin_dpo.constraints.prime import Prime
from botcoin_dpo.constraints.primes import is_prime

TEXT = (
    "Must include a prime number equal to nextPrime((crew of the answer to Question 8 mod 100) + "
    "11), as digits."
)
PRIME = Prime(Term(Reference("crew", 8), 100, 11))


@pytest.mark.parametrize(
    ("text", "constraint"),
    [
        (TEXT, PRIME),
        (
            "Must include nextPrime((draught (d) of the answer to Question 4 mod 97) + 5).",
            Prime(Term(Reference("draught (d)", 4), 97, 5)),
        ),
        (TEXT.replace("+ 11", "+ 1,100"), Prime(Term(Reference("crew", 8), 100, 1100))),
        (TEXT.replace("+ 11", "+ 11.5"), None),
        (TEXT.replace("+ 11", "+ 11 + 5"), None),
        (TEXT.replace("((crew", "(2*(crew"), None),
        (TEXT.replace("11),", "11) + 2,"), None),
        (TEXT.replace("crew of", "crew of the answer to Question 3 + guns of"), None),
        (TEXT.replace("mod 100", "mod 0"), None),
    ],
)
def test_what_a_text_asks(text: str, constraint: Prime | None) -> None:
    assert parse(text) == constraint


def test_the_prime_is_a_substring_in_digits() -> None:
    [term] = PRIME.needs
    assert isinstance(term, Term)
    text = PRIME.text_of([term.of(103)])  # 14 is no prime, nor 15, nor 16
    assert text == "17"
    assert PRIME.holds("there were 17 of them", text)
    assert PRIME.holds("there were 1172 of them", text)
    assert not PRIME.holds("there were 14 of them", text)


def test_no_prime_is_looked_for_beyond_the_largest() -> None:
    assert PRIME.text_of([10**9]) == "1000000007"
    assert PRIME.text_of([10**9 + 1]) is None
    assert PRIME.derived(10**9 + 1) is None
    unbound = Prime(Term(Reference("crew", 8), 999_999_999, 11))
    assert unbound.candidates("prime 29 it is") == Candidates()
    assert unbound.could_hold("no number")


@pytest.mark.parametrize(
    ("artifact", "apart", "only"),
    [
        ("prime 29 it is", "29", "29"),
        ("prime 29 with 24+18=42", "29", "29"),
        ("prime 29 with 25+18=43", "29", None),  # 43 could be meant
        ("prime 29 and 31", None, None),
        ("prime 30 it is", None, None),
        ("prime 113 it is", "113", None),  # 11 and 13 are in it
        ("prime 127 it is", None, None),  # beyond the largest
        ("prime 1,229 it is", None, None),
        ("prime 2.29 it is", None, None),
        ("type A-29 it is", None, None),
        ("seven 7 with 25+18=43", "7", None),  # of a negative value
        ("25+18=43", None, None),
    ],
)
def test_a_prime_that_could_be_meant(artifact: str, apart: str | None, only: str | None) -> None:
    assert PRIME.candidates(artifact) == Candidates(only, apart)


@given(st.integers(0, 10**6), st.text(max_size=20), st.text(max_size=20))
def test_an_artifact_with_the_prime_could_hold(value: int, before: str, after: str) -> None:
    text = PRIME.text_of([PRIME.term.of(value)])
    assert text is not None
    assert is_prime(int(text))
    artifact = f"{before} {text} {after}"
    assert PRIME.holds(artifact, text)
    assert PRIME.could_hold(artifact)
    assert PRIME.candidates(artifact).only in (None, text)


@pytest.mark.parametrize("artifact", ["", "no number", "900", "14", "1 4 68"])
def test_an_artifact_without_a_prime_that_could_be_meant_cannot_hold(artifact: str) -> None:
    assert not Prime(Term(Reference("crew", 8), 10, 11)).could_hold(artifact)


def test_a_prime_stands_out_where_it_is_no_part_of_another_number() -> None:
    assert PRIME.stands_out("prime 17 it is", "17")
    assert not PRIME.stands_out("prime 1172 it is", "17")
    assert not PRIME.stands_out("17+16=33", "17")
