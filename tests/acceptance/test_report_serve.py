"""`report --serve` as a user runs it: an address on stdout, and Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from botcoin_dpo import build
from tests.builders import ROOT, recovery, run, write_log


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    build(write_log(folder / "a.jsonl", recovery()), folder / "out")
    return folder / "out"


@contextmanager
def started(built: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "botcoin_dpo", "report", str(built), "--serve", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_serves_until_a_signal_comes(built: Path, number: int, code: int) -> None:
    with started(built, "--progress", "none") as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urlopen(address) as page:
            assert b"preference pairs" in page.read()
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    word = {130: "interrupted", 143: "terminated"}[code]
    assert (process.returncode, out) == (code, "")
    assert err.splitlines() == [
        "1 pair, for this machine alone; Ctrl-C ends it",
        f"{word}; what was in the making is removed",
    ]


def test_a_second_signal_is_no_error(built: Path) -> None:
    with started(built, "--quiet") as process:
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(2):
            process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode in (130, -signal.SIGINT)  # Python itself has ended already
    assert err in ("", "interrupted; what was in the making is removed\n")


def test_json_is_one_object_that_has_the_address(built: Path) -> None:
    with started(built, "--json") as process:
        assert process.stdout is not None
        text = ""
        while not text.endswith("\n}\n"):
            text += process.stdout.readline()
        result = json.loads(text)
        with urlopen(result["address"]) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert sorted(result) == ["address", "rows", "timing"]
    assert result["rows"] == 1
    assert err == "interrupted; what was in the making is removed\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--serve", "-o", "x.html"], "--serve: --out, --pairs and --open are of a page in a file"),
        (["--serve", "--pairs", "5"], "--serve: --out, --pairs and --open are of a page in a file"),
        (["--serve", "--open"], "--serve: --out, --pairs and --open are of a page in a file"),
        (["--port", "8000"], "--port: there is none without --serve"),
        (["--serve", "--port", "70000"], "--port 70000: must be at most 65535"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    built: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    result = run("report", str(built), *options, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {message}")
    assert list(tmp_path.iterdir()) == []
