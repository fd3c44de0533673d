"""What a record stores beside its trace, as a row carries it."""

import json
from pathlib import Path

from tests.builders import built_row


def test_what_a_record_carries_is_carried_whole_and_never_filled_in(tmp_path: Path) -> None:
    row = built_row(
        tmp_path,
        {"trace_stats": {}, "trace_validation": {"note": 1}, "trace_quality": {"a": {"b": 1.0}}},
        {"answer_verification": {"correct": 7.0, "extra": 1}},
    )
    rejected, chosen = row["rejected_metadata"], row["chosen_metadata"]
    assert rejected["trace_stats"] == {}
    assert rejected["trace_validation"] == dict.fromkeys(
        ("ok", "citation_match_rate", "programmatic_score")
    )
    assert json.dumps(rejected["trace_quality"]) == '{"a": {"b": 1}}'
    assert "constraint_flip_summary" not in rejected
    assert list(chosen)[-1] == "answer_verification"
    assert chosen["answer_verification"] == {
        "correct": 7, "total": None, "required": None, "passed_threshold": None,
    }  # fmt: skip
    assert row["pair_annotations"]["trace_shape_delta"] == dict.fromkeys(
        ("total_steps", "extract_steps", "compute_steps", "citation_rate_delta")
    )
