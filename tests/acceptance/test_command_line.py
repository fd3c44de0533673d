"""What users of command lines expect: errors for programs, lists, time, completion."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from botcoin_dpo import build
from botcoin_dpo.cli.app import app
from tests.builders import recovery, run, write_log


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_log(folder / "logs/a.jsonl", [*recovery(), b"{"])
    build(folder / "logs", folder / "out", pairs="sequential")
    return folder


def rows_of(folder: Path) -> bytes:
    return next((folder / "out").glob("sequential/*.jsonl")).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("validate x --max-errors -1", "--max-errors -1: must be at least 0; see botcoin-dpo vali"),
        ("show x --limit 9999999999", "--limit 9999999999: must be at most 1000000000; see botc"),
        ("stats x --workers two", "--workers two: must be a whole number; see botcoin-dpo stats"),
        ("build x --shard-mb a", "--shard-mb a: must be a number; see botcoin-dpo build --help"),
        ("build", "LOGS: missing; see botcoin-dpo build --help"),
        ("build x --out", "--out: needs a value; see botcoin-dpo build --help"),
        ("validate x y", "y: too much; see botcoin-dpo validate --help"),
        ("validate x --quiet=3", "--quiet: takes no value; see botcoin-dpo validate --help"),
        ("build x --paris a", "--paris: no such option; did you mean --pairs"),
        ("stat", "stat: no such command; did you mean stats, stage? see botcoin-dpo --help"),
        ("--nope", "--nope: no such option; see botcoin-dpo --help"),
        ("stage --nope", "--nope: no such option; see botcoin-dpo stage --help"),
        ("stage scan --work w", "I: missing; see botcoin-dpo stage scan --help"),
        ("stage scan 0 --work w", "I 0: must be at least 1; see botcoin-dpo stage scan --help"),
        ("stage publish --work w build", "build: too much; see botcoin-dpo stage publish --help"),
        ("stage publish --wrk w", "--wrk: no such option; did you mean --work? see botcoin-dpo s"),
        ("stage publish --work", "--work: needs a value; see botcoin-dpo stage publish --help"),
        ("stage publsh build", "publsh: no such command; did you mean publish? see botcoin-dpo s"),
        ("stats x --progress a", "--progress a: unknown; choose from auto, plain, none"),
        ("build x --splits a", "--splits a: give three numbers, such as 0.9,0.05,0.05"),
    ],
)
def test_every_error_is_in_one_style(arguments: str, line: str) -> None:
    result = CliRunner().invoke(app, arguments.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {line}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["stage"]])
def test_help_is_shown_where_nothing_is_asked_for(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stderr) == (2, "")
    assert result.stdout == run(*arguments, "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            "stats none --json",
            {
                "kind": "input",
                "message": "none: no such file or folder; build first, or name a build or logs",
                "place": "none",
                "advice": "build first, or name a build or logs",
                "exit_code": 2,
            },
        ),
        (
            "build --json",
            {
                "kind": "usage",
                "message": "LOGS: missing; see botcoin-dpo build --help",
                "place": "LOGS",
                "advice": "see botcoin-dpo build --help",
                "exit_code": 2,
            },
        ),
    ],
)
def test_an_error_is_one_object_under_json(arguments: str, error: dict[str, object]) -> None:
    result = CliRunner().invoke(app, arguments.split())
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {"error": error}
    assert result.stderr == f"error: {error['message']}\n"


def test_an_error_with_any_name_is_json(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\x1b[2J\n")
    result = run("stats", name, "--json", cwd=tmp_path)
    message = json.loads(result.stdout)["error"]["message"]
    assert message.startswith("\\udcff\\x1b[2J\\n: no such file")
    assert result.stderr == f"error: {message}\n"


def test_lists_are_taken_with_commas(home: Path, tmp_path: Path) -> None:
    logs, out = str(home / "logs"), str(tmp_path / "a")
    built = CliRunner().invoke(app, ["build", logs, "-o", out, "--pairs", "bookend, sequential"])
    assert built.exit_code == 0
    build(home / "logs", tmp_path / "b", pairs=["bookend", "sequential"])
    for name in ("manifest.json", "README.md"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    result = CliRunner().invoke(app, ["build", logs, "--pairs", "sequential,x"])
    assert result.stderr.startswith("error: --pairs x: no such strategy")


def test_time_is_in_json_and_with_verbose_on_stderr_and_in_no_file(
    home: Path, tmp_path: Path
) -> None:
    options = ("build", home / "logs", "-o", tmp_path / "out", "--overwrite", "--json")
    first, second = run(*options), run(*options, "-v")
    values = [json.loads(each.stdout) for each in (first, second)]
    timings = [value.pop("timing") for value in values]
    assert values[0] == values[1]
    assert set(timings[0]) == {"elapsed_seconds", "bytes", "bytes_per_second", "stages"}
    assert timings[0]["bytes"] == (home / "logs/a.jsonl").stat().st_size
    assert set(timings[0]["stages"]) == {"reading", "pairing", "writing"}
    assert first.stderr == ""
    assert re.match(r"took [\d.]+ s for 0\.0 MB, [\d.]+ MB/s\n  reading: ", second.stderr)
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))
    assert b"elapsed" not in written


def test_the_environment_sets_workers_and_progress_only(home: Path) -> None:
    environment = {"BOTCOIN_DPO_WORKERS": "0", "BOTCOIN_DPO_OUT": "x"}
    result = CliRunner().invoke(app, ["stats", str(home / "out")], env=environment)
    assert result.stderr.startswith("error: BOTCOIN_DPO_WORKERS 0: must be at least 1; see")
    environment = {"BOTCOIN_DPO_PROGRESS": "fancy"}
    result = CliRunner().invoke(app, ["stats", str(home / "out")], env=environment)
    assert result.stderr.startswith("error: --progress fancy: unknown")


def test_standard_input_is_told_by_its_content(home: Path) -> None:
    rows, logs = rows_of(home), (home / "logs/a.jsonl").read_bytes()
    for command in ("stats", "audit"):
        for data, path in ((rows, home / "out"), (logs, home / "logs")):
            piped, named = (
                json.loads(CliRunner().invoke(app, [command, each, "--json"], input=data).stdout)
                for each in ("-", str(path))
            )
            assert piped | {"timing": 0} == named | {"timing": 0}
    damaged = CliRunner().invoke(app, ["stats", "-"], input=rows + b"{}\n")
    assert damaged.stderr == "error: -:2: not a valid row; see botcoin-dpo validate\n"


@pytest.mark.parametrize("command", ["build", "stats", "audit"])
def test_empty_standard_input_says_so(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [command, "-"])
    assert result.stderr == (
        "error: -: standard input is empty; pipe JSON lines into it, or name log files\n"
    )


def test_places_can_be_opened_from_where_one_stands(home: Path, tmp_path: Path) -> None:
    strict = run("build", "logs", "-o", tmp_path / "out", "--strict", cwd=home)
    assert "error: logs/a.jsonl:3: malformed_json: " in strict.stderr
    write_log(tmp_path / "bad/b.jsonl", [b"{"])
    nothing = run("build", "bad", cwd=tmp_path)
    assert "malformed_json (1, the first at bad/b.jsonl:1)" in nothing.stderr
    shutil.copytree(home / "out", tmp_path / "copy")
    shard = next((tmp_path / "copy").glob("sequential/*"))
    shard.write_bytes(b"{}\n")
    result = run("stats", "copy", cwd=tmp_path)
    place = shard.relative_to(tmp_path)
    assert result.stderr == f"error: {place}:1: not a valid row; see botcoin-dpo validate\n"


def test_show_tells_a_typo_from_a_pair(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    typo = CliRunner().invoke(app, ["show", "nosuch"])
    assert typo.stderr.startswith("error: nosuch: no such file or folder, and out has no pair of")
    for arguments in (["99"], ["out", "99"], ["out", "0"]):
        shown = CliRunner().invoke(app, ["show", *arguments])
        assert shown.stderr == f"error: out: has no pair {arguments[-1]}; it has 1, from 1 on\n"


def test_folders_that_are_made_on_the_way_are_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["audit", str(home / "logs"), "--details", "made/deep/details.jsonl"]
    assert CliRunner().invoke(app, options).stderr == "note: made the folder made\n"
    assert CliRunner().invoke(app, options).stderr == ""


def on_terminal(*arguments: object, cwd: Path) -> str:
    """Run the program with a terminal as stderr, and return what it is sent."""
    parent, child = pty.openpty()
    try:
        process = subprocess.run(
            [sys.executable, "-m", "botcoin_dpo", *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=child,
            cwd=cwd,
        )
        assert process.returncode == 0
        return os.read(parent, 1 << 16).decode().replace("\r\n", "\n")
    finally:
        os.close(child)
        os.close(parent)


def test_a_terminal_is_told_the_time_and_the_next_command(home: Path, tmp_path: Path) -> None:
    logs = home / "logs"
    shown = on_terminal("build", logs, "--progress", "none", cwd=tmp_path)
    assert re.fullmatch(r"took .* MB/s\nnext: botcoin-dpo show out .*\n", shown)
    shown = on_terminal("audit", "out", "--progress", "none", cwd=tmp_path)
    assert shown.endswith("\nnext: botcoin-dpo export out\n")
    name = "a; $b, " + "long " * 30
    options = ("--config", "kto_reasoning", "--format", "jsonl", "-o", name)
    shown = on_terminal("export", *options, "--progress", "none", cwd=tmp_path)
    assert shown.endswith(f"\nnext: hf upload USER/NAME '{name}' --repo-type dataset\n")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_commands_options_and_values(tmp_path: Path) -> None:
    program = tmp_path / "botcoin-dpo"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m botcoin_dpo "$@"\n')
    program.chmod(0o755)
    script = """
    eval "$(botcoin-dpo --show-completion bash)"
    complete_words() {
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _botcoin_dpo_completion botcoin-dpo; echo "${COMPREPLY[@]}"
    }
    complete_words botcoin-dpo au
    complete_words botcoin-dpo build --dry
    complete_words botcoin-dpo build --pairs sequential,b
    """
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SHELL": "/bin/bash"}
    result = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    assert result.stdout.splitlines() == ["audit", "--dry-run", "sequential,bookend"]
