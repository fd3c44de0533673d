"""The audit against an oracle that shares no code with it, nor with the simulator."""

import ast
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import orjson
import pytest

from botcoin_dpo import audit, build
from tests import oracle
from tests.builders import facts, quarantine, write_log
from tests.oracle import Attempt, World

WORLDS = 60


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


def honest_attempts(world: World, mistakes: int = 3) -> Iterator[Attempt]:
    """Attempts of five to seven miners: right ones, wrong ones, and one on path A."""
    dice = Random(f"miners {world.seed}")
    for miner in ("0xa1", "0xa2", "0xa3"):
        tries = dice.randint(1, 2)
        for index in range(1, tries):
            mistake = oracle.mistakes_of(dice.randrange(7), dice)
            yield oracle.make_attempt(world, miner, index, mistake)
        yield oracle.make_attempt(world, miner, tries)
    for number in range(mistakes):
        mistake = oracle.mistakes_of(dice.randrange(7), dice)
        yield oracle.make_attempt(world, f"0xb{number}", 1, mistake)
    yield oracle.make_attempt(world, "0xc1", path_a=True)


def liar(world: World) -> Attempt:
    """An attempt that breaks a constraint, and is said to be credited."""
    dice = Random(f"liar {world.seed}")
    mistake = oracle.mistakes_of(world.seed % 7, dice)
    return oracle.relabel(oracle.make_attempt(world, "0xd1", mistake=mistake))


def flipped(world: World) -> Attempt:
    """A failing attempt of which one outcome is recorded wrongly."""
    dice = Random(f"flipped {world.seed}")
    attempt = oracle.make_attempt(
        world, "0xd1", mistake=oracle.mistakes_of(dice.randrange(7), dice)
    )
    return oracle.flip(attempt, dice.randrange(7))


def audited(attempts: list[Attempt], folder: Path) -> list[Audited]:
    """Audit attempts in a log of their own."""
    records = [attempt.record for attempt in attempts]
    Random(1).shuffle(records)
    folder.mkdir()
    result = audit(write_log(folder / "log.jsonl", records), details=folder / "details.jsonl")
    lines = [orjson.loads(line) for line in (folder / "details.jsonl").read_bytes().splitlines()]
    found = {line["record_id"]: line["audit"] for line in lines}
    assert result.attempts == len(attempts) == len(found)
    return [Audited(attempt, found[attempt.key]) for attempt in attempts]


def assert_nothing_false(found: list[Audited]) -> None:
    """Check all that the audit says of outcomes against what the oracle knows."""
    for each in found:
        attempt, verdicts = each.attempt, each.audit["constraints"]
        assert attempt.is_touched or not each.is_contradicted, each.about
        texts: dict[int, str] = {}
        for at, verdict in enumerate(verdicts):
            where = f"{each.about}\n{verdict}\n{attempt.world.constraints[at].text}"
            assert verdict["kind"] == attempt.world.constraints[at].kind, where
            if verdict["verdict"] == "contradicted":
                assert at in attempt.changed, where
            elif verdict["verdict"] == "verified":
                assert at not in attempt.changed, where
                if verdict["expected"] is not None and attempt.world.asked(at) is not None:
                    texts[at] = verdict["expected"]
                    assert texts[at] == attempt.world.asked(at), where


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [oracle.make_world(seed) for seed in range(WORLDS)]


def test_the_oracle_is_independent_of_what_it_judges() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or ".").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert imported == {"__future__", "dataclasses", "itertools", "random", "re", "typing"}


def test_honest_logs_raise_no_false_alarm(worlds: list[World], tmp_path: Path) -> None:
    attempts = [attempt for world in worlds[:20] for attempt in honest_attempts(world)]
    assert_nothing_false(audited(attempts, tmp_path / "logs"))


def test_flipped_outcomes_are_never_taken_for_true(worlds: list[World], tmp_path: Path) -> None:
    attempts = [flipped(world) for world in worlds]
    assert_nothing_false(audited(attempts, tmp_path / "alone"))


def test_relabelled_attempts_are_found_alone(worlds: list[World], tmp_path: Path) -> None:
    found = audited([liar(world) for world in worlds], tmp_path / "alone")
    assert_nothing_false(found)
    assert sum(each.is_contradicted for each in found) >= 0.8 * WORLDS


def test_relabelled_attempts_are_found_beside_others(worlds: list[World], tmp_path: Path) -> None:
    attempts = [
        attempt for world in worlds for attempt in (*honest_attempts(world, 1), liar(world))
    ]
    found = audited(attempts, tmp_path / "beside")
    assert_nothing_false(found)
    liars = [each for each in found if each.attempt.is_relabelled]
    assert sum(each.is_contradicted for each in liars) >= 0.95 * WORLDS


def test_a_build_says_what_an_audit_says(worlds: list[World], tmp_path: Path) -> None:
    attempts = [a for world in worlds[:3] for a in (*honest_attempts(world), liar(world))]
    found = audited(attempts, tmp_path / "logs")
    build(tmp_path / "logs/log.jsonl", tmp_path / "out", audit=True, attempts=True)
    assert quarantine(tmp_path / "out") == []
    built = {each["record_id"]: each["audit"] for each in facts(tmp_path / "out", "attempts")}
    assert built == {each.attempt.key: each.audit for each in found}
