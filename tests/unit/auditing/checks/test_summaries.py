"""Stored counts, lists and scores are held against trace and outcomes."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.attempts.trace_statistics import spatial_summary
from tests.audited import INCLUDE, findings_of, one_constraint, subjects
from tests.builders import attempt, extract


def test_zones_that_are_not_told_are_not_held_against_a_summary(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    step = extract()
    del step["coordinator_provenance"]
    record["submission"]["reasoning_trace"] = [step]
    record["trace_spatial_summary"] = {"truth_paragraph_touched": True, "paragraph_span": 0}
    assert findings_of(tmp_path, record) == set()
    record["trace_spatial_summary"]["paragraph_span"] = 4
    assert findings_of(tmp_path, record) == {"spatial_summary"}


@pytest.mark.parametrize(
    "stored",
    [
        {"trace_stats": {"total_steps": None}},
        {"reasoning_depth": {"reasoning_depth_score": None}},
        {"trace_spatial_summary": {"extraction_order_correlation": None}},
        {"constraint_flip_summary": {"flipped_to_pass": [], "flipped_to_fail": None}},
        {"time_since_previous_attempt_ms": 0},
        {"constraints_passed": [0, 1, 2, 2]},
        {"trap_metadata": {"trap_count": 2, "traps": []}},
    ],
)
def test_what_says_nothing_is_not_wrong(tmp_path: Path, stored: dict[str, Any]) -> None:
    record = attempt(1) | stored
    if "constraints_passed" in stored:
        held = {str(index): {"pass": index < 3} for index in range(4)}
        record |= {"constraint_total": 4, "constraint_results": held, "constraints_failed": [3]}
        record["challenge_context"]["constraints"] = ["Sing."] * 4
    assert findings_of(tmp_path, record) <= {"constraint_outcome", "computation_result"}


def test_a_list_is_held_only_against_results(tmp_path: Path) -> None:
    record = attempt(1, constraint_total=2, constraints_passed=[0], constraints_failed=[])
    record["challenge_context"]["constraints"] = ["Sing."] * 2
    record |= {"constraint_results": {"0": {"pass": True}}, "constraint_pass_count": None}
    assert "stored_counts" not in findings_of(tmp_path, record)
    record["constraint_results"]["1"] = {"pass": True}
    assert "stored_counts" in findings_of(tmp_path, record)


def test_a_truth_value_is_no_number(tmp_path: Path) -> None:
    record = attempt(1)
    record["submission"]["reasoning_trace"] = [extract()]
    [subject] = subjects(tmp_path, record)
    summary = spatial_summary(subject.evidence.citations)
    assert summary["unique_paragraphs_count"] == 1
    for count, found in ((1, set()), (True, {"spatial_summary"}), (2, {"spatial_summary"})):
        stored = {"trace_spatial_summary": summary | {"unique_paragraphs_count": count}}
        assert findings_of(tmp_path, record | stored) & {"spatial_summary"} == found
