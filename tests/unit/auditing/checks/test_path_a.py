"""Whether an attempt is said to pass with the traps' wrong values is held against its artifact."""

from pathlib import Path
from typing import Any

import pytest

from tests.audited import EQUATION, INCLUDE, PRIME, constrained, findings_of

WORDS = "Write EXACTLY 3 words. Single line."
TRAP = {
    "target_entity": "Alma Rose",
    "attribute": "crates",
    "wrong_value": 977,
    "correct_value": 1200,
}
CITY = "Must include the city of the ship that answers Question 2."
FAILS = {"pass": False, "acceptance_path": "NONE", "trap_classification": None}
REST = {
    "answer_verification": {"passed_threshold": True},
    "trace_validation": {"ok": True},
}


@pytest.mark.parametrize(
    ("texts", "artifact", "held", "said", "is_found"),
    [
        ([WORDS, INCLUDE], "it has 977", [True, False], True, False),
        ([WORDS, INCLUDE], "it has 977", [True, False], False, True),
        ([WORDS, INCLUDE], "it has 1200", [True, True], False, False),
        ([WORDS, INCLUDE], "it has 1200", [True, True], True, True),
        ([WORDS, INCLUDE], "it has now 977", [False, False], True, True),  # words know no traps
        ([WORDS, INCLUDE], "it has now 977", [False, False], False, False),
        ([CITY, INCLUDE], "it has 977", [False, False], True, True),
        ([CITY, INCLUDE], "it has 977", [True, False], False, True),
        ([CITY], "it has 977", [False], True, False),  # where the trap bears is not known
        ([PRIME], "89", [False], False, False),  # 977 mod 100, but mod 50 there is another prime
        ([PRIME], "89", [False], True, False),
        ([PRIME], "41", [False], True, False),  # nextPrime(977 mod 50 + 11), as if published
        ([PRIME], "11", [True], True, True),
        ([EQUATION], "10+10=20", [True], True, True),
        ([EQUATION], "37+17=54", [False], True, False),
    ],
)
def test_the_outcome_on_path_a_follows_from_wrong_values(
    tmp_path: Path, texts: list[str], artifact: str, held: list[bool], said: bool, is_found: bool
) -> None:
    record: dict[str, Any] = constrained(texts, artifact, held) | REST
    record |= FAILS | {
        "path_a_would_have_passed": said,
        "trap_metadata": {"trap_count": 1, "traps": [TRAP]},
    }
    assert ("path_claim" in findings_of(tmp_path, record)) is is_found


@pytest.mark.parametrize("missing", REST)
def test_what_answers_and_trace_may_have_refused_is_not_contradicted(
    tmp_path: Path, missing: str
) -> None:
    record = constrained([INCLUDE], "it has 977", [False]) | REST | {missing: None}
    record |= FAILS | {"path_a_would_have_passed": False}
    record["trap_metadata"] = {"trap_count": 1, "traps": [TRAP]}
    assert "path_claim" not in findings_of(tmp_path, record)
