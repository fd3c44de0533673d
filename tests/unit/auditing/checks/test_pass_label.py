"""The label itself: what a pass needs, and what says that it was there."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import audit
from tests.builders import attempt, write_log

SOUND: dict[str, Any] = {
    "pass": True,
    "acceptance_path": "B",
    "answer_verification": {"correct": 8, "total": 10, "required": 6, "passed_threshold": True},
    "trace_validation": {"ok": True},
}


def findings(tmp_path: Path, **fields: Any) -> list[tuple[object, object]]:
    log = write_log(tmp_path / "a.jsonl", [attempt(failed=fields.pop("failed", ()), **fields)])
    result = audit(log)
    return [
        (each.finding.recorded, each.finding.recomputed)
        for each in result.listed
        if each.finding.rule == "pass_label"
    ]


@pytest.mark.parametrize("path", ["B", "A", None])
def test_a_pass_that_has_what_it_needs_is_one(tmp_path: Path, path: str | None) -> None:
    assert findings(tmp_path, **SOUND | {"acceptance_path": path}) == []


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"answer_verification": {"passed_threshold": False}}, "answer threshold"),
        ({"answer_verification": {"correct": 5, "required": 6}}, "answer threshold"),
        ({"trace_validation": {"ok": False}}, "valid trace"),
        ({"acceptance_path": "NONE"}, "acceptance path"),
        (
            {"trace_validation": {"ok": False}, "answer_verification": {"passed_threshold": False}},
            "answer threshold, valid trace",
        ),
    ],
)
def test_a_pass_that_lacks_something_is_none(
    tmp_path: Path, changed: dict[str, Any], lacks: str
) -> None:
    assert findings(tmp_path, **SOUND | changed) == [(True, f"lacks {lacks}")]


@pytest.mark.parametrize("path", ["B", "NONE", None])
def test_a_fail_that_has_all_that_a_pass_needs_is_wrong(tmp_path: Path, path: str | None) -> None:
    changed = {"pass": False, "acceptance_path": path}
    assert findings(tmp_path, **SOUND | changed) == [(False, "has all that a pass needs")]


@pytest.mark.parametrize(
    "changed",
    [
        {"failed": [1]},
        {"answer_verification": {"passed_threshold": False}},
        {"trace_validation": {"ok": False}},
        {"answer_verification": None},
        {"trace_validation": None},
        {"answer_verification": {"correct": "8", "required": 6}},
    ],
)
def test_a_fail_is_left_alone_where_a_need_is_not_met_or_not_stored(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    fields = SOUND | {"pass": False, "acceptance_path": "NONE"} | changed
    assert findings(tmp_path, **fields) == []
