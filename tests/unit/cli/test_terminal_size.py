"""However wide a terminal is or claims to be, what is drawn on it stays within reason."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from botcoin_dpo import build
from botcoin_dpo.cli.terminal_size import tame_sizes
from tests.builders import recovery, write_log

SHOW = [sys.executable, "-m", "botcoin_dpo", "show"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(write_log(folder / "a.jsonl", recovery()), folder / "out")
    return folder / "out"


@pytest.mark.parametrize("size", ["0", "²", "99999999", "9" * 5000])
def test_no_width_that_the_environment_claims_is_too_much(out: Path, size: str) -> None:
    finished = subprocess.run(
        [*SHOW, str(out), "1"],
        env=os.environ | {"COLUMNS": size, "LINES": size},
        capture_output=True,
        timeout=60,
    )
    lines = finished.stdout.decode().splitlines()
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert len(lines) > 10
    assert max(map(len, lines)) <= 500


@pytest.mark.parametrize(
    ("given", "columns", "lines"),
    [
        *(("0", None, None), ("-5", None, None), ("", None, None), ("wide", None, None)),
        *(("²", None, None), ("٣", None, None), (" 80", None, None), ("1e9", None, None)),
        *(("80", "80", "80"), ("500", "500", "500"), ("501", "500", "501")),
        ("9" * 5000, "500", "1000000"),
    ],
)
def test_sizes_are_numbers_within_reason(
    monkeypatch: pytest.MonkeyPatch, given: str, columns: str | None, lines: str | None
) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.setenv(name, given)
    tame_sizes()
    assert (os.environ.get("COLUMNS"), os.environ.get("LINES")) == (columns, lines)


def test_a_terminal_that_is_too_wide_is_not_filled(out: Path) -> None:
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 60_000, 60_000, 0, 0))
    environment = {key: os.environ[key] for key in os.environ if key not in ("COLUMNS", "LINES")}
    command = [*SHOW, str(out), "1"]
    with subprocess.Popen(command, stdout=child, stdin=child, env=environment | {"TERM": "xterm"}):
        os.close(child)
        shown = b""
        try:
            while piece := os.read(parent, 1 << 16):
                shown += piece
        except OSError:  # how a terminal ends
            pass
    os.close(parent)
    assert 5_000 < len(shown) < 50_000
