import ctypes
import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.builders import REFERENCE

# What is started in the background may ignore interrupts, and so would all programs tested here.
signal.signal(signal.SIGINT, signal.default_int_handler)

if sys.platform == "linux":  # processes whose parent ends become ours, so that we can end them
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER

settings.register_profile(
    "default",
    deadline=None,
    max_examples=int(os.environ.get("HYPOTHESIS_MAX_EXAMPLES", "60")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("default")


@pytest.fixture
def reference() -> Path:
    """The folder of real records; skips where it is absent."""
    if not REFERENCE.is_dir():
        pytest.skip("the published records are not at hand (in ../shared/reference)")
    return REFERENCE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """End the processes that a failing test started, such as one that took too long."""
    before = children()
    try:
        return (yield)
    except BaseException:
        while started := children() - before:  # the end of one brings us its own
            for process in started:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
        raise


def children() -> set[int]:
    """The processes whose parent is this one, where the system tells."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(process) for each in lists for process in each.read_text().split()}
