"""Signals at exact moments: no one is lost, and whatever they end cleans up."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from botcoin_dpo import build, validate
from tests.builders import recovery, write_log
from tests.moments import run_with

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
WORDS = {130: "interrupted", 143: "terminated"}


def raising(number: int) -> str:
    return f"signal.raise_signal({int(number)})"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program runs: with logs and a build of them, both of more than one file."""
    for name in ("a", "b"):
        write_log(tmp_path / f"logs/{name}.jsonl", recovery(f"0x{name}"))
    build(tmp_path / "logs", tmp_path / "built", pairs=["sequential", "bookend"])
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    return tmp_path


def assert_ended(result: subprocess.CompletedProcess[str], code: int, home: Path) -> None:
    assert (result.returncode, result.stdout) == (code, "")
    assert result.stderr == f"{WORDS[code]}; what was in the making is removed\n"
    assert_nothing_is_left(home)


def assert_nothing_is_left(home: Path) -> None:
    assert sorted(path.name for path in home.iterdir()) == ["built", "logs", "scratch"]
    assert list((home / "scratch").iterdir()) == []


@pytest.mark.parametrize(("number", "code"), SIGNALS)
@pytest.mark.parametrize(
    "arguments",
    ["build logs", "build logs --dry-run", "stats logs", "audit built", "validate built"],
)
def test_a_signal_while_workers_are_forked_is_not_lost(
    home: Path, arguments: str, number: int, code: int
) -> None:
    result = run_with({"forked": raising(number)}, *arguments.split(), "--workers=2", cwd=home)
    assert_ended(result, code, home)


@pytest.mark.parametrize(("number", "code"), SIGNALS)
@pytest.mark.parametrize(
    "moment",
    [
        "botcoin_dpo.cli.app:<module>",
        "typer.core:<module>",
        "botcoin_dpo.cli.build:<module>",
        "botcoin_dpo.cli.app:run",
        "typer.main:get_command",
        "botcoin_dpo.cli.app:_ErrorsToExitCodes.invoke",
    ],
)
def test_a_signal_in_the_first_moments_is_an_exit_code(
    home: Path, moment: str, number: int, code: int
) -> None:
    result = run_with({moment: raising(number)}, "build", "logs", cwd=home)
    assert (result.returncode, result.stdout, result.stderr) == (code, "", "")
    assert_nothing_is_left(home)


@pytest.mark.parametrize(
    "moment",
    [
        "botcoin_dpo.building.build:<module>",
        "botcoin_dpo.files.staging:_take_lock",
        "botcoin_dpo.files.staging:StagingFolder.publish",
        "concurrent.futures.process:ProcessPoolExecutor.__init__",
        "concurrent.futures._base:Future.result",
        "concurrent.futures.process:ProcessPoolExecutor.shutdown",
    ],
)
def test_a_signal_at_any_other_moment_cleans_up(home: Path, moment: str) -> None:
    moments = {moment: raising(signal.SIGINT)}
    assert_ended(run_with(moments, "build", "logs", "--workers=2", cwd=home), 130, home)


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "moment",
    [
        "botcoin_dpo.files.staging:StagingFolder.__exit__",
        "botcoin_dpo.files.staging:StagingFolder._leave",
        "shutil:rmtree",
        "botcoin_dpo.cli.streams:write_error",
    ],
)
def test_a_second_signal_does_not_disturb_cleaning_up(
    home: Path, moment: str, second: signal.Signals
) -> None:
    first = {"botcoin_dpo.files.staging:StagingFolder.publish": raising(signal.SIGINT)}
    result = run_with(first | {moment: raising(second)}, "build", "logs", cwd=home)
    if moment == "botcoin_dpo.cli.streams:write_error":  # nothing is left to be cleaned up
        assert (result.returncode, result.stderr) == (130, "")
        assert_nothing_is_left(home)
    else:
        assert_ended(result, 130, home)


def test_a_signal_while_a_refused_build_is_removed_waits_for_that(home: Path) -> None:
    write_log(home / "logs/c.jsonl", [{"broken": 1}])
    moments = {
        "botcoin_dpo.files.staging:StagingFolder._recover": "pass",
        "shutil:rmtree": raising(2),
    }
    assert_ended(run_with(moments, "build", "logs", "--strict", cwd=home), 130, home)


