"""Attempts as an audit looks at them, and what it says of them."""

from pathlib import Path
from typing import Any

from botcoin_dpo import read_attempts
from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt, audited_attempt_of
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.verdict import Verdict
from tests.builders import attempt, compute, context, extract, write_log


def subjects(tmp_path: Path, *records: dict[str, Any]) -> list[AuditedAttempt]:
    """Attempts as an audit looks at them."""
    write_log(tmp_path / "a.jsonl", records)
    return [audited_attempt_of(each) for each in read_attempts(tmp_path / "a.jsonl")]


def rules_of(findings: Any) -> list[str]:
    return [finding.rule for finding in findings]


INCLUDE = "Must include the crates of the ship that answers Question 1."
PRIME = (
    "Must include a prime number equal to nextPrime((crates of the answer to Question 1 mod 100)"
    " + 11), as digits."
)
EQUATION = (
    'Must include the equation "A+B=C" (digits, no spaces) where A=((crates of the answer to '
    "Question 1 mod 50)+10) and B=((crates of the answer to Question 1 mod 10)+10) and C=A+B."
)
ANSWERS = {
    "q2": {"value": "Alma Rose", "expected": "Alma Rose", "correct": True},
    "q1": {"value": "Beryl Star", "expected": "Beryl Star", "correct": True},
}


def one_constraint(text: str, artifact: str, **changes: Any) -> dict[str, Any]:
    """An attempt with one constraint, whose question 1 is answered by the Alma Rose."""
    record = attempt(2, passed=True, **changes)
    record["challenge_context"] = context(
        constraints=[text], question_metadata=[{"id": "q2"}, {"id": "q1"}]
    )
    record["submission"]["artifact"] = artifact
    record["submission"]["reasoning_trace"] = [
        extract(),
        compute(step_id="c1", operation="mod", inputs=["e1", 100], result=0),
    ]
    return record | {
        "constraint_total": 1,
        "constraint_results": {"0": {"pass": True}},
        "submitted_answers": ANSWERS,
    }


def verdict_on(tmp_path: Path, record: dict[str, Any], *others: dict[str, Any]) -> Verdict:
    audited, *more = subjects(tmp_path, record, *others)
    return audit_attempt(audited, Consensus.of([audited, *more])).verdicts[0]


def findings_of(tmp_path: Path, record: dict[str, Any]) -> set[str]:
    [subject] = subjects(tmp_path, record)
    return set(rules_of(audit_attempt(subject, Consensus.of([subject])).findings))


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
