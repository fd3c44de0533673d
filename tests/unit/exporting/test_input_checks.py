"""What the audits of the attempts at one input tell together."""

from typing import Any

import pytest

from botcoin_dpo.exporting.input_checks import InputChecks
from tests.audited import EQUATION

ACROSTIC = (
    "The first letters of the first 2 words must spell the first 2 letters of initials(answer to "
    "Question 1) (uppercase)."
)


def verdict(constraint: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "constraint": constraint, "kind": "equation", "recorded": True, "verdict": "verified",
        "ground": "document", "reason": None, "expected": "10+10=20", "found": None, "place": None,
    } | changes  # fmt: skip


def attempted(*verdicts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "record_id": "r1", "miner_id": "0xAA", "attempt_index": 1, "artifact": "x",
        "is_credited": False, "constraint_count": 2, "audit": {"constraints": list(verdicts)},
    } | changes  # fmt: skip


def checks_of(*attempts: dict[str, Any], constraint: str = EQUATION) -> list[dict[str, Any]]:
    found = InputChecks()
    for each in attempts:
        found.add(each)
    return found.checks([constraint, constraint])


def test_attempts_that_agree_decide_on_the_best_ground() -> None:
    by_others = verdict(ground="consensus", verdict="contradicted")
    for first, second in ((verdict(), by_others), (by_others, verdict())):
        assert checks_of(attempted(first), attempted(second)) == [
            {"index": 0, "kind": "equation", "expected": "10+10=20", "ground": "document",
             "parameter": None}
        ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "consistent", "ground": "own_reading"},
        {"verdict": "contradicted", "ground": "own_reading"},
        {"verdict": "disputed"},
        {"verdict": "unchecked", "reason": "spelling"},
        {"ground": "text", "expected": None},
        {"kind": "rhyme"},
    ],
)
def test_some_verdicts_decide_nothing(changes: dict[str, Any]) -> None:
    other = verdict(**changes)
    assert checks_of(attempted(other)) == []
    assert len(checks_of(attempted(other), attempted(verdict()), attempted(other))) == 1


def test_attempts_that_disagree_leave_it_undecided() -> None:
    other = verdict(expected="11+10=21")
    for order in ((verdict(), other, verdict()), (other, verdict(), other, other)):
        assert checks_of(*map(attempted, order)) == []
    found = checks_of(attempted(verdict(), verdict(1)), attempted(other))
    assert [each["index"] for each in found] == [1]


def test_an_acrostic_has_the_number_of_its_words() -> None:
    said = attempted(verdict(kind="acrostic", expected="SP"))
    (found,) = checks_of(said, constraint=ACROSTIC)
    assert (found["expected"], found["parameter"]) == ("SP", 2)
    assert checks_of(said, constraint="Rhyme.") == []


def test_the_reference_is_the_credited_artifact_of_which_most_is_verified() -> None:
    unsure = verdict(verdict="consistent", ground="own_reading")
    credited: dict[str, Any] = {"is_credited": True}
    attempts = [
        attempted(verdict(), artifact="failed"),
        attempted(unsure, artifact="unsure", miner_id="0x01", **credited),
        attempted(verdict(), artifact="later", miner_id="0xAB", **credited),
        attempted(verdict(), artifact="second", miner_id="0xab", attempt_index=0, **credited),
        attempted(verdict(), artifact="best", miner_id="0xAa", attempt_index=3, **credited),
    ]
    for order in (attempts, attempts[::-1]):
        found = InputChecks()
        for each in order:
            found.add(each)
        assert found.reference_artifact == "best"
        assert (found.attempts, found.pass_rate, found.checked) == (5, 0.8, 2)
    assert InputChecks().reference_artifact is None
