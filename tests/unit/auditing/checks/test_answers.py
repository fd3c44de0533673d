"""What is recorded of submitted answers is held against the answers."""

from pathlib import Path

import pytest

from tests.audited import ANSWERS, INCLUDE, findings_of, one_constraint
from tests.builders import attempt


@pytest.mark.parametrize(
    ("given", "expected"),
    [("1,200", "1200"), ("42.0", "42"), ("the Grey Heron", "Grey Heron"), ("Café", "Cafe"),
     ("Acme Inc.", "Acme Inc"), ("grey  heron", "Grey Heron")],
)  # fmt: skip
@pytest.mark.parametrize("is_right", [True, False])
def test_what_may_be_the_same_answer_is_not_judged(
    tmp_path: Path, given: str, expected: str, is_right: bool
) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    entry = {"value": given, "expected": expected, "correct": is_right}
    record["submitted_answers"] = ANSWERS | {"q3": entry}
    assert findings_of(tmp_path, record) == set()
    record["submitted_answers"] = ANSWERS | {"q3": entry | {"value": "Beryl", "correct": True}}
    assert findings_of(tmp_path, record) == {"answer_counts"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("O'Brien", "OBrien"),
        ("U.S.A.", "USA"),
        ("7.50", "7.5"),
        ("1e3", "1000"),
        ("1 200", "1200"),
        ("Dock 7.0", "7 Dock North"),
    ],
)
def test_answers_may_be_written_otherwise(tmp_path: Path, given: str, expected: str) -> None:
    answer = {"value": given, "expected": expected, "correct": True}
    record = attempt(1) | {"submitted_answers": {"q1": answer}}
    assert "answer_counts" not in findings_of(tmp_path, record)


def test_marks_that_are_no_truth_values_are_not_counted(tmp_path: Path) -> None:
    answer = {"value": "Alma Rose", "expected": "Alma Rose"}
    record = attempt(1) | {"answer_verification": {"correct": 3}}
    marked = record | {"submitted_answers": {"q1": answer | {"correct": True}}}
    assert "answer_counts" in findings_of(tmp_path, marked)
    unmarked = record | {"submitted_answers": {"q1": answer | {"correct": 1}}}
    assert "answer_counts" not in findings_of(tmp_path, unmarked)
