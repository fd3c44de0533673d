"""What is said of a pair: why the chosen side is better, and the time between the two."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import built_row

ALL_PASS: dict[str, Any] = {"failed": []}


@pytest.mark.parametrize(
    ("rejected", "chosen", "basis"),
    [
        ({}, {}, "constraint_count_increase"),
        ({**ALL_PASS, "pass": True, "acceptance_path": "A"}, {}, "acceptance_path_upgrade"),
        ({**ALL_PASS, "answer_verification": {"passed_threshold": False}}, {},
         "answer_threshold_met"),
        ({**ALL_PASS, "answer_verification": {"passed_threshold": False}},
         {"answer_verification": {"passed_threshold": False}}, "acceptance"),
        ({**ALL_PASS, "trace_validation": {"ok": False}}, {}, "trace_validation_recovered"),
        (ALL_PASS, {}, "acceptance"),
    ],
)  # fmt: skip
def test_improvement_basis(
    tmp_path: Path, rejected: dict[str, Any], chosen: dict[str, Any], basis: str
) -> None:
    row = built_row(tmp_path, rejected, chosen)
    assert row["pair_annotations"]["improvement_basis"] == basis


@pytest.mark.parametrize(
    ("rejected", "chosen", "time"),
    [
        ({}, {}, 60_000),
        ({"attempt_submitted_at": ...}, {}, None),
        ({"attempt_submitted_at": ..., "timestamp": "2026-03-01T00:00:00+01:00"},
         {"timestamp": "2026-02-28T23:00:01.2349Z"}, 1_234),
        ({"timestamp": "2026-03-01T00:00:00Z"}, {"timestamp": "2026-03-01T00:00:09Z"}, 60_000),
    ],
)  # fmt: skip
def test_revision_time_is_by_one_clock(
    tmp_path: Path, rejected: dict[str, Any], chosen: dict[str, Any], time: int | None
) -> None:
    row = built_row(tmp_path, rejected, chosen)
    assert row["pair_annotations"]["revision_time_ms"] == time
    assert row["chosen_metadata"]["time_since_previous_attempt_ms"] == time
