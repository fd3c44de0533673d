"""What the benchmark compares with writes the same rows. The benchmark measures; tests check."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from botcoin_dpo import build
from botcoin_dpo.simulate.simulator import simulate

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_the_plain_script_writes_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import run

    simulate(tmp_path / "logs", challenges=12, miners=6)
    build(tmp_path / "logs", tmp_path / "out")
    command = run.contender("plain_script", tmp_path / "logs", tmp_path / "rows.jsonl")
    subprocess.run([sys.executable, *command[1:]], check=True)
    rows = run.rows_in(tmp_path / "out")
    assert len(rows) > 10
    assert run.rows_in(tmp_path / "rows.jsonl") == rows


def test_memory_is_that_of_a_process_and_all_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import run

    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        end = time.monotonic() + 20
        while run.proportional_size(child.pid) <= 10**6:
            assert time.monotonic() < end
        assert run.family(child.pid) == [child.pid]
    finally:
        child.communicate(b"\n")
    assert run.proportional_size(child.pid) == 0
