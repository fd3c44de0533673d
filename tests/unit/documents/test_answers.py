"""Answers to questions, from the numbers of all entities."""

import pytest

from botcoin_dpo.documents.answers import answers_of
from botcoin_dpo.documents.document import Document, read_document

NAMES = ("Karo Glass", "Vell Robotics", "Solm Optics")
TEXT = """[paragraph_1]
Karo Glass has 400 employees and 7 kilns.

[paragraph_2]
Vell Robotics has 150 more employees than Karo Glass. Vell Robotics has 9 kilns.

[paragraph_3]
With 60 fewer employees than Vell Robotics, Solm Optics is the smaller employer.

[paragraph_4]
Quarterly crates of Karo Glass were 5, 6, 7 and 8.

[paragraph_5]
Quarterly crates of Vell Robotics were 9, 9, 9 and 4.

[paragraph_6]
Quarterly crates of Solm Optics were 1, 2, 3 and 40.
"""


@pytest.fixture
def document() -> Document:
    return read_document(TEXT, NAMES)


def test_differences_are_added_up(document: Document) -> None:
    column = document.column("employees")
    assert column is not None
    assert [int(column[name]) for name in NAMES] == [400, 550, 490]


def test_an_entity_without_a_value_leaves_a_column_unknown(document: Document) -> None:
    assert document.column("kilns") is None
    assert document.column("") is None
    assert document.column("CEO's last name") is None


def test_contradicting_differences_leave_a_column_unknown() -> None:
    document = read_document(TEXT + "\nSolm Optics has 1 more employee than Karo Glass.", NAMES)
    assert document.column("employees") is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which company has the most employees?", "Vell Robotics"),
        ("Which company has the lowest headcount?", "Karo Glass"),
        ("Which company has the second-highest headcount?", "Solm Optics"),
        ("Which company has the second place for highest headcount?", "Solm Optics"),
        ("Which company had the highest Q2 crate count?", "Vell Robotics"),
        ("Which company shows the largest increase in crates from Q1 to Q4?", "Solm Optics"),
        (
            "Identify the company whose total annual crate count (sum of all four quarters) is"
            " lowest.",
            "Karo Glass",
        ),
        ("Among companies with more than 450 employees, which has the lowest Q1 crate count?",
         "Solm Optics"),
        ("Among companies with more than 900 employees, which has the lowest Q1 crate count?",
         None),
        ("Which company has the most kilns?", None),
        ("Which company has the highest ratio of employees to crates?", None),
        ("Which company is the oldest?", None),
        ("Which company has the most employees, and why?", None),
        ("x" * 10_000, None),
    ],
)  # fmt: skip
def test_questions_that_are_understood_are_answered(
    document: Document, question: str, answer: str | None
) -> None:
    assert answers_of([question], document) == [answer]


def test_who_shares_the_first_place_is_no_answer() -> None:
    document = read_document("Karo Glass has 4 kilns. Vell Robotics has 4 kilns.", NAMES[:2])
    assert answers_of(["Which company has the most kilns?"], document) == [None]
