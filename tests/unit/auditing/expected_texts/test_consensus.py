"""What credited attempts agree on, and when that tells what a constraint asks for."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo.auditing.checks.constraint_outcomes import audit_constraints
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from tests.audited import EQUATION, PRIME, one_constraint, subjects, verdict_on
from tests.builders import extract

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
def test_what_two_other_miners_have_is_asked_for(
    tmp_path: Path, text: str, right: str, wrong: str
) -> None:
    one, other = unread(text, right), unread(text, f"{right} too", miner="0xbb")
    assert verdict_on(tmp_path, failing(text, wrong), one).reason == "uncertain"
    assert verdict_on(tmp_path, failing(text, wrong), one, other).status == "contradicted"
    verdict = verdict_on(tmp_path, failing(text, right), one, other)
    assert (verdict.status, verdict.ground) == ("verified", "consensus")


def test_a_miner_has_one_vote_however_many_attempts_it_makes(tmp_path: Path) -> None:
    twice = [
        unread(PRIME, "prime 29 " + "too" * n, miner="0xbb", attempt_index=n, record_id=f"r-{n}")
        for n in (1, 2)
    ]
    assert verdict_on(tmp_path, failing(PRIME, "prime 31"), *twice).reason == "uncertain"
    own = unread(PRIME, "prime 29 too", miner="0x11", record_id="r-own", attempt_index=3)
    assert verdict_on(tmp_path, failing(PRIME, "prime 31"), own, twice[0]).reason == "uncertain"


def test_one_liar_contradicts_nobody_and_a_tie_is_disputed(tmp_path: Path) -> None:
    honest, liar, more, another = (
        unread(PRIME, f"prime {prime}", miner=miner)
        for prime, miner in ((29, "0xaa"), (31, "0xbb"), (29, "0xcc"), (31, "0xdd"))
    )
    assert verdict_on(tmp_path, honest, liar).status != "contradicted"
    assert verdict_on(tmp_path, honest, liar, more).status == "disputed"  # one other agrees
    for attempt in (honest, liar):
        others = [each for each in (honest, liar, more, another) if each is not attempt]
        assert verdict_on(tmp_path, attempt, *others).status == "disputed"


def test_an_artifact_does_not_speak_for_itself(tmp_path: Path) -> None:
    assert verdict_on(tmp_path, unread(EQUATION, "so 25+18=43")).reason == "not_known"


def test_two_incompatible_texts_are_never_both_verified(tmp_path: Path) -> None:
    for more, fewer in ((3, 1), (3, 2), (2, 2), (3, 3)):
        numbers = [29] * more + [31] * fewer
        records = [
            unread(PRIME, f"prime {prime}", miner=f"0x{at}", record_id=f"r-{at}")
            for at, prime in enumerate(numbers)
        ]
        audited = subjects(tmp_path, *records)
        consensus = Consensus.of(audited)
        verified = {
            subject.artifact
            for subject in audited
            if audit_constraints(subject, consensus)[0].status == "verified"
        }
        assert len(verified) == (more > fewer)


@pytest.mark.parametrize(("wrong_value", "votes"), [(500, 2), (1200, 0), ("1,200", 0)])
def test_a_prime_of_a_superseded_value_is_no_vote(
    tmp_path: Path, wrong_value: int | str, votes: int
) -> None:
    """Who falls for a trap may pass by a number that the equation happens to have."""
    traps = [{"target_entity": "Alma Rose", "attribute": "crates",
              "wrong_value": wrong_value}]  # fmt: skip
    records = [one_constraint(PRIME, "prime 11 with 17 and 19", miner=m) for m in ("0xbb", "0xcc")]
    for record in records:
        record["trap_metadata"] = {"trap_count": 1, "traps": traps}
    consensus = Consensus.of(subjects(tmp_path, *records))
    assert len(consensus.texts(0).get("11", ())) == votes
