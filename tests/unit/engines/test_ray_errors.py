"""What is said where there is no cluster, or not the right one; none of it needs Ray."""

from __future__ import annotations

import subprocess
import sys

import pytest

from botcoin_dpo.engines.ray_errors import lost, not_connected, not_importable
from tests.builders import SAMPLE_LOGS, run

MISMATCH = """Version mismatch: The cluster was started with:
    Ray: 2.60.0
    Python: 3.12.3
This process on node 10.0.0.7 was started with:
    Ray: 2.59.1
    Python: 3.11.7
"""


class OutOfMemoryError(Exception):
    """Named as the one of Ray."""


def test_other_versions_are_named() -> None:
    assert not_connected("10.0.0.1:6379", RuntimeError(MISMATCH)).message == (
        "--address 10.0.0.1:6379: the cluster has Ray 2.60.0 and Python 3.12.3, this process has "
        "Ray 2.59.1 and Python 3.11.7; use the same on both sides"
    )


def test_what_is_lost_is_named_in_a_line() -> None:
    error = lost(
        "build_partition(partition 3)", OutOfMemoryError("Task was killed.\n\nMemory: 9 GB")
    )
    assert error.message == (
        "build_partition(partition 3): lost by the cluster: OutOfMemoryError: Task was killed.; "
        "use nodes with more memory, or --memory-mb for smaller partitions"
    )
    missing = not_importable(RuntimeError("failed to import\nNo module named 'botcoin_dpo'"))
    assert "cannot run jobs: No module named 'botcoin_dpo'; install the same" in missing.message


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--engine=spark"], "--engine spark: unknown; choose from processes, ray"),
        (["--address=auto"], "--address auto: only --engine ray has one"),
    ],
)
def test_an_engine_is_one_that_there_is(options: list[str], problem: str) -> None:
    for command in ("build", "stats", "audit"):
        result = run(command, SAMPLE_LOGS, *options)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == f"error: {problem}\n"


def test_without_the_library_the_message_names_the_extra() -> None:
    code = "import sys; sys.modules['ray'] = None; from botcoin_dpo.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "stats", SAMPLE_LOGS, "--engine", "ray"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: --engine ray: needs Ray; run pip install '.[ray]' in ")
