import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import run


def test_simulated_logs_are_built_as_the_ledger_says(tmp_path: Path) -> None:
    made = run("simulate", "logs", "--challenges", 4, "--noise", 0.2, cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert "wrote logs\nwhat to expect of them: logs.expected.json\n" in made.stdout
    built = run("build", "logs", "--max-record-mb", 1, "--json", cwd=tmp_path)
    ledger = json.loads((tmp_path / "logs.expected.json").read_bytes())
    assert json.loads(built.stdout)["funnel"]["set_aside"] == ledger["expected"]


def test_json_prints_the_counts_and_quiet_nothing(tmp_path: Path) -> None:
    options = ("--challenges", 2, "--miners", 2, "--domains", "enzymes", "--files", 1)
    made = run("simulate", "logs", *options, "--json", cwd=tmp_path)
    result = json.loads(made.stdout)
    assert (result["out"], result["challenges"]) == ("logs", 2)
    lines = (tmp_path / "logs/attempts-00000.jsonl").read_bytes().splitlines()
    assert result["records"] == result["attempts"] == len(lines)
    assert {json.loads(line)["challenge_domain"] for line in lines} == {"enzymes"}
    again = run("simulate", "logs", *options, "--quiet", "--overwrite", cwd=tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "csv"], "error: --format csv: unknown; choose from jsonl, jsonl.gz"),
        (["--domains", "alchemy"], "error: --domains alchemy: unknown; choose from companies"),
        (["--noise", "2"], "error: --noise: must be from 0 to 1"),
    ],
)
def test_what_must_be_mended_is_one_line(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    result = run("simulate", tmp_path / "logs", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "botcoin_dpo", "simulate", "logs", "--challenges", "100000"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(tmp_path.glob(".logs.botcoin-dpo/dataset/*.jsonl")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "interrupted; what was in the making is removed\n")
    assert list(tmp_path.iterdir()) == []
