import os
import signal
from pathlib import Path

import pytest
from builders import REFERENCE
from hypothesis import HealthCheck, settings

# What is started in the background may ignore interrupts, and so would all programs tested here.
signal.signal(signal.SIGINT, signal.default_int_handler)

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
        pytest.skip("needs the real records in ../shared/reference")
    return REFERENCE
