"""Expected answers are held against the document and against other miners' records."""

from pathlib import Path
from typing import Any

from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.result import AuditResult
from tests.audited import PRIME, one_constraint, said_of
from tests.builders import write_log

FLEET = """[paragraph_1]
Alma Rose carries 1,250 crates. Beryl Star has a crew of 44.

[paragraph_2]
Beryl Star carries 900 crates. Corin Gale has a crew of 52.

[paragraph_3]
Corin Gale carries 700 crates. Alma Rose has a crew of 31."""


def answered(answer: str, miner: str = "0xaa", question: str = "Which ship sails?") -> Any:
    """An attempt whose record expects this answer to question 1."""
    record = one_constraint(PRIME, "prime 61 it is", miner=miner)
    record["challenge_context"]["questions"] = [question, "Which ship sails from Port Nara?"]
    record["submitted_answers"] = record["submitted_answers"] | {
        "q2": {"value": answer, "expected": answer, "correct": True}
    }
    return said_of(FLEET, record)


def audited(folder: Path, *records: dict[str, Any]) -> AuditResult:
    write_log(folder / "a.jsonl", records)
    return audit(folder / "a.jsonl")


def refuted(result: AuditResult) -> list[tuple[Any, Any]]:
    return [
        (each.finding.recorded, each.finding.recomputed)
        for each in result.listed
        if each.finding.rule == "answer_support"
    ]


def test_the_document_refutes_an_answer(tmp_path: Path) -> None:
    question = "Which ship has the most crates?"
    assert refuted(audited(tmp_path, answered("Alma Rose", question=question))) == []
    wrong = audited(tmp_path, answered("Beryl Star", question=question))
    assert refuted(wrong) == [("Beryl Star", "Alma Rose")]


def test_two_other_miners_refute_an_answer_and_one_does_not(tmp_path: Path) -> None:
    lying = answered("Corin Gale")
    others = [answered("Alma Rose", miner) for miner in ("0xbb", "0xcc")]
    assert refuted(audited(tmp_path, lying, others[0])) == []
    again = others[0] | {"attempt_index": 3, "record_id": "r-again"}
    assert refuted(audited(tmp_path, lying, others[0], again)) == []
    assert refuted(audited(tmp_path, lying, *others)) == [("Corin Gale", "Alma Rose")]


def test_an_answer_that_is_refuted_decides_no_outcome(tmp_path: Path) -> None:
    lying = answered("Beryl Star", question="Which ship has the most crates?")
    result = audited(tmp_path, lying)  # of the Beryl Star's 900 crates follows 11
    assert result.findings_by_rule["constraint_outcome"] == 0
    assert result.outcomes.grounds["contradicted", "document"] == 0
