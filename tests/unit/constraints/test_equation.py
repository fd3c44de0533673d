import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.constraint import Candidates, Reference, Term
from botcoin_dpo.constraints.equation import Equation
from botcoin_dpo.constraints.kinds import parse

TEXT = (
    'Must include the equation "A+B=C" (digits, no spaces) where '
    "A=((draught in inches of the answer to Question 8 mod 50)+10) and "
    "B=((Q4 freight of the answer to Question 9 mod 10)+10) and C=A+B."
)
EQUATION = Equation(
    Term(Reference("draught in inches", 8), 50, 10), Term(Reference("Q4 freight", 9), 10, 10)
)


@pytest.mark.parametrize(
    ("text", "constraint"),
    [
        (TEXT, EQUATION),
        (TEXT.replace("A+B=C", "A-B=C"), None),
        (TEXT.replace("C=A+B", "C=A*B"), None),
        (TEXT.replace("C=A+B", "C=A+B+D"), None),
        (TEXT.replace("mod 10", "mod 0"), None),
    ],
)
def test_what_a_text_asks(text: str, constraint: Equation | None) -> None:
    assert parse(text) == constraint


def test_the_equation_is_a_substring_without_spaces() -> None:
    text = EQUATION.text_of([EQUATION.left.of(112), EQUATION.right.of(9)])
    assert text == "22+19=41"
    assert EQUATION.holds("so 22+19=41 it is", text)
    assert EQUATION.holds("so 122+19=413 it is", text)
    assert not EQUATION.holds("so 22 + 19 = 41 it is", text)


@pytest.mark.parametrize(
    ("artifact", "only"),
    [
        ("so 25+18=43 it is", "25+18=43"),
        ("so 125+18=43 it is", "25+18=43"),  # a substring is enough
        ("so 25+18=430 it is", "25+18=43"),
        ("so 25+18=44 it is", None),
        ("so 25+018=43 it is", None),
        ("so 25+18=43 or 26+18=44 it is", None),
        ("so 5+18=23 it is", "5+18=23"),  # of a negative value, in some languages
        ("so 95+18=113 it is", None),
        ("25+18=43+11=54", None),
        ("no equation", None),
    ],
)
def test_an_equation_that_could_be_meant(artifact: str, only: str | None) -> None:
    assert EQUATION.candidates(artifact) == Candidates(only)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.text(max_size=20), st.text(max_size=20))
def test_an_artifact_with_the_equation_could_hold(
    left: int, right: int, before: str, after: str
) -> None:
    text = EQUATION.text_of([EQUATION.left.of(left), EQUATION.right.of(right)])
    artifact = f"{before} {text} {after}"
    assert EQUATION.holds(artifact, text)
    assert EQUATION.could_hold(artifact)
    assert EQUATION.candidates(artifact).only in (None, text)


@pytest.mark.parametrize(
    ("artifact", "could_hold"),
    [("so 25+18=44", False), ("so 95+18=113", False), ("", False), ("so 1.5+18=19.5", True)],
)
def test_only_fractions_leave_open_what_a_wrong_equation_is(
    artifact: str, could_hold: bool
) -> None:
    assert EQUATION.could_hold(artifact) is could_hold


@pytest.mark.parametrize(
    ("left", "right", "artifact", "is_in", "stands_in"),
    [
        (25, 18, "so 25+18=43", True, True),
        (25, None, "so 25+11=0", True, True),
        (None, 18, "so 1+18=0", True, True),
        (25, 18, "so 125+18=43", True, False),
        (25, 18, "so 25+18=43+11=54", True, False),
        (43, 11, "so 25+18=43+11=54", True, False),
        (25, 18, "so 25+19=44", False, False),
        (25, 18, "so 25+18=", False, False),
    ],
)
def test_an_equation_is_found_by_the_terms_that_are_known(
    left: int | None, right: int | None, artifact: str, is_in: bool, stands_in: bool
) -> None:
    sought = EQUATION.sought([left, right])
    assert sought is not None
    assert sought.is_in(artifact) is is_in
    assert sought.stands_in(artifact) is stands_in


_term = st.integers(0, 33) | st.none()


@given(
    st.lists(st.sampled_from(["1", "2", "12", "+", "=", " ", ".", "a"])).map("".join), _term, _term
)
def test_equations_are_looked_for_with_the_terms_that_are_known(
    artifact: str, left: int | None, right: int | None
) -> None:
    one = r"(?<![0-9])[0-9]+" if left is None else str(left)
    other = "[0-9]+" if right is None else str(right)
    pattern = rf"{one}\+{other}=[0-9]+"
    sought = EQUATION.sought([left, right])
    if left is None and right is None:
        assert sought is None
        return
    assert sought is not None
    assert sought.is_in(artifact) == (re.search(pattern, artifact) is not None)
    apart = re.search(rf"(?<![\w+=]){pattern}(?![\w+])", artifact)
    assert sought.stands_in(artifact) == (apart is not None)
