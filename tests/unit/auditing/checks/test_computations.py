"""Computations, replayed: every operation, and inputs that are numbers or name a step."""

import json
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.simulation.simulator import simulate
from tests.audited import rules_of
from tests.builders import attempt, compute, extract, write_log


def numbered(step: dict[str, Any], number: int) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key != "step_id"} | {"step": number}


@pytest.mark.parametrize(
    ("inputs", "result", "is_right"),
    [
        ([1, 2], 1500, True),  # both name steps
        ([1, 2], 3, True),  # both are numbers
        ([1, 2], 1202, True),
        ([1, 2], 5, False),
        ([1, 50], 1250, True),
        (["1", "$2"], 1500, True),
        (["step 1", "Step_2"], 1500, True),
        (["step 1", "step 3"], 1200, False),  # itself
        ([4, 3], 7, True),  # later steps: numbers
        ([1] * 7, 5, True),  # not replayed
    ],
)
def test_an_input_may_be_a_number_or_name_a_step(
    inputs: list[Any], result: int, is_right: bool
) -> None:
    trace = [
        numbered(extract(value=1200), 1),
        numbered(extract(value=300), 2),
        numbered(compute(inputs=inputs, result=result), 3),
        numbered(compute(inputs=[0, 0], result=0), 4),
    ]
    findings = list(audit_computations(trace))
    assert [finding.subject for finding in findings] == ([] if is_right else ["step 3"])


def test_numbers_are_names_only_where_steps_are_numbered() -> None:
    trace = [extract(value=1200, step_id="1"), compute(inputs=[1, 2], result=1202)]
    assert [finding.rule for finding in audit_computations(trace)] == ["computation_result"]


def renumber(record: dict[str, Any]) -> dict[str, Any]:
    """Return an attempt record with numbers for the names of its steps."""
    trace = record["submission"]["reasoning_trace"]
    numbers = {step["step_id"]: at for at, step in enumerate(trace, start=1)}
    for step in trace:
        step["step"] = numbers[step.pop("step_id")]
        if isinstance(step.get("inputs"), list):
            step["inputs"] = [numbers.get(each, each) for each in step["inputs"]]
    for entry in (record.get("trace_validation") or {}).get("resolved_citations", []):
        entry["stepId"] = numbers[entry["stepId"]]
    return record


def test_an_audit_finds_the_same_in_numbered_traces(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=8, seed=3, files=1, noise=0)
    (log,) = (tmp_path / "logs").iterdir()
    records = [json.loads(line) for line in log.read_bytes().splitlines()]
    records[0]["trace_validation"]["resolved_citations"][0]["matched"] = "no"
    records[0]["trace_validation"]["resolved_citations"][1]["matched"] ^= True
    write_log(tmp_path / "named.jsonl", records)
    write_log(tmp_path / "numbered.jsonl", [renumber(record) for record in records])
    named, other = (audit(tmp_path / f"{name}.jsonl") for name in ("named", "numbered"))
    assert named.findings_by_rule == other.findings_by_rule
    assert named.findings_by_rule["citation_flag"] == 1
    assert named.outcomes == other.outcomes


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
        ({"result": None}, "computation_result"),
        ({"result": "4"}, "computation_result"),
        ({"result": [3]}, "computation_result"),
    ],
)
def test_what_cannot_be_replayed_is_named(changes: dict[str, Any], rule: str) -> None:
    trace = [compute(step_id="c1") | changes, compute(step_id="c2")]
    assert rules_of(audit_computations(trace)) == [rule]


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
        ("modulo", [25512, 100], 12),
        ("%", [25512, 100], 12),
        ("addition", [1, 2], 3),
        ("plus", [1, 2], 3),
        ("+", [1, 2], 3),
        ("Subtraction", [5, 2], 3),
        ("-", [5, 2], 3),
        ("multiplication", [5, 2], 10),
        ("*", [5, 2], 10),
        ("division", [5, 2], 2.5),
        ("/", [5, 2], 2.5),
        ("floor_divide", [7, 2], 3),
        ("floorDivide", [7, 2], 3),
        ("floor division", [7, 2], 3),
        ("//", [7, 2], 3),
        ("next prime", [54], 59),
        ("nextprime", [54], 59),
        ("add", ["1.2 million", "300 thousand"], 1500000),
        ("add", ["1.2 million", "300 thousand"], "1.5 million"),
        ("add", ["1.2 million", "300 thousand"], 1.5),
        ("add", ["1.2 million", "0.3 million"], 1.5),
        ("add", ["$1.2M", "300k"], 1500000),
        ("add", ["1.2 million crates", 5], 1200005),
        ("mod", ["25.5 thousand", 100], 0),
        ("add", ["5 m", "3 m"], 8),
        ("add", [{"value": 3}, {"value": "4", "type": "literal"}], 7),
        ("add", {"a": 3, "b": 4}, 7),
        ("add", [{"a": 3, "b": 4}], 7),
        ("subtract", {"subtrahend": 3, "minuend": 4}, 1),
        ("mod", {"value": 25512, "modulus": 100}, 12),
        ("next_prime", {"n": 54}, 59),
        ("sum", {"values": [1, 2, 3]}, 6),
    ],
)
def test_computations_in_other_spellings_are_right(
    operation: str, inputs: list[Any], result: Any
) -> None:
    step = compute(step_id="c1", operation=operation, inputs=inputs, result=result)
    assert list(audit_computations([step])) == []


