"""Statistics of a trace: on real records they equal what is stored."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.attempts.citations import (
    citation_match_rate,
    citations_of,
)
from botcoin_dpo.attempts.trace_statistics import order_correlation, spatial_summary, step_counts
from tests.builders import built_row, document, extract, real_records


def test_real_summaries_counts_and_rates_come_back(reference: Path) -> None:
    for record in real_records(reference):
        trace = record["submission"]["reasoning_trace"]
        text = record["challenge_context"]["document"]
        counts = step_counts(trace)
        assert {key: counts[key] for key in record["trace_stats"]} == record["trace_stats"]
        assert spatial_summary(citations_of(trace)) == record["trace_spatial_summary"]
        rate = citation_match_rate(citations_of(trace), text)
        assert rate == record["trace_validation"]["citation_match_rate"]


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


@pytest.mark.parametrize("index", [1e300, 2**64 - 1, -(2**60), 2.5])
def test_paragraph_numbers_beyond_all_documents_are_no_citations(
    tmp_path: Path, index: float
) -> None:
    trace = [extract(coordinator_provenance={"paragraph_index": index}, source="paragraph_7")]
    submission = {"artifact": "x", "reasoning_trace": trace}
    row = built_row(tmp_path, {"submission": submission}, {})
    assert row["rejected_metadata"]["trace_spatial_summary"]["paragraphs_touched"] == [7]
