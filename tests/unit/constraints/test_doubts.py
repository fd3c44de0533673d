"""Outcomes that depend on how a coordinator splits or compares texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.acrostic import Acrostic
from botcoin_dpo.constraints.constraint import Constraint, Reference, Term
from botcoin_dpo.constraints.equation import Equation
from botcoin_dpo.constraints.forbidden_letter import ForbiddenLetter
from botcoin_dpo.constraints.include import Include
from botcoin_dpo.constraints.prime import Prime
from botcoin_dpo.constraints.word_count import WordCount

_TERM = Term(Reference("crew", 1), 100, 11)
WORDS = WordCount(3)
ACROSTIC = Acrostic(2, 2, (1, 2))
INCLUDE = Include(Reference("port", 1))
LETTER = ForbiddenLetter("s")
EQUATION = Equation(_TERM, _TERM)
PRIME = Prime(_TERM)


@pytest.mark.parametrize(
    ("constraint", "text", "artifact"),
    [
        (WORDS, "3", "one\ttwo three"),
        (WORDS, "3", "one\u00a0two three"),
        (WORDS, "3", "one two\tthree"),
        (WORDS, "3", "one two three\n"),
        (WORDS, "3", "\r\none two three"),
        (WORDS, "3", "one two  three"),
        (WORDS, "3", " one two three"),
        (WORDS, "3", "one  two"),
        (WORDS, "3", '" one two three "'),
        (WORDS, "3", "one two\u2028three"),
        (ACROSTIC, "AB", '"Alma bears'),
        (ACROSTIC, "AB", "(alma) bears"),
        (ACROSTIC, "AB", "alma\tbears it"),
        (ACROSTIC, "AB", "alma-bears it"),
        (ACROSTIC, "AB", "alma-rose bears"),
        (ACROSTIC, "AB", "Álma bears"),
        (ACROSTIC, "A&", "alma bears"),
        (ACROSTIC, "3A", "alma bears"),
        (INCLUDE, "Nara", "from nara on"),
        (INCLUDE, "Málaga", "from Ma\u0301laga on"),
        (INCLUDE, "O’Hara", "by O'Hara"),
        (INCLUDE, "San Juan", "San\u2009Juan"),
        (INCLUDE, "San Juan", "San  Juan"),
        (INCLUDE, "Nara Works Inc.", "Nara Works it is"),
        (INCLUDE, "1,200", "1200 crates"),
        (INCLUDE, "Straße", "STRASSE"),
        (LETTER, "s", "Fuß"),
        (LETTER, "s", "ś"),
        (LETTER, "s", "ſ"),
        (EQUATION, "25+18=43", "25\u00a0+\u200918=43"),
        (EQUATION, "25+18=43", "２５+18=43"),
        (EQUATION, "25+18=43", "25＋18=43"),
        (PRIME, "1009", "1\u20090\u00a009"),
        (PRIME, "17", "１７"),
    ],
)
def test_where_it_depends_the_outcome_is_doubtful(
    constraint: Constraint, text: str, artifact: str
) -> None:
    assert constraint.is_doubtful(artifact, text)


@pytest.mark.parametrize(
    ("constraint", "text", "artifact"),
    [
        (WORDS, "3", "one two three"),
        (WORDS, "3", '"one two three"'),
        (WORDS, "3", "one two"),
        (WORDS, "3", "one two\nthree"),
        (WORDS, "3", "one\ttwo three four five"),
        (WORDS, "3", "one two -"),
        (ACROSTIC, "AB", "alma bears it"),
        (ACROSTIC, "AB", "alma rows it"),
        (ACROSTIC, "AB", ""),
        (INCLUDE, "Nara", "from Nara on"),
        (INCLUDE, "Nara", "from Oslo on"),
        (INCLUDE, "Málaga", "from Málaga on"),
        (LETTER, "s", "its"),
        (LETTER, "s", "none"),
        (LETTER, "s", "é"),
        (EQUATION, "25+18=43", "25+18=43"),
        (EQUATION, "25+18=43", "25 + 18 = 43"),
        (EQUATION, "25+18=43", "25+18=44"),
        (PRIME, "17", "1 7"),
        (PRIME, "17", "17"),
    ],
)
def test_where_it_does_not_depend_it_is_certain(
    constraint: Constraint, text: str, artifact: str
) -> None:
    assert not constraint.is_doubtful(artifact, text)


@pytest.mark.parametrize(
    "name", ["Smith-Jones", "& Co", "Q&A 3", "von Ruhl", "3M Works", "(Nara) Works", "A-1 Co"]
)
def test_initials_on_which_people_differ_ask_for_nothing(name: str) -> None:
    assert Acrostic(2, 2, (1, 2)).text_of([name, "Beryl"]) is None
    assert Acrostic(2, 2, (1, 2)).text_of(["Alma Rose", name]) == "AR"


_plain_words = st.lists(st.text("abc", min_size=1), min_size=1, max_size=5).map(" ".join)


@given(_plain_words)
def test_plain_artifacts_are_never_doubtful(artifact: str) -> None:
    for constraint, text in (
        (WORDS, "3"), (ACROSTIC, "AB"), (LETTER, "a"), (INCLUDE, "abc"), (PRIME, "17"),
        (EQUATION, "25+18=43"),
    ):  # fmt: skip
        assert not constraint.is_doubtful(artifact, text)


@given(st.text(max_size=30), st.text(min_size=1, max_size=6))
def test_any_artifact_is_doubtful_or_not(artifact: str, text: str) -> None:
    for constraint in (WORDS, ACROSTIC, INCLUDE, LETTER, EQUATION, PRIME):
        assert constraint.is_doubtful(artifact, text) in (True, False)
