import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from botcoin_dpo import build
from tests.builders import recovery, run, write_log


@pytest.fixture
def built(tmp_path: Path) -> Path:
    write_log(tmp_path / "logs/a.jsonl", [r for n in range(9) for r in recovery(f"0x{n}")])
    build(tmp_path / "logs", tmp_path / "out")
    return tmp_path


def test_a_build_is_exported_and_found_valid(built: Path) -> None:
    made = run("export", cwd=built)
    assert (made.returncode, made.stderr) == (0, "")
    assert "dpo_reasoning_sequential" in made.stdout
    assert "left out, without a row: sft_revision" in made.stdout
    assert made.stdout.endswith("wrote hub\n")
    checked = run("validate", "hub", cwd=built)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "valid: " in checked.stdout


def test_json_prints_what_was_written_and_quiet_nothing(built: Path) -> None:
    options = ("--config", "kto_reasoning", "--format", "jsonl", "--out", "made")
    printed = run("export", "out", *options, "--json", cwd=built).stdout
    assert "hf upload" not in printed
    result = json.loads(printed)
    [config] = result["configs"]
    assert config["config"] == "kto_reasoning"
    assert sum(config["rows"].values()) == 18
    assert config["lengths"]["max_length"]["all"] % 64 == 0
    for file in config["files"]:
        assert (built / "made" / file["path"]).stat().st_size == file["bytes_on_disk"]
    again = run("export", "out", *options, "--overwrite", "--quiet", cwd=built)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_what_is_not_published_is_said(built: Path) -> None:
    made = run("export", "--max-tokens", "1", cwd=built)
    assert made.returncode == 1
    assert "Not published" in made.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--config", "x"], "error: --config x: this build has no such config; choose from dpo_"),
        (["--format", "csv"], "error: --format csv: unknown"),
        (["--anonymize-miners", "none"], "error: none: no such file or directory; name a file"),
        (["nothing"], "error: nothing/manifest.json: no such file; name a built folder"),
    ],
)
def test_what_must_be_mended_is_one_line(built: Path, arguments: list[str], message: str) -> None:
    result = run("export", *arguments, cwd=built)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1
    assert not (built / "hub").exists()


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    write_log(tmp_path / "logs/a.jsonl", [r for n in range(3000) for r in recovery(f"0x{n:x}")])
    build(tmp_path / "logs", tmp_path / "out")
    process = subprocess.Popen(
        [sys.executable, "-m", "botcoin_dpo", "export", "--format", "jsonl"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / ".hub.botcoin-dpo/dataset").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert "interrupted" in errors
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "out"]
