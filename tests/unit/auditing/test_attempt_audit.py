"""The audit of one attempt, whatever its record holds, and however much."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.attempts.attempt import PreviousAttempt
from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.checks.computations import audit_computations
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.expected_texts.constraint_set import constraint_set_of
from botcoin_dpo.auditing.trace_evidence import TraceEvidence
from botcoin_dpo.constraints.kinds import KINDS
from botcoin_dpo.contract.audit_rules import RULES
from tests.audited import EQUATION, INCLUDE, constrained, one_constraint, rules_of, verdict_on
from tests.builders import compute, extract

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
    document = "[paragraph_1]\nAlma"
    constraints = ("Must include the harbour of the ship that answers Question 1.",)
    subject = AuditedAttempt(
        record_id="r",
        miner_id="m",
        attempt_index=1,
        domain=None,
        model=None,
        artifact="Alma 3",
        trace=trace,
        document=document,
        questions=("Which ship is it?",),
        constraints=list(constraints),
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
        kinds=KINDS,
        constraint_set=constraint_set_of(constraints, KINDS),
        evidence=TraceEvidence(trace, document),
    )
    subject = replace(subject, previous=PreviousAttempt(subject.outcomes, subject.submitted_at))
    audit = audit_attempt(subject, Consensus.of([subject]))
    assert len(audit.verdicts) == 1
    assert all(finding.rule in RULES for finding in audit.findings)


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
