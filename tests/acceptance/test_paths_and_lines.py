"""Names of any bytes, a current folder that is gone, and what hostile names do to lines."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from botcoin_dpo import build
from botcoin_dpo.exporting.exporter import export
from tests.builders import recovery, write_log

NOT_TEXT = os.fsdecode(b"caf\xe9")
FORGED = "x\nerror: all is lost\r\x85\u2028\x1b[2J"

Finished = subprocess.CompletedProcess[bytes]


def run(*arguments: object, cwd: Path | None = None) -> Finished:
    command = [sys.executable, "-m", "botcoin_dpo", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, cwd=cwd, timeout=60)


def run_from_deleted(folder: Path, *arguments: object) -> Finished:
    """Run the program in a folder that is deleted before it starts."""
    folder.mkdir()
    command = [sys.executable, "-m", "botcoin_dpo", *map(str, arguments)]
    script = 'rmdir "$1" && shift && exec "$@"'
    return subprocess.run(
        ["sh", "-c", script, "sh", str(folder), *command],
        capture_output=True, cwd=folder, timeout=60,
    )  # fmt: skip


def assert_one_error(finished: Finished) -> str:
    line = finished.stderr.decode()
    assert finished.returncode == 2
    assert line.startswith("error: ")
    assert line.endswith("\n")
    assert len(line.splitlines()) == 1
    return line


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with logs, a build, exports and a key, all below a name that is not UTF-8."""
    folder = tmp_path_factory.mktemp("made") / NOT_TEXT
    write_log(folder / f"logs/{NOT_TEXT}.jsonl", [*recovery(), b"{"])
    build(folder / "logs", folder / "out")
    export(folder / "out", folder / "hub")
    export(folder / "out", folder / "lines", format="jsonl")
    (folder / "key").write_bytes(b"k" * 32)
    return folder


def commands(made: Path, new: Path) -> Iterator[list[object]]:
    """Yield a command line for each thing that commands do; all paths are absolute."""
    out, logs = made / "out", made / "logs"
    yield ["build", logs, "-o", new / "out"]
    yield ["build", logs, "-o", new / "out", "--update"]
    yield ["validate", out]
    yield ["validate", made / "hub"]
    yield ["validate", made / "lines"]
    yield ["validate", next(out.glob("sequential/*"))]
    yield ["stats", out]
    yield ["stats", logs]
    yield ["audit", out]
    yield ["audit", logs]
    yield ["show", out]
    yield ["show", out, 1, "--svg", new / "pair.svg"]
    yield ["report", out, "-o", new / "report.html"]
    yield ["export", out, "-o", new / "hub", "--overwrite", "--anonymize-miners", made / "key"]
    yield ["simulate", new / "logs", "--challenges", 1]


@pytest.mark.parametrize("number", range(15))
def test_names_that_are_not_utf_8_will_do_everywhere(
    made: Path, tmp_path: Path, number: int
) -> None:
    new = tmp_path / NOT_TEXT
    if number == 1:
        build(made / "logs", new / "out")
    command = list(commands(made, new))[number]
    for options in ([], ["--json"]) if command[0] not in ("build", "simulate") else (["--json"],):
        finished = run(*command, *options)
        told = [line for line in finished.stderr.splitlines() if not line.startswith(b"note: made")]
        assert (finished.returncode, told) == (0, [])
        finished.stdout.decode()
        if options:
            assert isinstance(json.loads(finished.stdout), dict)


@pytest.mark.parametrize(
    "name", ["build", "validate", "stats", "audit", "show", "report", "export"]
)
def test_names_that_are_not_utf_8_are_shown_with_escapes(tmp_path: Path, name: str) -> None:
    assert "\\udce9" in assert_one_error(run(name, tmp_path / NOT_TEXT / "nothing", cwd=tmp_path))


@pytest.mark.parametrize("number", range(15))
def test_absolute_paths_work_in_a_folder_that_was_deleted(
    made: Path, tmp_path: Path, number: int
) -> None:
    if number == 1:
        build(made / "logs", tmp_path / "out")
    command = list(commands(made, tmp_path))[number]
    finished = run_from_deleted(tmp_path / "gone", *command)
    assert (finished.returncode, finished.stderr) == (0, b"")


@pytest.mark.parametrize(
    "command",
    [
        *(["build", "logs"], ["build", "{}/logs"], ["build", "logs", "-o", "{}/new"]),
        *(["validate", "out"], ["stats"], ["stats", "x.jsonl"], ["audit"], ["audit", "logs"]),
        *(["show"], ["show", "3"], ["show", "{}/out", "1", "--svg", "x.svg"]),
        *(["report"], ["report", "{}/out"], ["report", "out", "-o", "{}/new.html"]),
        *(["export"], ["export", "{}/out"], ["export", "out", "-o", "{}/new"]),
        ["export", "{}/out", "-o", "{}/new", "--anonymize-miners", "key"],
        ["simulate", "logs"],
    ],
    ids=" ".join,
)
def test_relative_paths_are_one_line_in_a_folder_that_was_deleted(
    made: Path, tmp_path: Path, command: list[str]
) -> None:
    words = [word.replace("{}", str(made)) for word in command]
    assert_one_error(run_from_deleted(tmp_path / "gone", *words))


@pytest.mark.parametrize(
    "command",
    [
        [FORGED], [f"--{FORGED}"], ["build", f"--{FORGED}"], ["build", "x", "--workers", FORGED],
        ["build", "x", "-o"], ["build"], ["build", FORGED], ["build", "x", "--pairs", FORGED],
        ["build", "x", "--splits", FORGED], ["validate", FORGED], ["validate", "a", FORGED],
        ["stats", FORGED], ["stats", "--progress", FORGED], ["audit", FORGED],
        ["audit", "--fail-on", FORGED], ["show", FORGED], ["show", "out", "--sort", FORGED],
        ["show", "out", "--flipped", FORGED], ["report", FORGED],
        ["report", "x", "-o", f"/{FORGED}"], ["export", FORGED],
        ["export", "x", "--format", FORGED], ["export", "x", "--name", FORGED],
        ["export", "x", "--license", FORGED], ["export", "x", "--drop-if", FORGED],
        ["simulate", "x", "--domains", FORGED], ["simulate", f"/dev/null/{FORGED}"],
    ],
    ids=range(27),
)  # fmt: skip
def test_an_error_is_one_line_whatever_was_named(tmp_path: Path, command: list[str]) -> None:
    assert_one_error(run(*command, cwd=tmp_path))


def test_a_finding_is_one_line_whatever_its_file_is_called(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(made / "logs", out)
    (out / FORGED).touch()
    (out / f"{FORGED} link").symlink_to(tmp_path / FORGED)
    finished = run("validate", out)
    lines = finished.stdout.decode().splitlines()
    assert finished.returncode == 1
    for line, rule in zip(lines, ("unlisted_file", "unlisted_file", "outside_link"), strict=False):
        assert line.startswith("x\\nerror: all is lost\\r")
        assert f": /: {rule}: " in line
    assert len(lines) == 4


def test_a_result_is_one_line_whatever_the_output_is_called(made: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    finished = run("report", made / "out", "-o", tmp_path / "a" / FORGED)
    lines = finished.stdout.decode().splitlines()
    assert "x\\nerror: all is lost\\r" in lines[0]
    assert not any(line.startswith("error") for line in lines)


def test_help_is_shown_where_nothing_is_asked_for() -> None:
    finished = run()
    assert (finished.returncode, finished.stderr) == (2, b"")
    assert finished.stdout == run("--help").stdout
