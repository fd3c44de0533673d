"""What is recorded of citations is held against the document."""

from pathlib import Path

from tests.audited import INCLUDE, findings_of, one_constraint
from tests.builders import attempt, extract


def test_rates_are_compared_as_they_may_be_rounded(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    steps = [extract(step_id="e1"), extract(step_id="e2"), extract("Nobody", step_id="e3")]
    steps[2]["coordinator_provenance"]["quote_match"] = "UNVERIFIED"
    record["submission"]["reasoning_trace"] = steps
    for rate, expected in ((0.667, set()), (0.5, {"citation_rate"})):
        record["trace_validation"] = {"citation_match_rate": rate}
        assert findings_of(tmp_path, record) == expected


def test_citations_are_told_apart_by_their_own_names(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    steps = [extract(step_id="e1"), extract("Nobody", step_id="e1")]
    steps[1]["coordinator_provenance"]["quote_match"] = "UNVERIFIED"
    record["submission"]["reasoning_trace"] = steps
    entries = [{"stepId": "e1", "matched": True}, {"stepId": "e1", "matched": False}]
    record["trace_validation"] = {"resolved_citations": entries}
    assert findings_of(tmp_path, record) == set()
    entries = [{"matched": False}, {"matched": True}]  # in another order, without names
    record["trace_validation"] = {"resolved_citations": entries}
    assert findings_of(tmp_path, record) == set()


def test_citations_matched_in_other_ways_are_left_alone(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    step = extract("Nobody")
    step["coordinator_provenance"]["match_method"] = "quote_fuzzy"
    record["submission"]["reasoning_trace"] = [step]
    record["trace_validation"] = {"citation_match_rate": 1}
    assert findings_of(tmp_path, record) == set()


def test_a_paragraph_below_zero_is_none(tmp_path: Path) -> None:
    record = attempt(1)
    step = extract(paragraph=77)
    step["coordinator_provenance"] = {"paragraph_index": -1, "quote_match": "UNVERIFIED"}
    entry = {"stepId": "e1", "matched": False, "paragraphIndex": -1}
    record["submission"]["reasoning_trace"] = [step]
    record["trace_validation"] = {"resolved_citations": [entry]}
    assert findings_of(tmp_path, record) == set()
    entry["paragraphIndex"] = 3
    assert findings_of(tmp_path, record) == {"citation_source"}
    del step["step_id"]  # what it is called in a finding is not its name
    entry["stepId"] = "extract 1"
    assert findings_of(tmp_path, record) == set()
