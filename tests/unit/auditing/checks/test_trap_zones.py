"""Zones of citations and flags on extractions follow from the traps of the record."""

from pathlib import Path
from typing import Any

import pytest

from tests.audited import INCLUDE, findings_of, one_constraint
from tests.builders import extract

TRAP = {
    "target_entity": "Alma Rose",
    "attribute": "crates",
    "wrong_value": 977,
    "correct_value": 1200,
    "wrong_paragraphs": [0],
    "correct_paragraph": 1,
}
WRONG = {"value": 977, "paragraph": 1}
MISSING_WRONG = "missing_wrong_extraction:Alma Rose:crates"
MISSING_CORRECT = "missing_correct_extraction:Alma Rose:crates"


def _record(trap: dict[str, Any], *steps: dict[str, Any]) -> dict[str, Any]:
    record = one_constraint(INCLUDE, "it has 1200")
    record["submission"]["reasoning_trace"] = list(steps)
    return record | {"trap_metadata": {"trap_count": 1, "traps": [trap]}}


@pytest.mark.parametrize(
    ("zone", "changes", "trap", "is_found"),
    [
        ("GROUND_TRUTH", {}, {}, False),
        ("STANDARD", {}, {}, True),
        ("TRAP", {}, {}, True),
        ("TRAP", WRONG, {}, False),
        ("GROUND_TRUTH", WRONG, {}, True),
        ("STANDARD", WRONG, {}, True),
        ("TRAP", {"value": 977}, {}, False),  # by its value
        ("SOMETHING", {}, {}, False),
        ("STANDARD", {"entity": "Beryl Star"}, {}, False),
        ("TRAP", {"entity": "Beryl Star"}, {}, True),
        ("STANDARD", {"attribute": "crates_total"}, {}, False),  # zones go by names
        ("GROUND_TRUTH", {"attribute": "crates_total"}, {}, False),
        ("TRAP", {"attribute": "crates_total"}, {}, True),
        ("TRAP", {"attribute": ["crates"]}, {}, True),
        ("TRAP", {"attribute": "captain"}, {}, True),
        ("STANDARD", {}, {"correct_paragraph": None}, False),
        ("STANDARD", {}, {"wrong_paragraphs": [0] * 1000}, False),
        ("STANDARD", {}, {"attribute": None}, False),
    ],
)
def test_a_zone_is_that_of_the_trap(
    tmp_path: Path, zone: str, changes: dict[str, Any], trap: dict[str, Any], is_found: bool
) -> None:
    step = extract(**changes)
    step["coordinator_provenance"]["semantic_zone"] = zone
    assert ("trap_zone" in findings_of(tmp_path, _record(TRAP | trap, step))) is is_found


@pytest.mark.parametrize(
    ("flags", "steps", "is_found"),
    [
        ([MISSING_WRONG], [{}], False),
        ([MISSING_CORRECT], [{}], True),
        ([], [{}], True),
        ([], [WRONG], True),
        ([], [{}, WRONG], False),
        ([MISSING_WRONG], [{}, WRONG], True),
        ([MISSING_WRONG], [{"entity": "Beryl Star"}], True),
        ([MISSING_WRONG], [{"attribute": "load"}], False),  # by another name, perhaps
        ([], [{}, WRONG | {"attribute": "load"}], False),
        ([MISSING_WRONG, "missing_wrong_extraction:Beryl Star:crates"], [{}], True),
        ([MISSING_WRONG, "another_flag:7", 5, None], [{}], False),
    ],
)
def test_flags_are_those_of_the_extractions(
    tmp_path: Path, flags: list[Any], steps: list[dict[str, Any]], is_found: bool
) -> None:
    made = [extract(**changes) for changes in steps]
    for step in made:
        del step["coordinator_provenance"]
    record = _record(TRAP, *made)
    record["error_annotation"] = {"trap_trace_quality_flags": flags}
    assert ("trap_zone" in findings_of(tmp_path, record)) is is_found


@pytest.mark.parametrize("flags", [[], [MISSING_WRONG], [MISSING_CORRECT]])
@pytest.mark.parametrize("unknown", ["wrong_value", "correct_value"])
def test_flags_on_a_trap_that_keeps_a_value_back_are_left_alone(
    tmp_path: Path, flags: list[str], unknown: str
) -> None:
    record = _record(TRAP | {unknown: None}, extract())
    record["error_annotation"] = {"trap_trace_quality_flags": flags}
    assert "trap_zone" not in findings_of(tmp_path, record)
