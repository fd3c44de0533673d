"""An audit of rows knows less than one of logs, and accuses no attempt of more."""

from pathlib import Path
from typing import Any

from botcoin_dpo import build
from botcoin_dpo.auditing.auditor import audit
from tests.builders import compute, extract, read_rows, recovery, write_log


def test_what_lies_before_a_rejected_attempt_is_known_to_the_row(tmp_path: Path) -> None:
    first, second = recovery()
    third = second | {"attempt_index": 3, "record_id": "third"}
    middle = first | {
        "attempt_index": 2,
        "record_id": "second",
        "attempt_submitted_at": first["attempt_submitted_at"] + 1000,
        "time_since_previous_attempt_ms": 999,
        "submission": first["submission"] | {"artifact": "Alma sails to Nara again"},
    }
    write_log(tmp_path / "logs/a.jsonl", [first, middle, third])
    in_logs = audit(tmp_path / "logs")
    assert in_logs.findings_by_rule["time_difference"] == 1
    result = build(tmp_path / "logs", tmp_path / "out", drop_if=["time_difference"])
    assert result.funnel.dropped["time_difference"] == 1


def test_numbers_with_commas_are_not_taken_apart_in_rows(tmp_path: Path) -> None:
    first, second = recovery()
    for record in (first, second):
        steps = [extract(), compute(inputs=["1,200", 5], result=1205)]
        record["submission"]["reasoning_trace"] = steps
    write_log(tmp_path / "logs/a.jsonl", [first, second])
    build(tmp_path / "logs", tmp_path / "out")
    for path in ("logs", "out"):
        assert audit(tmp_path / path).findings_by_rule["computation_result"] == 0


def rules_in_rows(tmp_path: Path, records: list[dict[str, Any]]) -> set[str]:
    write_log(tmp_path / "logs/a.jsonl", records)
    build(tmp_path / "logs", tmp_path / "out")
    assert read_rows(tmp_path / "out")
    return {rule for rule, count in audit(tmp_path / "out").findings_by_rule.items() if count}


def with_step(step: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    """A session both of whose attempts have this step alone."""
    records = recovery(**changes)
    for number, record in enumerate(records):
        note = {"action": "note", "note": f"attempt {number}"}
        record["submission"]["reasoning_trace"] = [step, note]
    return records


def test_rows_are_not_held_to_what_they_do_not_tell(tmp_path: Path) -> None:
    step = extract()
    del step["coordinator_provenance"]
    zones = {"truth_paragraph_touched": True}
    assert rules_in_rows(tmp_path / "zones", with_step(step, trace_spatial_summary=zones)) == set()
    step = extract("Nobody")
    step["coordinator_provenance"] |= {"match_method": "quote_fuzzy"}
    rate = {"citation_match_rate": 1}
    found = rules_in_rows(tmp_path / "method", with_step(step, trace_validation=rate))
    assert found <= {"citation_tier"}
    step["coordinator_provenance"]["quote_match"] = "FUZZY"
    found = rules_in_rows(tmp_path / "tier", with_step(step, trace_validation=rate))
    assert found == set()


def test_rows_accuse_whom_a_lie_is_from(tmp_path: Path) -> None:
    first, second = with_step(extract())
    second["trap_metadata"] = {"trap_count": 2, "traps": [{"wrong_value": 900}]}
    write_log(tmp_path / "logs/a.jsonl", [first, second])
    build(tmp_path / "logs", tmp_path / "out")
    assert audit(tmp_path / "out").findings_by_rule["stored_counts"] == 1


def test_clocks_that_tell_seconds_do_not_contradict(tmp_path: Path) -> None:
    records = with_step(extract())
    for number, record in enumerate(records):
        record.pop("attempt_submitted_at", None)
        record["timestamp"] = f"2026-01-01T00:0{number}:00Z"
    records[1]["time_since_previous_attempt_ms"] = 60_123
    assert "time_difference" not in rules_in_rows(tmp_path, records)


def test_a_value_that_is_nothing_is_not_the_word(tmp_path: Path) -> None:
    records = with_step(extract(value=None), trace_validation={"citation_match_rate": 0})
    text = "[paragraph_1]\nA log.\n\n[paragraph_2]\nThe Alma Rose was annulled."
    for record in records:
        record["challenge_context"] |= {"document": text, "paragraph_count": 2}
        record["submission"]["reasoning_trace"][0]["coordinator_provenance"]["quote_match"] = ""
    assert "citation_rate" not in rules_in_rows(tmp_path, records)


def test_a_source_of_many_digits_is_no_traceback(tmp_path: Path) -> None:
    step = extract() | {"source": "paragraph_" + "9" * 5000}
    del step["coordinator_provenance"]
    assert rules_in_rows(tmp_path, with_step(step)) == set()
