"""The parts of an audit: names of attributes, computations, constraints, citations, paths."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.attempts.attempt import PreviousAttempt
from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.audited_attempt import Subject
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.auditing.expected_texts.attribute_names import likeness
from botcoin_dpo.auditing.expected_texts.consensus import Knowledge
from botcoin_dpo.auditing.rules import Finding
from botcoin_dpo.auditing.signals import pair_signals
from botcoin_dpo.contract.audit_rules import RULES, parse_rules
from botcoin_dpo.errors import UsageError
from tests.audited import (
    EQUATION,
    INCLUDE,
    PRIME,
    one_constraint,
    rules_of,
    subjects,
    verdict_on,
)
from tests.builders import compute, extract, recovery


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("CEO's last name", "ceo.last_name"),
        ("headquarters city", "headquarters_city"),
        ("headquarters city", "headquartersCity"),
        ("Q1 revenue", "revenue.q1"),
        ("Q1 revenue", "revenue.0"),
        ("Q4 revenue", "revenue_q4"),
        ("employees", "employees"),
    ],
)
def test_equal_names_are_known_however_they_are_written(phrase: str, name: str) -> None:
    assert likeness(phrase, name) == likeness(name, phrase) == 1.0


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("method category", "approach_category"),
        ("CEO's last name", "leader_last_name"),
        ("observatory credited", "observatory"),
        ("physical qubit count", "physical_qubits_n"),
        ("evaluated gene count", "evaluated_genes"),
        ("runtime in seconds", "runtime_seconds"),
        ("qubits n", "qubits_k"),
        ("total crew", "crew"),
    ],
)
def test_similar_names_are_less_than_equal(phrase: str, name: str) -> None:
    assert 0 < likeness(phrase, name) < 1


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Q1 revenue", "revenue.q2"),
        ("Q1 revenue", "revenue.1"),
        ("Q1 revenue", "revenue"),
        ("employees", "employees_difference"),
        ("employees", "headquarters.city"),
        ("employees", ""),
        ("count of the", "number"),
    ],
)
def test_other_attributes_are_not_alike(phrase: str, name: str) -> None:
    assert likeness(phrase, name) == 0


@pytest.mark.parametrize(
    ("operation", "inputs", "result"),
    [
        ("add", [1, 2, 3], 6),
        ("sum", [[1, 2, 3]], 6),
        ("subtract", [10, 3, 2], 5),
        ("multiply", [2, 3, 4], 24),
        ("divide", [1, 3], 0.33),
        ("ratio", [1, 3], 0.3333333333333333),
        ("mod", [25512, 100], 12),
        ("max", [1, 5, 3], 5),
        ("min", [1, 5, 3], 1),
        ("average", [1, 2], 1.5),
        ("next_prime", [23], 23),
        ("next_prime", [54], 59),
        ("round", [2.5], 3),
        ("round", [2.345, 1], 2.3),
        ("round_nearest", [17, 5], 15),
        ("abs_diff", [3, 10], 7),
        ("count", ["a", "b"], 2),
        ("compare_equal", ["Nara", "Nara"], True),
        ("compare_greater_than", [2, 1], True),
        ("compare_less_than", [2, 1], False),
        ("ADD", ["1,200", "9.2%"], 1209.2),
    ],
)
def test_every_operation_of_the_protocol_is_replayed(
    operation: str, inputs: list[Any], result: Any
) -> None:
    step = compute(operation=operation, inputs=inputs, result=result)
    assert list(audit_computations([step])) == []
    wrong = (not result) if isinstance(result, bool) else result + 1
    [finding] = audit_computations([step | {"result": wrong}])
    assert (finding.rule, finding.recorded) == ("computation_result", wrong)


def test_a_computation_uses_the_results_that_are_there() -> None:
    trace = [
        extract(value="1,200", step_id="e1"),
        compute(step_id="c1", operation="mod", inputs=["e1", 100], result=7),  # wrong
        compute(step_id="c2", inputs=["c1", 1], result=8),
    ]
    assert [finding.subject for finding in audit_computations(trace)] == ["c1"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"operation": "power"}, "computation_operation"),
        ({"operation": None}, "computation_operation"),
        ({"operation": ["add"]}, "computation_operation"),
        ({"inputs": ["c2", 1]}, "computation_reference"),
        ({"inputs": ["c1", 1]}, "computation_reference"),
        ({"inputs": ["c7", 1]}, "computation_reference"),
        ({"inputs": ["Nara", 1]}, "computation_inputs"),
        ({"inputs": None}, "computation_inputs"),
        ({"inputs": []}, "computation_inputs"),
        ({"operation": "divide", "inputs": [1, 0]}, "computation_inputs"),
        ({"operation": "next_prime", "inputs": [10**12]}, "computation_inputs"),
        ({"operation": "round", "inputs": [1, 10**9]}, "computation_inputs"),
        ({"operation": "multiply", "inputs": [1e300, 1e300]}, "computation_inputs"),
        ({"inputs": [{"a": 1}, 2]}, "computation_inputs"),
        ({"result": None}, "computation_result"),
        ({"result": "4"}, "computation_result"),
        ({"result": [3]}, "computation_result"),
    ],
)
def test_what_cannot_be_replayed_is_named(changes: dict[str, Any], rule: str) -> None:
    trace = [compute(step_id="c1") | changes, compute(step_id="c2")]
    assert rules_of(audit_computations(trace)) == [rule]


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"action": st.sampled_from(["compute_logic", "extract_fact", "x", 1])},
            optional={
                "step_id": st.sampled_from(["c1", "c2", "e1"]) | _values,
                "operation": st.sampled_from(["add", "mod", "round", "count", "max"]) | _values,
                "inputs": st.lists(st.sampled_from(["c1", "e1"]) | _values, max_size=3) | _values,
                "result": _values,
                "valueExtracted": _values,
                "targetEntity": _values,
                "attribute": _values,
                "coordinator_provenance": _values,
            },
        ),
        max_size=5,
    ),
    _values,
    _values,
    _values,
)
def test_no_record_breaks_an_audit(
    trace: list[dict[str, Any]], answers: Any, traps: Any, stored: Any
) -> None:
    names = ("trace_validation", "trace_stats", "trace_quality", "answer_verification",
             "submitted_answers", "constraint_flip_summary", "reasoning_depth")  # fmt: skip
    subject = Subject(
        record_id="r",
        attempt_index=1,
        domain=None,
        model=None,
        artifact="Alma 3",
        trace=trace,
        document="[paragraph_1]\nAlma",
        constraints=["Must include the harbour of the ship that answers Question 1."],
        outcomes=[True],
        checked=1,
        passed=True,
        is_credited=True,
        answers=None,
        answers_are_ordered=True,
        traps=[traps] if isinstance(traps, dict) else [],
        acceptance_path="B",
        trap_classification=None,
        paragraph_count=1,
        stored={**dict.fromkeys(names, stored), "submitted_answers": answers},
        submitted_at=1,
    )
    subject = replace(subject, previous=PreviousAttempt(subject.outcomes, subject.submitted_at))
    audit = audit_attempt(subject, Knowledge.of([subject]))
    assert len(audit.verdicts) == 1
    assert all(finding.rule in RULES for finding in audit.findings)


@pytest.mark.parametrize(
    ("text", "artifact", "status"),
    [
        ("Write EXACTLY 2 words. Single line.", "Alma sails", "verified"),
        ("Write EXACTLY 2 words. Single line.", "Alma", "contradicted"),
        ('Must NOT contain the letter "x" (case-insensitive).', "Alma", "verified"),
        ('Must NOT contain the letter "x" (case-insensitive).', "AleX", "contradicted"),
        (INCLUDE, "carries 1200 crates", "verified"),
        (INCLUDE, "carries 900 crates", "contradicted"),
        (PRIME, "prime 11 it is", "verified"),
        (PRIME, "prime 13 it is", "contradicted"),
        (PRIME, "no number", "contradicted"),
        (EQUATION, "so 10+10=20 it is", "verified"),
        (EQUATION, "so 10+11=21 it is", "contradicted"),
        (EQUATION, "so 10+10=21 it is", "contradicted"),
        (
            "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
            "(initials(Q1)+initials(Q2)), uppercased.",
            "alma roses",
            "verified",
        ),
        (
            "Acrostic: the first letters of the first 2 words must spell the first 2 letters of "
            "(initials(Q2)+initials(Q1)), uppercased.",
            "alma roses",
            "contradicted",
        ),
        ("Must include the colour of the ship that answers Question 1.", "Alma", "unchecked"),
        ("Sing a song.", "Alma", "unchecked"),
    ],
)
def test_a_recorded_pass_is_held_against_the_artifact(
    tmp_path: Path, text: str, artifact: str, status: str
) -> None:
    assert verdict_on(tmp_path, one_constraint(text, artifact)).status == status


def test_an_uncertain_name_verifies_and_never_contradicts(tmp_path: Path) -> None:
    text = "Must include the loaded crates of the ship that answers Question 1."
    assert verdict_on(tmp_path, one_constraint(text, "has 1200")).status == "verified"
    verdict = verdict_on(tmp_path, one_constraint(text, "has 900"))
    assert (verdict.status, verdict.reason) == ("unchecked", "uncertain")


def test_who_reads_wrongly_writes_what_it_has_read(tmp_path: Path) -> None:
    record = one_constraint(INCLUDE, "has 900")
    record |= {"pass": False, "constraint_results": {"0": {"pass": False}}}
    record["submission"]["reasoning_trace"] = [extract(value=900, paragraph=3)]
    verdict = verdict_on(tmp_path, record)
    assert (verdict.status, verdict.reason) == ("unchecked", "own_reading")
    credited = one_constraint(INCLUDE, "has 1200", miner="0xbb")
    assert verdict_on(tmp_path, record, credited).status == "verified"
    lying = record | {"constraint_results": {"0": {"pass": True}}}
    assert verdict_on(tmp_path, lying, credited).status == "contradicted"


def test_answers_that_are_not_recorded_are_inferred_but_never_contradict(tmp_path: Path) -> None:
    record = one_constraint(PRIME, "prime 11 it is", submitted_answers=...)
    del record["submitted_answers"]
    assert verdict_on(tmp_path, record).status == "verified"
    record["submission"]["artifact"] = "prime 13 it is"
    assert verdict_on(tmp_path, record).status == "unchecked"


def test_a_claimed_path_has_its_own_text(tmp_path: Path) -> None:
    trap = {
        "target_entity": "Alma Rose",
        "attribute": "crates",
        "wrong_value": 977,
        "correct_value": 1200,
    }
    right = one_constraint(PRIME, "prime 11 it is")
    wrong = one_constraint(PRIME, "prime 89 it is")  # nextPrime(77 + 11)
    for record, path, expected in (
        (right, "B", set()),
        (wrong, "B", {"path_claim"}),
        (right, "A", {"path_claim"}),
        (wrong, "A", set()),
        (wrong, "NONE", set()),
    ):
        record |= {
            "acceptance_path": path,
            "trap_classification": None,
            "trap_metadata": {"trap_count": 1, "traps": [trap]},
        }
        [audited] = subjects(tmp_path, record)
        findings = audit_attempt(audited, Knowledge()).findings
        assert {rule for rule in rules_of(findings) if rule == "path_claim"} == expected


def test_signals_of_a_pair(tmp_path: Path) -> None:
    first, second = subjects(tmp_path, *recovery())
    signals = pair_signals(first, second, "a b c d", "a b x d", 9_999)
    assert signals["edit_similarity"] == 0.75
    assert signals["length_ratio"] == 1
    assert signals["equal_artifacts"] is False
    assert signals["retry_under_10s"] is True
    assert signals["right_answers"] is None
    assert signals["unmatched_citations"] == 0
    assert pair_signals(first, first, "", "", None)["retry_under_10s"] is None


def test_rules_are_named_one_by_one_or_by_level() -> None:
    assert parse_rules(["path_claim"], "--drop-if") == {"path_claim"}
    assert parse_rules(["contradicted"], "--drop-if") == {
        rule for rule, of in RULES.items() if of.level == "contradicted"
    }
    with pytest.raises(UsageError, match="--drop-if lies: no such rule; choose from contradicted"):
        parse_rules(["lies"], "--drop-if")
    assert Finding("citation_tier", "e1", "EXACT", "does not match").level == "suspicious"


def test_what_another_constraint_asks_for_is_not_taken_for_a_similar_name(tmp_path: Path) -> None:
    texts = [
        "Must include the home city of the ship that answers Question 1.",
        "Must include the home country of the ship that answers Question 1.",
    ]
    document = "[paragraph_1]\nThe Alma Rose is at home in Nara, in Ziora."
    country = extract(attribute="home.country", value="Ziora", paragraph=1)
    records = []
    for miner, artifact, outcomes in (
        ("0xaa", "Nara in Ziora", [True, True]),
        ("0xbb", "Port in Ziora", [False, True]),
    ):
        record = one_constraint(texts[0], artifact, miner=miner)
        record["challenge_context"] |= {"document": document, "constraints": texts}
        record["submission"]["reasoning_trace"] = [country]
        records.append(
            record
            | {
                "constraint_total": 2,
                "pass": all(outcomes),
                "constraint_results": {str(i): {"pass": held} for i, held in enumerate(outcomes)},
            }
        )
    audited = subjects(tmp_path, *records)
    knowledge = Knowledge.of(audited)
    for subject in audited:
        city, country_verdict = audit_attempt(subject, knowledge).verdicts
        assert (city.status, city.reason) == ("unchecked", "not_known")
        assert country_verdict.status == "verified"


def test_a_figure_written_into_a_computation_counts_if_the_document_tells_it(
    tmp_path: Path,
) -> None:
    record = one_constraint(PRIME, "prime 11 it is")
    record["submission"]["reasoning_trace"] = [
        compute(step_id="c1", operation="mod", inputs=[1200, 100], result=0)
    ]
    assert verdict_on(tmp_path, record).status == "verified"  # "carries 1,200 crates"
    record["submission"]["reasoning_trace"][0]["inputs"][0] = 1300
    assert verdict_on(tmp_path, record).reason == "not_known"
    derived = one_constraint(PRIME, "prime 11 it is")
    derived["submission"]["reasoning_trace"] = [
        extract(attribute="crates_difference", value=900, paragraph=3, step_id="e1"),
        compute(step_id="c1", inputs=["e1", 300], result=1200),
        compute(step_id="c2", operation="mod", inputs=["c1", 100], result=0),
    ]
    assert verdict_on(tmp_path, derived).status == "verified"


def test_what_is_too_long_for_a_name_is_compared_with_none(tmp_path: Path) -> None:
    # What is compared is remembered, and a log may hold any number of long texts.
    name = "crates " * 40
    record = one_constraint(INCLUDE, "carries 900 crates")
    record["submission"]["reasoning_trace"][0]["attribute"] = name
    assert likeness("crates", name) == 1.0
    assert verdict_on(tmp_path, record).status == "unchecked"
