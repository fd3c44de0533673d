"""Derived values: on real records they equal what is stored."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import build
from botcoin_dpo.attempts.citations import (
    citation_flags,
    citation_match_rate,
    citations_of,
    paragraphs_of,
)
from botcoin_dpo.attempts.trace_statistics import order_correlation, spatial_summary, step_counts
from tests.builders import attempt, context, document, extract, read_rows, recovery, write_log


def real_records(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for name in ("attempts_v2.jsonl", "session_0x37289055.attempts.jsonl")
        for line in (folder / name).read_bytes().splitlines()
    ]


def test_real_summaries_counts_and_rates_come_back(reference: Path) -> None:
    for record in real_records(reference):
        trace = record["submission"]["reasoning_trace"]
        text = record["challenge_context"]["document"]
        counts = step_counts(trace)
        assert {key: counts[key] for key in record["trace_stats"]} == record["trace_stats"]
        assert spatial_summary(citations_of(trace)) == record["trace_spatial_summary"]
        rate = citation_match_rate(citations_of(trace), text)
        assert rate == record["trace_validation"]["citation_match_rate"]


def test_real_citations_match_one_by_one_the_one_mismatch_included(reference: Path) -> None:
    checked = []
    for record in real_records(reference):
        resolved = record["trace_validation"].get("resolved_citations")
        if resolved is not None:
            trace = record["submission"]["reasoning_trace"]
            flags = citation_flags(citations_of(trace), record["challenge_context"]["document"])
            assert flags == [citation["matched"] for citation in resolved]
            checked += flags
    assert checked.count(False) == 1


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


@pytest.mark.parametrize(
    ("changes", "matches"),
    [
        ({}, True),
        ({"value": "1200"}, True),
        ({"value": "1,200"}, True),
        ({"value": 1200.0}, True),
        ({"entity": "ALMA rose"}, True),
        ({"value": "“SALT”"}, False),
        ({"value": "“salt”"}, True),
        ({"value": ""}, False),
        ({"value": None}, False),
        ({"entity": ""}, False),
        ({"entity": None}, False),
        ({"paragraph": 3}, False),
        ({"paragraph": 99}, False),
        ({"coordinator_provenance": None}, True),
        ({"coordinator_provenance": None, "source": "paragraph_2 "}, False),
        ({"coordinator_provenance": None, "source": "paragraph_٢"}, False),
        ({"coordinator_provenance": {"paragraph_index": "2"}}, True),
        ({"coordinator_provenance": {"paragraph_index": True}, "source": "x"}, False),
    ],
)
def test_when_a_citation_matches(changes: dict[str, Any], matches: bool) -> None:
    assert citation_flags(citations_of([extract(**changes)]), document()) == [matches]


def test_the_first_paragraph_of_a_number_counts() -> None:
    text = "[paragraph_1]\nAlma Rose 7\n[paragraph_1]\nAlma Rose 1200\n[paragraph_x]\n"
    assert citation_flags(citations_of([extract(value=7, paragraph=1)]), text) == [True]
    assert citation_flags(citations_of([extract(value=1200, paragraph=1)]), text) == [False]
    assert paragraphs_of(text).total == 2


_pieces = st.lists(
    st.sampled_from(
        ["[paragraph_1]", "[paragraph_2]", "[paragraph_02]", "[paragraph_x]", "[paragraph_",
         "[paragraph_1234567890]", "\n", "\r\n", " ", "\t", "\u2028", "Alma 1,200", "é"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(_pieces)
def test_paragraphs_start_with_a_line_of_their_own(text: str) -> None:
    marks, texts = 0, dict[int, list[str]]()
    current: list[str] | None = None
    for line in text.split("\n"):
        mark = re.fullmatch(r"\[paragraph_([0-9]{1,9})\][ \t\r]*", line)
        if mark:
            marks += 1
            current = [] if int(mark[1]) not in texts else None
            if current is not None:
                texts[int(mark[1])] = current
        elif current is not None:
            current.append(line)
        if mark and int(mark[1]) in texts and texts[int(mark[1])] is not current:
            current = []  # a number that was there before: its text is nobody's
    paragraphs = paragraphs_of(text)
    assert paragraphs.total == marks
    assert {number: each.split() for number, each in paragraphs.texts.items()} == {
        number: "\n".join(lines).split() for number, lines in texts.items()
    }


def test_no_extract_steps_have_a_rate_of_zero_and_an_empty_summary() -> None:
    assert citation_match_rate([], document()) == 0
    summary = spatial_summary([])
    assert summary["paragraphs_touched"] == []
    assert [value for value in summary.values() if value] == []


@given(st.lists(st.integers(1, 30), max_size=12))
def test_order_correlation_is_one_for_sorted_and_within_bounds(cited: list[int]) -> None:
    assert -1 <= order_correlation(cited) <= 1
    assert order_correlation(sorted(cited)) == (1 if len(cited) > 1 else 0)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12))
def test_jumps_and_span(cited: list[int]) -> None:
    summary = spatial_summary(citations_of(extract(paragraph=number) for number in cited))
    steps = [b - a for a, b in pairwise(cited)]
    assert summary["paragraph_span"] == max(cited) - min(cited)
    assert summary["max_forward_jump"] == max([0, *steps])
    assert summary["max_backward_jump"] == max([0, *(-step for step in steps)])


def rows_of(folder: Path, rejected: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    records = [attempt(1, **rejected), attempt(2, **{"passed": True, **chosen})]
    build(write_log(folder / "a.jsonl", records), folder / "out")
    (row,) = read_rows(folder / "out")
    return row


ALL_PASS = {"failed": []}


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
    row = rows_of(tmp_path, rejected, chosen)
    assert row["pair_annotations"]["improvement_basis"] == basis


def test_what_a_record_carries_is_carried_whole_and_never_filled_in(tmp_path: Path) -> None:
    row = rows_of(
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
    row = rows_of(tmp_path, rejected, chosen)
    assert row["pair_annotations"]["revision_time_ms"] == time
    assert row["chosen_metadata"]["time_since_previous_attempt_ms"] == time


@pytest.mark.parametrize("index", [1e300, 2**64 - 1, -(2**60), 2.5])
def test_paragraph_numbers_beyond_all_documents_are_no_citations(
    tmp_path: Path, index: float
) -> None:
    trace = [extract(coordinator_provenance={"paragraph_index": index}, source="paragraph_7")]
    submission = {"artifact": "x", "reasoning_trace": trace}
    row = rows_of(tmp_path, {"submission": submission}, {})
    assert row["rejected_metadata"]["trace_spatial_summary"]["paragraphs_touched"] == [7]


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


def test_outcomes_of_tips_and_of_what_only_lists_say(tmp_path: Path) -> None:
    row = rows_of(
        tmp_path,
        {"constraint_results": ..., "constraints_passed": [0], "constraint_total": ...},
        {"constraint_results": ..., "constraints_failed": []},
    )
    assert row["pair_annotations"]["constraint_flips"] == {
        "flipped_to_pass": [1, 2], "flipped_to_fail": [], "stayed_pass": [0, 3], "stayed_fail": [],
    }  # fmt: skip
    assert row["rejected_metadata"]["constraint_fail_count"] == 2


def test_paragraphs_are_counted_when_no_count_is_stored(tmp_path: Path) -> None:
    plain = {"challenge_context": context(paragraph_count=None)}
    assert rows_of(tmp_path, plain, plain)["prompt_metadata"]["paragraph_count"] == 4
