"""Marks of an artifact: what in it keeps a constraint, and what breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.constraints.forbidden_letter import ForbiddenLetter
from botcoin_dpo.constraints.kinds import parse
from botcoin_dpo.viewing.artifact_marks import (
    ArtifactMark,
    Asked,
    artifact_marks,
    visible_marks,
)
from tests.audited import EQUATION, INCLUDE, PRIME

WORDS = "Write EXACTLY 2 words. Single line."
ACROSTIC = (
    "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
    "(initials(Q1)+initials(Q2)), uppercased."
)
FORBIDDEN = 'Must NOT contain the letter "x" (case-insensitive).'


def marked(
    artifact: str, text: str, expected: str | None, passed: bool | None = None
) -> list[tuple[str, bool]]:
    """What of an artifact is marked, and whether it keeps the constraint; by a right record."""
    constraint = parse(text)
    if passed is None and constraint is not None and expected is not None:
        passed = constraint.holds(artifact, expected)
    marks = artifact_marks(artifact, [Asked(constraint, expected, passed)])
    return [(artifact[mark.start : mark.end], mark.keeps) for mark in marks]


@pytest.mark.parametrize(
    ("text", "expected", "artifact", "marks"),
    [
        (INCLUDE, "1200", "has 1200 crates", [("1200", True)]),
        (INCLUDE, "1200", "has 900 crates", []),
        (PRIME, "11", "prime 11 it is", [("11", True)]),
        (PRIME, "11", "13 or 7, not 10+10=20", [("13", False), ("7", False)]),
        (EQUATION, "10+10=20", "so 10+10=20 it is", [("10+10=20", True)]),
        (EQUATION, "10+10=20", "so 1+1=2 and 13", [("1+1=2", False)]),
        (ACROSTIC, "AR", "alma Roses sail", [("a", True), ("R", True)]),
        (ACROSTIC, "AR", "Alma boats", [("b", False)]),
        (PRIME, "17", "17+16=33 and 17", [("17", True)]),
        (ACROSTIC, "AR", "", []),
        (FORBIDDEN, "x", "Xa sails ax", [("X", False), ("x", False)]),
        (FORBIDDEN, "x", "Alma", []),
        (WORDS, "2", "Alma sails", []),
        ("Sing a song.", "la", "la la", []),
    ],
)
def test_each_kind_marks_what_keeps_or_breaks_it(
    text: str, expected: str, artifact: str, marks: list[tuple[str, bool]]
) -> None:
    assert marked(artifact, text, expected) == marks


@pytest.mark.parametrize("text", [WORDS, INCLUDE, PRIME, EQUATION, ACROSTIC, FORBIDDEN])
def test_nothing_is_marked_where_what_is_asked_is_not_known(text: str) -> None:
    assert marked("Alma xx 13 10+10=20", text, None, True) == []
    assert marked("Alma xx 13 10+10=20", text, None, False) == []


@pytest.mark.parametrize("passed", [True, False, None])
def test_nothing_is_marked_against_the_record(passed: bool | None) -> None:
    for text, expected in ((PRIME, "11"), (FORBIDDEN, "x"), (ACROSTIC, "AR")):
        for artifact in ("Alma Rose 11", "xylo 13"):
            found, constraint = marked(artifact, text, expected), parse(text)
            assert constraint is not None
            is_right = constraint.holds(artifact, expected) == passed
            told = artifact_marks(artifact, [Asked(constraint, expected, passed)])
            assert bool(told) == (is_right and bool(found))
            assert {mark.keeps for mark in told} <= {passed}


def test_what_another_constraint_asks_for_is_not_wrong() -> None:
    asked = [Asked(parse(INCLUDE), "1998", True), Asked(parse(PRIME), "37", False)]
    marks = artifact_marks("Alpha 1998 beta 41", asked)
    assert [(mark.start, mark.constraint, mark.keeps) for mark in marks] == [
        (6, 0, True), (16, 1, False),
    ]  # fmt: skip


def test_of_marks_that_overlap_what_is_wrong_is_seen_then_the_longest() -> None:
    marks = [
        ArtifactMark(0, 1, 6, True), ArtifactMark(0, 6, 0, True), ArtifactMark(8, 9, 7, False),
        ArtifactMark(7, 12, 1, True),
    ]  # fmt: skip
    assert visible_marks(marks) == [marks[1], marks[2]]


def test_marks_come_by_place_and_name_their_constraint() -> None:
    asked = [
        Asked(parse(FORBIDDEN), "x", False),
        Asked(None, "Alma", True),
        Asked(parse(INCLUDE), "Alma", True),
    ]
    marks = artifact_marks("Alma x", asked)
    assert [(mark.constraint, mark.start) for mark in marks] == [(2, 0), (0, 5)]


def test_an_artifact_full_of_a_forbidden_letter_has_few_marks() -> None:
    assert len(marked("x" * 100_000, FORBIDDEN, "x")) == 200


@given(
    st.lists(
        st.tuples(
            st.sampled_from([WORDS, INCLUDE, PRIME, EQUATION, ACROSTIC, FORBIDDEN]),
            st.sampled_from(["x", "AR", "11", "10+10=20"]) | st.text(min_size=1, max_size=3),
            st.booleans(),
        ),
        max_size=4,
    ),
    st.text(st.sampled_from("aAxX 01+=é\n"), max_size=30) | st.text(max_size=30),
)
def test_marks_are_parts_of_the_artifact(asked: list[tuple[str, str, bool]], artifact: str) -> None:
    for mark in artifact_marks(
        artifact, [Asked(parse(text), each, passed) for text, each, passed in asked]
    ):
        assert 0 <= mark.start < mark.end <= len(artifact)
        assert mark.constraint in range(len(asked))


@given(st.sampled_from("aikxz"), st.text(st.sampled_from("aAiIxXkKzZ ıſé"), max_size=6))
def test_a_forbidden_letter_is_marked_where_it_breaks_its_constraint(
    letter: str, artifact: str
) -> None:
    constraint = ForbiddenLetter(letter)
    is_marked = bool(artifact_marks(artifact, [Asked(constraint, letter, False)]))
    assert is_marked == (not constraint.holds(artifact, letter))
