"""What others can add from outside the package, shown by toys."""

import filecmp
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import (
    UsageError,
    audit,
    build,
    make_row,
    pair_sessions,
    read_attempts,
    stats,
    validate,
)
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.processes import Processes
from botcoin_dpo.engines.progress import ProgressCounter
from botcoin_dpo.pairing.strategy import Strategy
from tests.builders import SAMPLE_LOGS
from tests.toys.engine import OtherInterpreters
from tests.toys.strategy import LAST_AND_BEST


def assert_same_files(one: Path, other: Path) -> None:
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    same, different, odd = filecmp.cmpfiles(one, other, names, shallow=False)
    assert (different, odd) == ([], [])
    assert same


@pytest.mark.parametrize("engine", [OtherInterpreters(), Processes(2, "forkserver")])
@pytest.mark.timeout(180)
def test_a_build_by_another_engine_is_the_same_bytes(tmp_path: Path, engine: Engine) -> None:
    options: dict[str, Any] = {
        "pairs": ("sequential", "cross_session"),
        "audit": isinstance(engine, Processes),  # each other interpreter would import it anew
        "attempts": True,
        "memory_mb": 1,
    }
    here = build(SAMPLE_LOGS, tmp_path / "here", **options)
    there = build(SAMPLE_LOGS, tmp_path / "there", engine=engine, **options)
    assert there.funnel == here.funnel
    assert_same_files(tmp_path / "here", tmp_path / "there")
    out = tmp_path / "here"
    assert stats(SAMPLE_LOGS, engine=engine).as_json() == stats(SAMPLE_LOGS).as_json()
    assert stats(out, engine=engine).as_json() == stats(out).as_json()
    assert audit(SAMPLE_LOGS, engine=engine).as_json() == audit(SAMPLE_LOGS).as_json()
    assert validate(out, engine=engine).as_json() == validate(out).as_json()


def test_what_a_job_of_another_engine_raises_is_raised_here() -> None:
    engine = OtherInterpreters()
    results = run_jobs(engine, int, ["7", "x"], ProgressCounter(None, "reading", 2))
    assert next(results) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        next(results)
    assert engine.jobs == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_strategy_can_be_given_itself(tmp_path: Path, workers: int) -> None:
    pairs: list[Strategy | str] = [LAST_AND_BEST, "bookend"]
    result = build(SAMPLE_LOGS, tmp_path / "out", pairs=pairs, workers=workers, memory_mb=1)
    assert {shard.pair_type for shard in result.shards} == {"last_and_best", "bookend"}
    rows = [
        json.loads(line)
        for path in sorted((tmp_path / "out/last_and_best").iterdir())
        for line in path.read_text().splitlines()
    ]
    assert rows
    for row in rows:
        assert row["example_type"] == "session_revision_pair_last_and_best"
        assert row["pair_annotations"]["pair_type"] == "last_and_best"
    card = (tmp_path / "out/README.md").read_text()
    assert f"| `last_and_best` | {LAST_AND_BEST.meaning} |" in card
    build(SAMPLE_LOGS, tmp_path / "other", pairs="bookend")
    assert_same_files(tmp_path / "out/bookend", tmp_path / "other/bookend")
    attempts = list(read_attempts(SAMPLE_LOGS))
    pairs_in_hand = pair_sessions(attempts, LAST_AND_BEST)
    row_of = [make_row(pair.rejected, pair.chosen, LAST_AND_BEST) for pair in pairs_in_hand]
    keys = {(row["rejected_metadata"]["record_id"], row["chosen_text"]) for row in row_of}
    assert keys == {(row["rejected_metadata"]["record_id"], row["chosen_text"]) for row in rows}


def test_strategies_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    impostor = replace(LAST_AND_BEST, name="bookend")
    twin = replace(LAST_AND_BEST, meaning="another")
    for pairs, problem in (
        ([impostor], "pairs bookend: is the name of another strategy"),
        ([LAST_AND_BEST, twin], "pairs: two strategies share a name"),
        ([], "pairs: none given; choose from sequential, bookend, exhaustive, cross_session"),
    ):
        with pytest.raises(UsageError, match=re.escape(problem)):
            build(SAMPLE_LOGS, tmp_path / "out", pairs=pairs)
    with pytest.raises(UsageError, match="name it with small letters"):
        replace(LAST_AND_BEST, name="../out")
