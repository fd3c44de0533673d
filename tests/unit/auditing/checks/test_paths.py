"""The claimed path of acceptance, and traps, are held against what was written and read."""

from pathlib import Path

import pytest

from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from tests.audited import EQUATION, INCLUDE, PRIME, findings_of, one_constraint, rules_of, subjects
from tests.builders import compute, extract


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
        findings = audit_attempt(audited, Consensus()).findings
        assert {rule for rule in rules_of(findings) if rule == "path_claim"} == expected


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
    assert ("path_claim" in findings_of(tmp_path, record)) is is_found


TRAP = {"target_entity": "Alma Rose", "attribute": "crates", "correct_value": 1200}


@pytest.mark.parametrize(
    ("read", "path", "is_found"),
    [
        ([900], "B", True),
        ([900, 1200], "B", False),
        ([1200], "B", False),
        ([1200], "A", True),
        ([900], "A", False),
        ([900], None, False),
    ],
)
def test_who_computes_only_with_the_other_value_of_a_trap_is_found(
    tmp_path: Path, read: list[int], path: str | None, is_found: bool
) -> None:
    record = one_constraint(INCLUDE, "carries 1200 crates", acceptance_path=path)
    record["trap_metadata"] = {"trap_count": 1, "traps": [TRAP | {"wrong_value": 900}]}
    steps = [
        extract(step_id=f"e{value}", value=value, paragraph={1200: 2, 900: 3}[value])
        for value in read
    ]
    sums = [
        compute(step_id=f"c{value}", inputs=[f"e{value}", 1], result=value + 1) for value in read
    ]
    record["submission"]["reasoning_trace"] = [*steps, *sums]
    [subject] = subjects(tmp_path, record)
    found = rules_of(audit_attempt(subject, Consensus()).findings)
    assert ("trap_value" in found) == is_found


def test_a_long_run_of_digits_is_read_once(tmp_path: Path) -> None:
    # Tried from each of its digits on, it would take many minutes.
    record = one_constraint(EQUATION, "1" * 300_000, acceptance_path="B")
    record["trap_metadata"] = {"trap_count": 1, "traps": [TRAP | {"wrong_value": 907}]}
    [subject] = subjects(tmp_path, record)
    assert "path_claim" not in rules_of(audit_attempt(subject, Consensus()).findings)
