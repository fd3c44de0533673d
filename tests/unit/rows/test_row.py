"""A row as a whole: what is stored is carried, what is missing is derived."""

import json
from pathlib import Path

from botcoin_dpo import build
from tests.builders import attempt, built_row, context, read_rows, recovery, write_log


def test_a_row_of_records_without_annotations_has_them_derived(
    reference: Path, tmp_path: Path
) -> None:
    log = reference / "session_0x37289055.attempts.jsonl"
    records = [json.loads(line) for line in log.read_bytes().splitlines()]
    names = {
        "trace_stats", "trace_spatial_summary", "trace_validation", "timestamp",
        "constraint_pass_count", "constraint_fail_count", "time_since_previous_attempt_ms",
    }  # fmt: skip
    bare = [{k: v for k, v in record.items() if k not in names} for record in records]
    build(write_log(tmp_path / "a.jsonl", bare), tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    published = json.loads((reference / "pair_0x37289055.json").read_bytes())
    for side in ("rejected_metadata", "chosen_metadata"):
        assert row[side]["trace_stats"].pop("reasoning_steps") == 0
        assert row[side]["trace_validation"] == {
            "ok": None, "citation_match_rate": 1, "programmatic_score": None,
        }  # fmt: skip
        row[side]["trace_validation"] = published[side]["trace_validation"]
    assert row == published


def test_time_since_the_previous_attempt_needs_the_index_right_before(tmp_path: Path) -> None:
    records = [attempt(1), attempt(3, passed=True)]
    log = write_log(tmp_path / "a.jsonl", records)
    build(log, tmp_path / "out", pairs=["bookend"])
    (row,) = read_rows(tmp_path / "out", "bookend")
    assert row["chosen_metadata"]["time_since_previous_attempt_ms"] is None
    assert row["pair_annotations"]["revision_time_ms"] == 120_000


def test_final_status_is_that_of_the_last_attempt_else_by_passes(tmp_path: Path) -> None:
    records = [*recovery(), attempt(3, session_status="closed"), *recovery(miner="0xbb")]
    records[3:] = [record | {"session_status": None} for record in records[3:]]
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
    statuses = [row["metadata"]["session_final_status"] for row in read_rows(tmp_path / "out")]
    assert statuses == ["closed", "passed"]


def test_paragraphs_are_counted_when_no_count_is_stored(tmp_path: Path) -> None:
    plain = {"challenge_context": context(paragraph_count=None)}
    assert built_row(tmp_path, plain, plain)["prompt_metadata"]["paragraph_count"] == 4
