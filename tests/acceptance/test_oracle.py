"""The audit against an oracle that shares no code with it, nor with the simulator."""

import ast
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botcoin_dpo import audit, build
from botcoin_dpo.contract.audit_rules import RULES
from tests import oracle
from tests.builders import facts, quarantine, read_rows, write_log
from tests.oracle.attempts import Attempt, make_attempt, mistake_of
from tests.oracle.challenge import make_world
from tests.oracle.lies import flip, relabel
from tests.oracle.world import KINDS, World

WORLDS = 60

NOT_READ = {
    "include": "a text that stands in the document only once may be misspelled, and is not read",
}
"""Why lies about these kinds of constraints are not found where nobody else was credited."""


class Audited(NamedTuple):
    """An attempt, and what the audit says of it."""

    attempt: Attempt
    audit: dict[str, Any]

    @property
    def is_contradicted(self) -> bool:
        return any(each["level"] == "contradicted" for each in self.audit["findings"])

    @property
    def about(self) -> str:
        return f"world {self.attempt.world.seed}, {self.attempt.key}: {self.audit['findings']}"


def honest_attempts(world: World, failing: int = 3) -> Iterator[Attempt]:
    """Attempts of three miners that pass in the end, of some that fail, and of one on path A."""
    dice = Random(f"miners {world.seed}")
    for miner in ("0xa1", "0xa2", "0xa3"):
        last = dice.randint(1, 2)
        for index in range(1, last):
            mistake = mistake_of(dice.randrange(7), dice)
            yield make_attempt(world, miner, index, mistake)
        yield make_attempt(world, miner, last)
    for number in range(failing):
        mistake = mistake_of(dice.randrange(7), dice)
        yield make_attempt(world, f"0xb{number}", mistake=mistake)
    yield make_attempt(world, "0xc1", path_a=True)


def liar(world: World) -> Attempt:
    """An attempt that breaks a constraint, and is said to be credited."""
    dice = Random(f"liar {world.seed}")
    mistake = mistake_of(world.seed % 7, dice)
    return relabel(make_attempt(world, "0xd1", mistake=mistake))


def flipped(world: World) -> Attempt:
    """A failing attempt of which one outcome is recorded wrongly."""
    dice = Random(f"flipped {world.seed}")
    mistake = mistake_of(dice.randrange(7), dice)
    return flip(make_attempt(world, "0xe1", mistake=mistake), dice.randrange(7))


def without(attempt: Attempt, *names: str) -> Attempt:
    """The attempt, in whose record these fields are missing."""
    for name in names:
        del attempt.record[name]
    return attempt


def audited(attempts: list[Attempt], folder: Path) -> list[Audited]:
    """Audit attempts in a log of their own, and check all that is said of outcomes."""
    records = [attempt.record for attempt in attempts]
    Random(1).shuffle(records)
    details = folder / "details.jsonl"
    result = audit(write_log(folder / "log.jsonl", records), details=details)
    found = {line["record_id"]: line["audit"] for line in map(orjson.loads, details.open("rb"))}
    assert result.attempts == len(attempts) == len(found)
    judged = [Audited(attempt, found[attempt.key]) for attempt in attempts]
    for each in judged:
        assert_nothing_false(each)
    findings = [finding["level"] for each in judged for finding in each.audit["findings"]]
    assert result.as_json()["findings"]["contradicted"] == findings.count("contradicted")
    return judged


def assert_nothing_false(each: Audited) -> None:
    """Check what the audit says of an attempt against what the oracle knows."""
    attempt, world = each.attempt, each.attempt.world
    assert attempt.is_touched or not each.is_contradicted, each.about
    assert len(each.audit["constraints"]) == len(KINDS)
    for at, verdict in enumerate(each.audit["constraints"]):
        where = f"{each.about}\n{world.constraints[at].text}\n{verdict}"
        assert verdict["kind"] == KINDS[at], where
        if verdict["verdict"] == "contradicted":
            assert at in attempt.changed, where
        elif verdict["verdict"] == "verified":
            assert at not in attempt.changed, where
            # All attempts are held against one text, so no two of them can both be verified.
            if verdict["expected"] is not None and KINDS[at] not in (
                "word_count",
                "forbidden_letter",
            ):
                assert verdict["expected"] == world.asked(at), where


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [make_world(seed) for seed in range(WORLDS)]


