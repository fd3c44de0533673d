from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.checking import (
    NotKnown,
    expected_text,
    is_kept,
    is_prime,
    next_prime,
)
from botcoin_dpo.constraints.parsing import Constraint, Reference, parse


@dataclass
class Known:
    """Answers by question, values by question and attribute."""

    answers: dict[int, str] = field(default_factory=dict)
    values: dict[Reference, Any] = field(default_factory=dict)

    def answer(self, question: int) -> str | None:
        return self.answers.get(question)

    def value(self, reference: Reference) -> Any:
        return self.values.get(reference)


def asked(text: str) -> Constraint:
    constraint = parse(text)
    assert constraint is not None
    return constraint


KNOWN = Known(
    {1: "Alma Rose", 2: "Beryl star"},
    {
        Reference("port", 1): "Nara",
        Reference("crew", 1): 112,
        Reference("crew", 2): 9.0,
        Reference("length", 1): 12.5,
    },
)
WORDS = "Write EXACTLY 3 words. Single line."
PORT = "Must include the port of the ship that answers Question 1."
PRIME = "Must include nextPrime((crew of the answer to Question 1 mod 100) + 2), as digits."
SUM = (
    'Must include the equation "A+B=C" where A=((crew of the answer to Question 1 mod 50)+10) and '
    "B=((crew of the answer to Question 2 mod 50)+10) and C=A+B."
)
ACROSTIC = (
    "Acrostic: the first letters of the first 3 words must spell the first 3 letters of "
    "(initials(Q1)+initials(Q2)), uppercased."
)
LETTER = 'Must NOT contain the letter "x" (case-insensitive).'


@pytest.mark.parametrize(
    ("text", "artifact", "holds", "expected"),
    [
        (WORDS, "one two three", True, "3"),
        (WORDS, " one  two three ", True, "3"),
        (WORDS, "one two", False, "3"),
        (WORDS, "one two\nthree", False, "3"),
        (WORDS, "one two -", True, "3"),
        (PORT, "from Nara on", True, "Nara"),
        (PORT, "from nara on", False, "Nara"),
        (PRIME, "there were 17 of them", True, "17"),  # 14 is no prime, nor 15, nor 16
        (PRIME, "there were 14 of them", False, "17"),
        (SUM, "so 22+19=41 it is", True, "22+19=41"),
        (SUM, "so 22 + 19 = 41 it is", False, "22+19=41"),
        (ACROSTIC, "an Rather bold", True, "ARB"),
        (ACROSTIC, "an Rather", False, "ARB"),
        (LETTER, "no such letter", True, "x"),
        (LETTER, "an Xebec", False, "x"),
    ],
)
def test_constraints_hold_or_do_not(text: str, artifact: str, holds: bool, expected: str) -> None:
    constraint = asked(text)
    assert expected_text(constraint, KNOWN) == expected
    assert is_kept(constraint, artifact, expected) is holds


@pytest.mark.parametrize(
    ("text", "known", "missing"),
    [
        (PORT, Known(), "port of the answer to question 1"),
        (PORT, Known(values={Reference("port", 1): ""}), "is empty"),
        (ACROSTIC, Known({1: "Alma"}), "the answer to question 2"),
        (SUM, Known(values={Reference("crew", 1): 1}), "crew of the answer to question 2"),
        (PRIME, Known(values={Reference("crew", 1): 1.5}), "a whole number as crew"),
        (PRIME, Known(values={Reference("crew", 1): True}), "a whole number as crew"),
        (PRIME, Known(values={Reference("crew", 1): "12"}), "a whole number as crew"),
        (
            "Must include nextPrime((crew of the answer to Question 1 mod 9) + 999999999).",
            Known(values={Reference("crew", 1): 8}),
            "no prime is looked for beyond",
        ),
    ],
)
def test_what_is_not_known_is_named_not_guessed(text: str, known: Known, missing: str) -> None:
    with pytest.raises(NotKnown, match=missing):
        expected_text(asked(text), known)


@given(st.integers(0, 5000))
def test_the_next_prime_is_the_first_number_without_divisors(number: int) -> None:
    prime = next_prime(number)
    assert prime >= max(2, number)
    assert all(prime % divisor for divisor in range(2, prime))
    for between in range(max(2, number), prime):
        assert not is_prime(between)
        assert any(between % divisor == 0 for divisor in range(2, between))


def test_primes_are_those_of_the_sieve_and_no_pseudoprimes() -> None:
    limit = 20_000
    sieve = [False, False, *[True] * (limit - 2)]
    for number in range(2, limit):
        if sieve[number]:
            sieve[number * number :: number] = [False] * len(sieve[number * number :: number])
    assert [is_prime(number) for number in range(limit)] == sieve
    # Composite, and yet strong probable primes to the bases 2; 2, 3; 2, 3, 5.
    assert not any(map(is_prime, (2047, 3277, 1373653, 25326001)))
    assert all(map(is_prime, (999_999_937, 1_000_000_007, 2_147_483_647)))
