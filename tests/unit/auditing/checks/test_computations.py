"""Traces whose steps have numbers instead of names: an input may be a number or name a step."""

import json
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import compute, extract, write_log


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
    assert named.verdicts == other.verdicts
