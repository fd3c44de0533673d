"""What credited attempts agree on, and when that tells what a constraint asks for."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from tests.audited import EQUATION, INCLUDE, PRIME, one_constraint, subjects, verdict_on
from tests.builders import compute, extract

NO_CRATES = "[paragraph_1]\nThe Alma Rose sails."


def unread(text: str, artifact: str, **changes: Any) -> dict[str, Any]:
    """An attempt whose trace tells nothing of what the constraint asks for."""
    record = one_constraint(text, artifact, **changes)
    record["submission"]["reasoning_trace"] = [extract(attribute="port", value="Ziora")]
    return record


def failing(text: str, artifact: str) -> dict[str, Any]:
    """A failing attempt that is said to keep the constraint."""
    return unread(text, artifact, miner="0x11") | {"pass": False}


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [(EQUATION, "so 25+18=43", "so 26+18=44"), (PRIME, "prime 29", "prime 31")],
)
def test_what_two_credited_artifacts_have_is_asked_for(
    tmp_path: Path, text: str, right: str, wrong: str
) -> None:
    one, other = unread(text, right), unread(text, f"{right} too", miner="0xbb")
    assert verdict_on(tmp_path, failing(text, wrong), one).reason == "not_known"
    assert verdict_on(tmp_path, failing(text, wrong), one, other).status == "contradicted"
    assert verdict_on(tmp_path, failing(text, right), one, other).status == "verified"
    third = unread(text, wrong, miner="0xcc")  # they do not agree
    assert verdict_on(tmp_path, failing(text, wrong), one, third).reason == "not_known"


def test_an_artifact_does_not_speak_for_itself(tmp_path: Path) -> None:
    assert verdict_on(tmp_path, unread(EQUATION, "so 25+18=43")).reason == "not_known"


def test_of_two_primes_one_may_be_in_the_equation(tmp_path: Path) -> None:
    texts = [PRIME.replace("crates", f"{when} crates") for when in ("opening", "closing")]
    both = []
    for miner in ("0xbb", "0xcc"):
        credited = one_constraint(texts[0], "11 with 25+18=43", miner=miner)
        credited["challenge_context"]["constraints"] = texts
        results = {"0": {"pass": True}, "1": {"pass": True}}
        both.append(credited | {"constraint_total": 2, "constraint_results": results})
    consensus = Consensus.of(subjects(tmp_path, *both))
    assert [consensus.confirmed(index) for index in (0, 1)] == [("11", False), ("11", False)]


@pytest.mark.parametrize(
    ("wrong_value", "is_certain"), [(500, True), (1200, False), ("1,200", False)]
)
def test_a_prime_of_a_superseded_value_tells_nothing(
    tmp_path: Path, wrong_value: int | str, is_certain: bool
) -> None:
    """Who falls for a trap may pass by a number that the equation happens to have."""
    traps = [{"target_entity": "Alma Rose", "attribute": "loaded crates",
              "wrong_value": wrong_value}]  # fmt: skip
    loose = PRIME.replace("crates", "loaded crates")
    records = [one_constraint(loose, "prime 11 with 25+18=43", miner=m) for m in ("0xbb", "0xcc")]
    for record in records:
        record["trap_metadata"] = {"trap_count": 1, "traps": traps}
    consensus = Consensus.of(subjects(tmp_path, *records))
    assert consensus.confirmed(0) == (("11", True) if is_certain else None)


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


def test_what_is_known_may_grow_after_it_was_asked(tmp_path: Path) -> None:
    first = one_constraint(INCLUDE, "carries 1200 crates")
    other = one_constraint(INCLUDE, "carries salt crates", miner="0xbb", record_id="r-other")
    other["submission"]["reasoning_trace"] = [extract(value="salt")]
    one, two = subjects(tmp_path, first, other)
    consensus = Consensus.of([one])
    confirmed = consensus.confirmed(0)
    assert confirmed is not None
    assert confirmed.text == "1200"
    consensus.add(two)
    assert consensus.confirmed(0) is None  # they do not agree
