"""What the benchmark compares with writes the same rows. The benchmark measures; tests check."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import run
from botcoin_dpo import build
from botcoin_dpo.simulation.simulator import simulate


@pytest.mark.parametrize("name", ["plain script", "Node + ajv"])
def test_contenders_that_need_no_library_of_python_write_the_same_rows(
    name: str, tmp_path: Path
) -> None:
    script, module = run.CONTENDERS[name]
    if not run.is_installed(script, module):
        pytest.skip(f"{name} is not installed: benchmarks/README.md says how")

    simulate(tmp_path / "logs", challenges=12, miners=6)
    build(tmp_path / "logs", tmp_path / "out")
    command = run.contender(script, tmp_path / "logs", tmp_path / "rows.jsonl")
    subprocess.run(command, check=True)
    rows = run.rows_in(tmp_path / "out")
    assert len(rows) > 10
    assert run.rows_in(tmp_path / "rows.jsonl") == rows


def test_memory_is_that_of_a_process_and_all_it_started() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        end = time.monotonic() + 20
        while run.proportional_size(child.pid) <= 10**6:
            assert time.monotonic() < end
        assert run.family(child.pid) == [child.pid]
    finally:
        child.communicate(b"\n")
    assert run.proportional_size(child.pid) == 0
