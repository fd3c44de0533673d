"""What others can add from outside the package, shown by toys."""

import filecmp
from pathlib import Path

import pytest
from builders import SAMPLE_LOGS
from toys.engine import OtherInterpreters

from botcoin_dpo import audit, build, stats, validate
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.processes import Processes
from botcoin_dpo.engines.progress import ProgressCounter


def assert_same_files(one: Path, other: Path) -> None:
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    same, different, odd = filecmp.cmpfiles(one, other, names, shallow=False)
    assert (different, odd) == ([], [])
    assert len(same) > 3


@pytest.mark.parametrize("engine", [OtherInterpreters(), Processes(2, "forkserver")])
@pytest.mark.timeout(180)
def test_a_build_by_another_engine_is_the_same_bytes(tmp_path: Path, engine: Engine) -> None:
    options = {"pairs": ("sequential", "cross_session"), "audit": True, "memory_mb": 1}
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