SWALLOWED = """
class Swallows:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

Swallows()
"""


@pytest.mark.parametrize(
    ("arguments", "moment"),
    [
        ("build logs", "botcoin_dpo.building.build:build"),
        ("build logs", "botcoin_dpo.files.staging:StagingFolder.publish"),
        ("show built", "botcoin_dpo.terminal.pair_list_view:PairListView.__rich_console__"),
        ("validate built", "botcoin_dpo.validation.validate:validate"),
    ],
)
def test_a_signal_that_python_swallows_still_ends_the_program(
    home: Path, arguments: str, moment: str
) -> None:
    result = run_with({moment: SWALLOWED}, *arguments.split(), cwd=home)
    assert result.returncode == 130
    assert result.stderr == "interrupted; what was in the making is removed\n"
    assert_nothing_is_left(home)


def test_a_signal_after_one_that_python_swallowed_is_obeyed_at_once(home: Path) -> None:
    moments = {
        "botcoin_dpo.viewing.catalogue:Catalogue.select": SWALLOWED,
        "botcoin_dpo.terminal.pair_list_view:<module>": raising(signal.SIGINT),
        "botcoin_dpo.cli.streams:_write_out": "os._exit(99)",
    }
    assert_ended(run_with(moments, "show", "built", cwd=home), 130, home)


def test_a_signal_after_publishing_comes_too_late(home: Path) -> None:
    previous = (home / "built").stat().st_ino
    moments = {
        "botcoin_dpo.files.staging:_exchange": raising(signal.SIGINT),
        "botcoin_dpo.files.staging:StagingFolder._leave": raising(signal.SIGTERM),
        "botcoin_dpo.terminal.funnel_view:funnel_view": raising(signal.SIGINT),
    }
    result = run_with(moments, "build", "logs", "-o", "built", "--overwrite", cwd=home)
    assert (result.returncode, result.stderr) == (0, "")
    assert "published built" in result.stdout
    assert (home / "built").stat().st_ino != previous
    assert validate(home / "built").is_valid
    assert_nothing_is_left(home)


SLOW = """
import time
from botcoin_dpo.dataset import folding

fold_segment = folding._fold_segment

def slow(segment, *shared):
    if segment.position > 0:
        time.sleep(600)
    return fold_segment(segment, *shared)

slow.__module__, slow.__qualname__ = folding.__name__, "_fold_segment"
folding._fold_segment = slow
"""


def test_workers_do_not_outlive_an_error(home: Path) -> None:
    min(home.glob("built/*/*.jsonl")).write_text("{}\n")
    min(home.glob("built/sequential/*.jsonl")).write_text("{}\n")
    moments = {"botcoin_dpo.dataset.folding:RowFiles.fold": SLOW}
    result = run_with(moments, "stats", "built", "--workers=2", cwd=home)
    assert (result.returncode, result.stdout) == (2, "")
    assert ":1: not a valid row" in result.stderr


def test_an_ignored_signal_stays_ignored(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "botcoin_dpo", "validate", "-"],
        cwd=home,
        stdin=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    process.send_signal(signal.SIGINT)
    process.communicate(next((home / "built").rglob("train-*.jsonl")).read_bytes())
    assert process.returncode == 0


@pytest.mark.parametrize(("number", "code"), [("INT", 0), ("TERM", 143)])
def test_ctrl_c_in_a_pager_is_the_pagers(home: Path, number: str, code: int) -> None:
    parent, child = pty.openpty()
    process = subprocess.run(
        [sys.executable, "-m", "botcoin_dpo", "show", "built", "1"],
        stdin=child,
        stdout=child,
        stderr=subprocess.PIPE,
        cwd=home,
        env=os.environ
        | {"TERM": "xterm", "LINES": "10", "PAGER": f"kill -{number} $PPID; cat > scratch/paged"},
    )
    os.close(child)
    os.close(parent)
    assert process.returncode == code
    if not code:
        assert process.stderr == b""
        assert b"pair 1" in (home / "scratch/paged").read_bytes()
