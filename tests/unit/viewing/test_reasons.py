"""Why the chosen side of a pair won, in one line."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from botcoin_dpo import build
from botcoin_dpo.contract import schemas
from botcoin_dpo.viewing.reasons import SHORT_REASONS, answers_words, short_reason, why_chosen
from tests.builders import read_rows, recovery, write_log

NO_FLIPS: dict[str, list[int]] = {
    "flipped_to_pass": [], "flipped_to_fail": [], "stayed_pass": [0, 1, 2, 3], "stayed_fail": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("reasons")
    build(write_log(folder / "a.jsonl", recovery()), folder / "out")
    row: dict[str, Any] = read_rows(folder / "out")[0]
    return row


def changed(
    base: dict[str, Any], basis: str, flips: dict[str, list[int]] | None = None, **rejected: Any
) -> dict[str, Any]:
    row = copy.deepcopy(base)
    row["pair_annotations"] |= {
        "improvement_basis": basis,
        "constraint_flips": NO_FLIPS | (flips or {}),
    }
    row["rejected_metadata"] |= rejected
    assert schemas.is_valid("pair", row)
    return row


def test_constraints_are_named_by_number_and_kind(base: dict[str, Any]) -> None:
    flips = {"flipped_to_pass": [0, 1], "flipped_to_fail": [2], "stayed_pass": [3]}
    told = why_chosen(changed(base, "constraint_count_increase", flips))
    assert told == (
        "chosen won because it passes 1 (word_count) and 2 (include), which rejected fails; "
        "it fails 3 (forbidden_letter), which rejected passes"
    )


def test_tips_are_no_reason(base: dict[str, Any]) -> None:
    flips = {"flipped_to_pass": [1], "stayed_pass": [0, 2], "stayed_fail": [3]}
    told = why_chosen(changed(base, "constraint_count_increase", flips))
    assert told == "chosen won because it passes 2 (include), which rejected fails"


@pytest.mark.parametrize(
    ("basis", "rejected", "reason"),
    [
        ("acceptance_path_upgrade", {}, "rejected was accepted by path A, which takes a trap's"),
        (
            "answer_threshold_met",
            {"answer_verification": {"correct": 4, "total": 10, "required": 6,
                                     "passed_threshold": False}},
            "rejected has too few right answers: 4 of 10 right, 6 required → not known "
            "(the row does not hold which)",
        ),
        ("answer_threshold_met", {}, "rejected has too few right answers"),
        ("trace_validation_recovered", {}, "rejected's trace was judged not valid"),
        ("acceptance", {"pass": True}, "rejected passed too, but earned no credit"),
        ("acceptance", {}, "the coordinator accepted it and not rejected; the record does not say"),
    ],
)  # fmt: skip
def test_where_all_constraints_pass_the_basis_is_the_reason(
    base: dict[str, Any], basis: str, rejected: dict[str, Any], reason: str
) -> None:
    told = why_chosen(changed(base, basis, **rejected))
    assert told.startswith(f"both sides pass all 3 constraints; chosen won because {reason}")
    assert short_reason("", basis) == SHORT_REASONS[basis] != "-"
    assert short_reason("prime include", basis) == "prime, include"


@pytest.mark.parametrize("value", [None, "4", True, {}, [4]])
def test_answers_that_are_no_numbers_are_not_told(value: Any) -> None:
    whole = {"correct": value, "total": 10, "required": None, "passed_threshold": None}
    assert answers_words({"answer_verification": whole}) is None
    assert answers_words({}) is None
    part = {"correct": 4, "total": value, "required": None, "passed_threshold": None}
    assert str(answers_words({"answer_verification": part})).startswith("4")