@pytest.mark.parametrize(
    "name",
    [
        "e1", "$e1", "e1.valueExtracted", "${e1}", "{e1}", "{{ e1 }}", "[e1]", "step:e1", "step_e1",
        "step e1", "${e1.value}", {"step": "e1"}, {"ref": "$e1"}, {"step": "e1", "value": 5},
    ],
)  # fmt: skip
def test_references_in_other_spellings_are_followed(name: Any) -> None:
    trace = [extract(step_id="e1", value=5), compute(inputs=[name, 1], result=6)]
    assert list(audit_computations(trace)) == []
    [finding] = audit_computations([trace[0], compute(inputs=[name, 1], result=7)])
    assert (finding.rule, finding.recomputed) == ("computation_result", 6)


@pytest.mark.parametrize("name", ["${e9}", "step:e9", {"step": "e9"}])
def test_references_to_no_step_are_found_in_other_spellings(name: Any) -> None:
    trace = [extract(step_id="e1", value=5), compute(inputs=[name, 1], result=6)]
    assert rules_of(audit_computations(trace)) == ["computation_reference"]


@pytest.mark.parametrize(
    ("operation", "inputs", "result"),
    [
        ("subtract", {"a": 3, "b": 4}, 1),
        ("mod", {"a": 3, "b": 4}, 1),
        ("add", [{"a": 1}, 2], 99),
        ("add", [{"value": 1, "number": 2}, 2], 99),
        ("div", [7, 2], 3),
        ("difference", [2, 7], 5),
    ],
)
def test_what_has_two_readings_is_left_alone(operation: str, inputs: Any, result: Any) -> None:
    assert (
        list(audit_computations([compute(operation=operation, inputs=inputs, result=result)])) == []
    )


@pytest.mark.parametrize(
    ("operation", "inputs", "result"),
    [
        ("modulo", [25512, 100], 13),
        ("//", [7, 2], 3.5),
        ("add", ["1.2 million", "300 thousand"], 301.2),
        ("add", ["1.2 million", "300 thousand"], "1.5 thousand"),
        ("add", {"a": 3, "b": 4}, 8),
        ("subtract", {"subtrahend": 3, "minuend": 4}, -1),
    ],
)
def test_wrong_results_are_found_in_other_spellings(
    operation: str, inputs: Any, result: Any
) -> None:
    step = compute(operation=operation, inputs=inputs, result=result)
    assert rules_of(audit_computations([step])) == ["computation_result"]


def test_a_product_beyond_all_numbers_is_no_traceback() -> None:
    step = compute(operation="multiply", inputs=[10**15] * 21, result=1)
    assert rules_of(audit_computations([step])) == ["computation_inputs"]


def test_a_product_of_more_than_64_bits_can_be_printed(tmp_path: Path) -> None:
    record = attempt(1)
    record["submission"]["reasoning_trace"] = [
        compute(operation="multiply", inputs=[2**63, 2**63], result=1)
    ]
    write_log(tmp_path / "a.jsonl", [record])
    [listed] = audit(tmp_path / "a.jsonl").as_json()["listed"]
    assert isinstance(listed["recomputed"], float)
    assert listed["recomputed"] == float(2**126)
