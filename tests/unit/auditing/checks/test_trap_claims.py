"""What a trap says of the document."""

from pathlib import Path

import pytest

from tests.audited import PRIME, findings_of, one_constraint, said_of

SPELLED = ["1200", "1,200", "1 200", "1\u00a0200", "1\u202f200", "1\u2009200", "1'200", "1.200"]


@pytest.mark.parametrize("correct", SPELLED)
def test_thousands_may_be_divided_in_any_way(tmp_path: Path, correct: str) -> None:
    document = f"[paragraph_1]\nThe Alma Rose carries {correct} crates, not 31 900."
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "correct_value": 1200,
            "wrong_value": 31900, "correct_paragraph": 0, "wrong_paragraphs": [0]}  # fmt: skip
    record = one_constraint(
        PRIME, "prime 11 it is", trap_metadata={"trap_count": 1, "traps": [trap]}
    )
    assert "trap_claim" not in findings_of(tmp_path, said_of(document, record))
    for key in ("correct_value", "wrong_value"):
        trap |= {"correct_value": 1200, "wrong_value": 31900, key: 3190}
        assert "trap_claim" in findings_of(tmp_path, said_of(document, record))


def test_only_whole_groups_are_joined(tmp_path: Path) -> None:
    document = "[paragraph_1]\nThe Alma Rose had 1 2000 crates."
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "correct_value": 12000,
            "correct_paragraph": 0}  # fmt: skip
    record = one_constraint(
        PRIME, "prime 11 it is", trap_metadata={"trap_count": 1, "traps": [trap]}
    )
    assert "trap_claim" in findings_of(tmp_path, said_of(document, record))


@pytest.mark.parametrize(
    ("changes", "is_wrong"),
    [
        ({}, False),
        ({"path_b_derived": 11, "path_a_derived": 89}, False),  # of 0 + 11 and 77 + 11
        ({"path_b_derived": 13}, True),
        ({"path_a_derived": 97}, True),
        ({"path_a_derived": 41}, False),  # 77 mod 50, as published records derive
        ({"correct_paragraph": 1}, True),
        ({"wrong_paragraphs": [0]}, True),
        ({"wrong_paragraphs": [1, 7]}, True),
        ({"target_entity": "Alma  Rose"}, False),
        ({"target_entity": "Alma Thorn"}, True),
        ({"correct_paragraph": None, "wrong_paragraphs": "1"}, False),
    ],
)
def test_a_trap_must_follow_from_document_and_constraint(
    tmp_path: Path, changes: dict[str, object], is_wrong: bool
) -> None:
    document = (
        "[paragraph_1]\nThe Alma Rose carries 1,200 crates.\n\n"
        "[paragraph_2]\nDrafts gave the Alma Rose 77 crates."
    )
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "correct_value": 1200,
            "wrong_value": 77, "correct_paragraph": 0, "wrong_paragraphs": [1]}  # fmt: skip
    record = one_constraint(
        PRIME,
        "prime 11 it is",
        trap_metadata={"trap_count": 1, "traps": [trap | changes]},
    )
    found = findings_of(tmp_path, said_of(document, record))
    assert ("trap_claim" in found) is is_wrong
