"""More honest records that look like lies, lies that look honest, and records made to hurt."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build
from botcoin_dpo.attempts.trace_statistics import spatial_summary
from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.auditing.expected_texts.consensus import Knowledge
from tests.audited import (
    EQUATION,
    INCLUDE,
    PRIME,
    one_constraint,
    rules_of,
    subjects,
    verdict_on,
)
from tests.builders import attempt, compute, extract, read_rows, recovery, write_log


def constrained(texts: list[str], artifact: str, held: list[bool], **changes: Any) -> Any:
    """An attempt with these constraints and outcomes; it is credited if all hold."""
    record = one_constraint(texts[0], artifact, **changes)
    record["challenge_context"]["constraints"] = texts
    if (trace := changes.get("trace")) is not None:
        record["submission"]["reasoning_trace"] = trace
        del record["trace"]
    results = {str(index): {"pass": each} for index, each in enumerate(held)}
    return record | {
        "pass": all(held),
        "constraint_total": len(texts),
        "constraint_results": results,
    }


def said_of(document: str, record: Any) -> Any:
    record["challenge_context"] |= {"document": document, "paragraph_count": 1}
    return record


def findings_of(tmp_path: Path, record: Any) -> set[str]:
    [subject] = subjects(tmp_path, record)
    return set(rules_of(audit_attempt(subject, Knowledge()).findings))


@pytest.mark.parametrize("text", ["1,200", "1,200 crates", "$1200", "1200%", "12-00"])
def test_a_value_may_be_asked_for_in_another_format(tmp_path: Path, text: str) -> None:
    document = f"[paragraph_1]\nThe Alma Rose carries {text}."
    record = one_constraint(INCLUDE, "has 1200")
    record["submission"]["reasoning_trace"] = [extract(value=text, paragraph=1)]
    assert verdict_on(tmp_path, said_of(document, record)).status != "contradicted"


def test_a_name_that_fits_two_constraints_is_a_guess(tmp_path: Path) -> None:
    document = "[paragraph_1]\nThe Alma Rose is run from Nantes in France."
    texts = [INCLUDE.replace("crates", f"headquarters {what}") for what in ("city", "country")]
    step = extract(attribute="headquarters", value="Nantes", paragraph=1)
    credited = constrained(texts, "Nantes in France", [True, True], trace=[step], miner="0xbb")
    for artifact, held in (("in France", [False, True]), ("the Nantes", [True, False])):
        failing = constrained(texts, artifact, held, trace=[compute()], miner="0x11")
        audited = subjects(tmp_path, said_of(document, failing), said_of(document, credited))
        verdicts = audit_attempt(audited[0], Knowledge.of(audited)).verdicts
        assert "contradicted" not in {verdict.status for verdict in verdicts}


@pytest.mark.parametrize("name", ["revenue_{}", "revenue{}"])
def test_a_bare_number_is_no_quarter(tmp_path: Path, name: str) -> None:
    document = "[paragraph_1]\nThe Alma Rose had revenue 111 then 222 then 333."
    record = one_constraint(INCLUDE.replace("crates", "Q2 revenue"), "has 222")
    record["submission"]["reasoning_trace"] = [
        extract(step_id=f"e{n}", attribute=name.format(n), value=111 * n, paragraph=1)
        for n in (1, 2, 3)
    ]
    assert verdict_on(tmp_path, said_of(document, record)).status != "contradicted"


@pytest.mark.parametrize(("value", "wrong"), [(900, 900), ("900", 900), (900, "900")])
@pytest.mark.parametrize("text", [INCLUDE, PRIME])
def test_superseded_values_are_known_in_any_spelling(
    tmp_path: Path, text: str, value: int | str, wrong: int | str
) -> None:
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "wrong_value": wrong}
    traps = {"trap_count": 1, "traps": [trap]}
    trace = [
        extract(value=value, paragraph=3),
        compute(step_id="c1", operation="mod", inputs=["e1", 100], result=0),
    ]
    record = one_constraint(text, "has 1200 and 13") | {"trap_metadata": traps}
    record["submission"]["reasoning_trace"] = trace
    assert verdict_on(tmp_path, record).status != "contradicted"
    honest = one_constraint(text, "has 1200 and 13", miner="0x11") | {"trap_metadata": traps}
    honest["submission"]["reasoning_trace"] = [compute()]
    other = one_constraint(text, "not 900 or 11", miner="0xbb") | {"trap_metadata": traps}
    other["submission"]["reasoning_trace"] = trace
    assert verdict_on(tmp_path, honest, other).status != "contradicted"


@pytest.mark.parametrize(
    ("text", "artifact"),
    [
        (EQUATION, "so 9+34=43+12=55 it is"),
        (EQUATION, "so 22.5+12.5=35 it is"),
        (PRIME, "so " + "0" * 59 + "19 it is"),
        ("Write EXACTLY 2 words. Single line.", "Alma\x85 sails"),
    ],
)
def test_odd_artifacts_may_hold_what_is_asked_for(tmp_path: Path, text: str, artifact: str) -> None:
    record = one_constraint(text, artifact)
    record["submission"]["reasoning_trace"] = [compute()]
    assert verdict_on(tmp_path, record).status != "contradicted"


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


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("O'Brien", "OBrien"),
        ("U.S.A.", "USA"),
        ("7.50", "7.5"),
        ("1e3", "1000"),
        ("1 200", "1200"),
        ("Dock 7.0", "7 Dock North"),
    ],
)
def test_answers_may_be_written_otherwise(tmp_path: Path, given: str, expected: str) -> None:
    answer = {"value": given, "expected": expected, "correct": True}
    record = attempt(1) | {"submitted_answers": {"q1": answer}}
    assert "answer_counts" not in findings_of(tmp_path, record)


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


def test_a_list_is_held_only_against_results(tmp_path: Path) -> None:
    record = attempt(1, constraint_total=2, constraints_passed=[0], constraints_failed=[])
    record["challenge_context"]["constraints"] = ["Sing."] * 2
    record |= {"constraint_results": {"0": {"pass": True}}, "constraint_pass_count": None}
    assert "stored_counts" not in findings_of(tmp_path, record)
    record["constraint_results"]["1"] = {"pass": True}
    assert "stored_counts" in findings_of(tmp_path, record)


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


def test_a_product_of_more_than_64_bits_can_be_printed(tmp_path: Path) -> None:
    record = attempt(1)
    record["submission"]["reasoning_trace"] = [
        compute(operation="multiply", inputs=[2**63, 2**63], result=1)
    ]
    write_log(tmp_path / "a.jsonl", [record])
    [listed] = audit(tmp_path / "a.jsonl").as_json()["listed"]
    assert isinstance(listed["recomputed"], float)
    assert listed["recomputed"] == float(2**126)


def test_much_of_everything_comes_to_an_end(tmp_path: Path) -> None:
    """Each of these once took minutes, or would have."""
    many = 150
    texts = [INCLUDE.replace("crates", f"aa b{number}") for number in range(many)]
    trace = [extract(step_id=f"e{n}", attribute=f"aa c{n}") for n in range(many)]
    record = constrained(texts, "1200", [False] * many, trace=trace)
    assert verdict_on(tmp_path, record).status == "unchecked"
    product = compute(operation="multiply", inputs=["9" * 59] * 20_000)
    assert rules_of(audit_computations([product])) == ["computation_inputs"]
    record = one_constraint(EQUATION, "10+010=20 " * 16_000)
    record["submission"]["reasoning_trace"] = [compute()]
    assert verdict_on(tmp_path, record).reason == "not_known"


def test_marks_that_are_no_truth_values_are_not_counted(tmp_path: Path) -> None:
    answer = {"value": "Alma Rose", "expected": "Alma Rose"}
    record = attempt(1) | {"answer_verification": {"correct": 3}}
    marked = record | {"submitted_answers": {"q1": answer | {"correct": True}}}
    assert "answer_counts" in findings_of(tmp_path, marked)
    unmarked = record | {"submitted_answers": {"q1": answer | {"correct": 1}}}
    assert "answer_counts" not in findings_of(tmp_path, unmarked)


def test_a_truth_value_is_no_number(tmp_path: Path) -> None:
    record = attempt(1)
    record["submission"]["reasoning_trace"] = [extract()]
    [subject] = subjects(tmp_path, record)
    summary = spatial_summary(subject.citations)
    assert summary["unique_paragraphs_count"] == 1
    for count, found in ((1, set()), (True, {"spatial_summary"}), (2, {"spatial_summary"})):
        stored = {"trace_spatial_summary": summary | {"unique_paragraphs_count": count}}
        assert findings_of(tmp_path, record | stored) & {"spatial_summary"} == found
