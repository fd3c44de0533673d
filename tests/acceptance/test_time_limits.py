"""No test runs for ever, nor does what it starts."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import ROOT

TESTS = ROOT / "tests"

HANGS = """
import subprocess

def test_that_hangs():
    subprocess.run(["bash", "-c", "touch $$.started; sleep 600 & touch $!.started; wait"])

def test_that_hangs_otherwise():
    process = subprocess.Popen(["bash", "-c", "touch $$.started; exec sleep 600"])
    process.wait()
"""


def test_a_test_that_hangs_fails_and_its_processes_end(tmp_path: Path) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGS)
    options = ["-p", "tests.conftest", "--timeout=1", "--rootdir", str(tmp_path)]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "test_hanging.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1, result.stdout
    assert "2 failed" in result.stdout
    assert result.stdout.count("Timeout") >= 2
    started = [path.stem for path in tmp_path.glob("*.started")]
    assert len(started) == 3
    assert not [process for process in started if Path("/proc", process).exists()]


def test_every_test_has_a_limit(pytestconfig: pytest.Config) -> None:
    assert float(pytestconfig.getini("timeout")) == 60
    limits = dict(marked_limits())
    assert not {place: limit for place, limit in limits.items() if not 60 < limit <= 300}


def marked_limits() -> Iterator[tuple[str, float]]:
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.timeout":
                (limit,) = node.args
                assert not node.keywords
                yield f"{path.name}:{node.lineno}", float(ast.literal_eval(limit))
