"""The break-in campaign runs, repeats itself, and fails where the program does."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.builders import ROOT

KINDS = ["logs", "damage", "kill", "signal", "disk", "race"]


def campaign(*options: str, before: str = "") -> tuple[int, dict[str, Any]]:
    """Run a campaign, and first some code in the same interpreter."""
    program = f"{before}; import sys; from tests.fuzz.__main__ import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program.lstrip("; "), "--json", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_trial_runs_and_finds_nothing(kind: str) -> None:
    code, found = campaign("--seed", "3", "--trials", "1", "--kind", kind)
    assert (code, found) == (0, {kind: {"trials": 1, "failures": {}}})


PLANTED = {
    "signal": (
        "from botcoin_dpo.files import staging;staging.StagingFolder._leave = lambda self: None",
        "left behind",
    ),
    "disk": (
        "from botcoin_dpo.cli import app; app.write_error = lambda message: None",
        "stderr",
    ),
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_found(kind: str) -> None:
    before, symptom = PLANTED[kind]
    code, found = campaign("--seed", "3", "--trials", "4", "--kind", kind, before=before)
    assert code == 1
    assert found[kind]["failures"][symptom] > 0