@pytest.fixture(scope="module")
def lone_liars(worlds: list[World], tmp_path_factory: pytest.TempPathFactory) -> list[Audited]:
    """One liar in each challenge, and nobody else."""
    return audited([liar(world) for world in worlds], tmp_path_factory.mktemp("alone"))


def test_the_oracle_is_independent_of_what_it_judges() -> None:
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for path in Path(oracle.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    others = {name for name in imported if not str(name).startswith("tests.oracle.")}
    assert others == {"dataclasses", "itertools", "random", "re", "typing"}
    assert len(imported) > len(others)


@pytest.mark.parametrize(
    "missing",
    [
        (),
        ("trap_metadata",),
        ("submitted_answers", "answer_verification"),
        ("trap_metadata", "submitted_answers", "answer_verification"),
    ],
    ids=lambda names: ", ".join(names) or "nothing",
)
def test_honest_logs_raise_no_false_alarm(
    worlds: list[World], tmp_path: Path, missing: tuple[str, ...]
) -> None:
    found = audited(
        [without(each, *missing) for world in worlds[:6] for each in honest_attempts(world)],
        tmp_path,
    )
    verdicts = [verdict["verdict"] for each in found for verdict in each.audit["constraints"]]
    assert verdicts.count("verified") > (0.4 if "submitted_answers" in missing else 0.7) * len(
        verdicts
    )


@settings(max_examples=10)
@given(seed=st.integers(1000, 10**9))
def test_nothing_false_is_said_in_any_world(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = make_world(seed)
    attempts = [*honest_attempts(world, 1), liar(world), flipped(world)]
    audited(attempts, tmp_path_factory.mktemp("world"))


def test_flipped_outcomes_are_never_taken_for_true(worlds: list[World], tmp_path: Path) -> None:
    found = audited([flipped(world) for world in worlds[:30]], tmp_path)
    assert sum(each.is_contradicted for each in found) > 0.5 * len(found)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(
            kind,
            marks=[pytest.mark.xfail(strict=True, reason=NOT_READ[kind])]
            if kind in NOT_READ
            else [],
        )
        for kind in ("all", *dict.fromkeys(KINDS))
    ],
)
def test_relabelled_attempts_are_found_alone(lone_liars: list[Audited], kind: str) -> None:
    found = [
        each.is_contradicted
        for each in lone_liars
        if kind in ("all", *(KINDS[at] for at in each.attempt.changed))
    ]
    assert sum(found) >= 0.8 * len(found) > 6


def test_relabelled_attempts_are_found_beside_others(worlds: list[World], tmp_path: Path) -> None:
    attempts = [each for world in worlds for each in (*honest_attempts(world, 0), liar(world))]
    found = [each for each in audited(attempts, tmp_path) if each.attempt.is_relabelled]
    assert sum(each.is_contradicted for each in found) >= 0.95 * WORLDS


def test_a_build_says_what_an_audit_says(worlds: list[World], tmp_path: Path) -> None:
    attempts = [a for world in worlds[:5] for a in (*honest_attempts(world), liar(world))]
    found = {each.attempt.key: each for each in audited(attempts, tmp_path)}
    log, out = tmp_path / "log.jsonl", tmp_path / "out"
    build(log, out, pairs=["cross_session"], audit=True, attempts=True)
    assert quarantine(out) == []
    built = {each["record_id"]: each["audit"] for each in facts(out, "attempts")}
    assert built == {key: each.audit for key, each in found.items()}
    rows = read_rows(out, "cross_session")
    assert rows
    for row in rows:
        sides = [found[row[f"{side}_metadata"]["record_id"]] for side in ("chosen", "rejected")]
        if any(RULES[rule].level == "contradicted" for rule in row["audit"]["flags"]):
            assert any(side.attempt.is_touched for side in sides), row["audit"]
