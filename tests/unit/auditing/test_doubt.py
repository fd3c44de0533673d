"""Where an honest record may look like a lie, an audit keeps its peace."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build
from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.auditing.expected_texts.consensus import Knowledge
from tests.audited import (
    ANSWERS,
    INCLUDE,
    PRIME,
    one_constraint,
    rules_of,
    subjects,
    verdict_on,
)
from tests.builders import compute, extract, recovery, write_log


def findings_in(tmp_path: Path, record: dict[str, Any]) -> set[str]:
    [subject] = subjects(tmp_path, record)
    return set(rules_of(audit_attempt(subject, Knowledge.of([subject])).findings))


@pytest.mark.parametrize(
    ("operation", "inputs", "result"),
    [
        ("multiply", [10**15] * 15, 1e225),
        ("divide", [6.022e23, 2], 3.011e23),
        ("round", [1.005, 2], 1.01),
        ("round_nearest", [0.15, 0.1], 0.2),
        ("divide", [1.2346e-9, 1], 1.23e-09),
        ("sum", [[1, 2], [3]], 6),
        ("sum", [[1, 2], 3], 6),
        ("max", [3, 5], "Alma Rose"),
        ("divide", [1, 8], "12.5%"),
        ("divide", [10, 3], "~3.33"),
        ("add", ["684 s", "€4"], 688),
        ("add", ["−5", "1 200"], 1195),
        ("mod", [-45, 100], -45),
        ("mod", [-45, 100], 55),
        ("nextPrime", [54], 59),
        (" next-prime ", [54], 59),
        ("count", ["c20", "c30"], 2),
    ],
)
def test_computations_in_other_spellings_are_right(
    operation: str, inputs: list[Any], result: Any
) -> None:
    step = compute(step_id="c1", operation=operation, inputs=inputs, result=result)
    assert list(audit_computations([step])) == []


@pytest.mark.parametrize("name", ["e1", "$e1", "e1.valueExtracted"])
def test_references_in_other_spellings_are_followed(name: str) -> None:
    trace = [extract(step_id="e1", value=5), compute(inputs=[name, 1], result=6)]
    assert list(audit_computations(trace)) == []


def test_a_product_beyond_all_numbers_is_no_traceback() -> None:
    step = compute(operation="multiply", inputs=[10**15] * 21, result=1)
    assert rules_of(audit_computations([step])) == ["computation_inputs"]


@pytest.mark.parametrize(
    ("value", "artifact"), [("Petra Lindqvist", "Lindqvist sails"), ("scarlet", "Scarlet sails")]
)
def test_a_part_of_what_was_extracted_may_be_asked_for(
    tmp_path: Path, value: str, artifact: str
) -> None:
    record = one_constraint(INCLUDE, artifact)
    record["challenge_context"]["document"] = f"[paragraph_1]\nAlma Rose: {value}."
    record["submission"]["reasoning_trace"] = [extract(value=value, paragraph=1)]
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_a_superseded_reading_does_not_contradict(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 89 it is")
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "wrong_value": 1200}
    record["trap_metadata"] = {"trap_count": 1, "traps": [trap]}
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_what_is_computed_with_something_else_does_not_contradict(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 89 it is")
    record["submission"]["reasoning_trace"][1]["inputs"] = [977, 100]
    record["submission"]["reasoning_trace"][1]["result"] = 77
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_outcomes_on_path_a_are_not_those_of_path_b(tmp_path: Path) -> None:
    credited = one_constraint(PRIME, "prime 11 it is", miner="0xbb")
    other = one_constraint(PRIME, "prime 89 it is") | {
        "acceptance_path": "A",
        "credit_eligible": False,
    }
    assert verdict_on(tmp_path, other, credited).status == "unchecked"
    assert verdict_on(tmp_path, other).status == "unchecked"
    assert verdict_on(tmp_path, other | {"acceptance_path": "B"}).status == "contradicted"


def test_two_errors_may_give_the_right_number(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 13 it is")
    record["submission"]["reasoning_trace"][1]["result"] = 2  # 1200 mod 100 is 0
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_credited_attempts_that_disagree_tell_nothing(tmp_path: Path) -> None:
    one = one_constraint(INCLUDE, "has 1200")
    other = one_constraint(INCLUDE, "has 900", miner="0xbb")
    other["submission"]["reasoning_trace"] = [extract(value=900, paragraph=3)]
    third = one_constraint(INCLUDE, "has 7", miner="0x11")  # comes first
    third["submission"]["reasoning_trace"] = [compute()]
    for record in (one, other, third):
        del record["trap_metadata"]
    assert verdict_on(tmp_path, third, one).status == "contradicted"
    assert verdict_on(tmp_path, third, one, other).status == "unchecked"


@pytest.mark.parametrize(
    ("texts", "artifact", "derived", "is_found"),
    [
        ([PRIME, INCLUDE], "prime 89 with 1200", None, False),  # one of them has its own text
        ([PRIME, INCLUDE], "prime 89 with 977", None, True),
        ([PRIME.replace("crates", "loaded crates")], "prime 89", None, False),  # another, perhaps
        ([PRIME.replace("crates", "loaded crates")], "prime 89", 11, True),
    ],
)
def test_a_path_is_contradicted_only_by_all_that_tell_it(
    tmp_path: Path, texts: list[str], artifact: str, derived: int | None, is_found: bool
) -> None:
    record = one_constraint(texts[0], artifact)
    record["challenge_context"]["constraints"] = texts
    record["constraint_total"] = len(texts)
    record["constraint_results"] = {str(at): {"pass": True} for at in range(len(texts))}
    trap = {"target_entity": "Alma Rose", "attribute": "crates", "wrong_value": 977,
            "correct_value": 1200, "path_b_derived": derived}  # fmt: skip
    record |= {"acceptance_path": "B", "trap_metadata": {"trap_count": 1, "traps": [trap]}}
    assert ("path_claim" in findings_in(tmp_path, record)) is is_found


def test_an_attempt_that_is_missing_is_none_before(tmp_path: Path) -> None:
    first, second = recovery()
    third = second | {"attempt_index": 3, "time_since_previous_attempt_ms": 7}
    write_log(tmp_path / "a.jsonl", [first, third])
    assert audit(tmp_path / "a.jsonl").findings_by_rule["time_difference"] == 0


def test_the_stored_order_of_answers_is_a_guess(tmp_path: Path) -> None:
    text = (
        "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
        "(initials(Q1)+initials(Q2)), uppercased."
    )
    record = one_constraint(text, "alma roses")
    assert verdict_on(tmp_path, record).status == "verified"
    record["submitted_answers"] = dict(sorted(ANSWERS.items()))  # not the order of questions
    assert verdict_on(tmp_path, record).status == "verified"
    del record["challenge_context"]["question_metadata"]
    assert verdict_on(tmp_path, record).status == "unchecked"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("1,200", "1200"), ("42.0", "42"), ("the Grey Heron", "Grey Heron"), ("Café", "Cafe"),
     ("Acme Inc.", "Acme Inc"), ("grey  heron", "Grey Heron")],
)  # fmt: skip
@pytest.mark.parametrize("is_right", [True, False])
def test_what_may_be_the_same_answer_is_not_judged(
    tmp_path: Path, given: str, expected: str, is_right: bool
) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    entry = {"value": given, "expected": expected, "correct": is_right}
    record["submitted_answers"] = ANSWERS | {"q3": entry}
    assert findings_in(tmp_path, record) == set()
    record["submitted_answers"] = ANSWERS | {"q3": entry | {"value": "Beryl", "correct": True}}
    assert findings_in(tmp_path, record) == {"answer_counts"}


def test_rates_are_compared_as_they_may_be_rounded(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    steps = [extract(step_id="e1"), extract(step_id="e2"), extract("Nobody", step_id="e3")]
    steps[2]["coordinator_provenance"]["quote_match"] = "UNVERIFIED"
    record["submission"]["reasoning_trace"] = steps
    for rate, expected in ((0.667, set()), (0.5, {"citation_rate"})):
        record["trace_validation"] = {"citation_match_rate": rate}
        assert findings_in(tmp_path, record) == expected


def test_citations_are_told_apart_by_their_own_names(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    steps = [extract(step_id="e1"), extract("Nobody", step_id="e1")]
    steps[1]["coordinator_provenance"]["quote_match"] = "UNVERIFIED"
    record["submission"]["reasoning_trace"] = steps
    entries = [{"stepId": "e1", "matched": True}, {"stepId": "e1", "matched": False}]
    record["trace_validation"] = {"resolved_citations": entries}
    assert findings_in(tmp_path, record) == set()
    entries = [{"matched": False}, {"matched": True}]  # in another order, without names
    record["trace_validation"] = {"resolved_citations": entries}
    assert findings_in(tmp_path, record) == set()


def test_citations_matched_in_other_ways_are_left_alone(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    step = extract("Nobody")
    step["coordinator_provenance"]["match_method"] = "quote_fuzzy"
    record["submission"]["reasoning_trace"] = [step]
    record["trace_validation"] = {"citation_match_rate": 1}
    assert findings_in(tmp_path, record) == set()


def test_zones_that_are_not_told_are_not_held_against_a_summary(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 1200")
    step = extract()
    del step["coordinator_provenance"]
    record["submission"]["reasoning_trace"] = [step]
    record["trace_spatial_summary"] = {"truth_paragraph_touched": True, "paragraph_span": 0}
    assert findings_in(tmp_path, record) == set()
    record["trace_spatial_summary"]["paragraph_span"] = 4
    assert findings_in(tmp_path, record) == {"spatial_summary"}


def test_a_first_attempt_has_none_before_it(tmp_path: Path) -> None:
    first, second = recovery()
    first["submission"]["reasoning_trace"] = second["submission"]["reasoning_trace"]
    first["time_since_previous_attempt_ms"] = 5
    second["constraint_flip_summary"] = {"flipped_to_pass": [1], "stayed_pass": [2, 0]}
    audited = subjects(tmp_path, first, second)
    assert rules_of(audit_attempt(audited[0], Knowledge()).findings) == ["time_difference"]
    assert findings_in(tmp_path, second) == set()  # whatever the order of its lists


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
