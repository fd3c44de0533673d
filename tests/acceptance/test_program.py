"""The program as a user runs it: stdout, stderr and exit code apart."""

import json
import os
import pty
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from botcoin_dpo import build
from botcoin_dpo.logs.compiled_scanner import SCANNER
from tests.builders import SAMPLE_LOGS, as_lines, attempt, recovery, run, write_log
from tests.object_server import run_program


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "a.jsonl", recovery())


def test_build_validate_and_stats_on_the_sample_data(tmp_path: Path) -> None:
    built = run("build", SAMPLE_LOGS, cwd=tmp_path)
    assert (built.returncode, built.stderr) == (0, "")
    assert "published out" in built.stdout
    checked = run("validate", "out", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("valid: ")
    shown = run("stats", cwd=tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "forbidden_letter" in shown.stdout


def test_the_sample_data_shows_every_strategy_and_reason(tmp_path: Path) -> None:
    kinds = ("sequential", "bookend", "exhaustive", "cross_session")
    options = [word for kind in kinds for word in ("--pairs", kind)]
    result = json.loads(
        run("build", SAMPLE_LOGS, "-o", tmp_path / "out", "--json", *options).stdout
    )
    funnel = result["funnel"]
    assert set(funnel["pairs"]) == set(kinds)
    assert {split for splits in funnel["pairs"].values() for split in splits} == {
        "train", "validation", "test",
    }  # fmt: skip
    assert funnel["sessions"]["total"] >= 8
    assert funnel["attempts"]["repeats"] >= 1
    assert funnel["challenges"]["used"] >= 1
    ledger = json.loads((SAMPLE_LOGS.parent / "logs.expected.json").read_bytes())
    seen_only_with_a_limit = {"oversized_record"}
    assert set(funnel["set_aside"]) == set(ledger["expected"]) - seen_only_with_a_limit
    assert len(funnel["set_aside"]) >= 13


def test_json_prints_one_object_and_nothing_else(tmp_path: Path, log: Path) -> None:
    out = tmp_path / "out"
    for arguments in (("build", log, "-o", out), ("validate", out), ("stats", out), ("stats", log)):
        result = run(*arguments, "--json")
        assert (result.returncode, result.stderr) == (0, "")
        assert isinstance(json.loads(result.stdout), dict)


def test_quiet_prints_nothing_when_all_is_well(tmp_path: Path, log: Path) -> None:
    out = tmp_path / "out"
    for arguments in (("build", log, "-o", out), ("validate", out), ("stats", out)):
        result = run(*arguments, "--quiet")
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_program_and_the_function_write_the_same_bytes(tmp_path: Path, log: Path) -> None:
    run("build", log, "-o", tmp_path / "one")
    build(log, tmp_path / "two")
    for path in (tmp_path / "one").rglob("*.*"):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


def test_standard_input_is_read_as_json_lines(tmp_path: Path) -> None:
    result = run("build", "-", "-o", tmp_path / "out", stdin=as_lines([*recovery(), b"{"]))
    assert result.returncode == 0
    (entry,) = (tmp_path / "out/quarantine.jsonl").read_text().splitlines()
    assert json.loads(entry)["file"] == "-"
    row = next((tmp_path / "out").glob("sequential/*.jsonl")).read_bytes()
    assert run("validate", "-", stdin=row).returncode == 0
    assert run("validate", "-", stdin=b"{}\n").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "missing"], "error: missing: no such file or directory; name a log file"),
        (["build", "empty"], "error: empty: no attempt logs in it; expected"),
        (["build", "notes.txt"], "error: notes.txt: not a log by its name; expected"),
        (["build", "a.jsonl", "--splits", "1,2"], "error: --splits 1,2: give three shares"),
        (["build", "a.jsonl", "--splits", "x"], "error: --splits x: give three numbers"),
        (["build", "a.jsonl", "--pairs", "all"], "error: --pairs all: no such strategy; choose"),
        (["build", "a.jsonl", "-o", "notes.txt"], "error: notes.txt: is a file; name a folder"),
        (["build", "a.jsonl", "-o", "full"], "error: full: exists and is not a previous build;"),
        (["build", "built"], "error: built: is a built dataset, not attempt logs; name the logs"),
        (["validate", "notes.txt"], "error: notes.txt: no file of rows by its name; expected"),
        (["validate", "missing"], "error: missing: no such file or folder; name a built folder"),
        (["validate", "empty"], "error: empty: has neither a manifest.json nor the card"),
        (["stats"], "error: out: no such file or folder; build first"),
        (["stats", "notes.txt"], "error: notes.txt: not a log by its name"),
    ],
)  # fmt: skip
def test_what_the_user_must_fix_is_one_line_and_exit_code_2(
    tmp_path: Path, log: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").write_text("")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "built").mkdir()
    (tmp_path / "built/manifest.json").write_text('{"schema_version": "botcoin-dpo/manifest/v1"}')
    result = run(*arguments, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_rows_and_logs_are_not_taken_for_each_other(tmp_path: Path, log: Path) -> None:
    run("build", log, "-o", tmp_path / "out")
    rows = next((tmp_path / "out").glob("sequential/*")).read_bytes()
    result = run("build", "-", "-o", tmp_path / "again", stdin=rows)
    assert result.returncode == 2
    assert result.stderr.startswith(
        "error: -: 1 record, none of them an attempt, most often unknown_record (1, the first at "
        "-:1);"
    )
    result = run("stats", "-", stdin=b'{"a": 1}\n')
    assert result.returncode == 2
    assert result.stderr.startswith("error: -: 1 record, none of them of an attempt log;")
    result = run("validate", log)
    assert result.returncode == 2
    assert result.stderr.endswith(":1: an attempt record, no row; build the logs first\n")


def test_empty_standard_input_does_not_replace_a_build(tmp_path: Path, log: Path) -> None:
    run("build", log, "-o", tmp_path / "out")
    result = run("build", "-", "-o", tmp_path / "out", "--overwrite")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert run("validate", tmp_path / "out").returncode == 0


def test_unknown_options_are_usage_errors(tmp_path: Path) -> None:
    result = run("build", "--nope", cwd=tmp_path)
    assert result.returncode == 2
    assert "--nope" in result.stderr


def test_strict_names_the_place_and_exits_with_1(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [*recovery(), b"{"])
    result = run("build", log, "--strict", cwd=tmp_path)
    assert result.returncode == 1
    assert f"error: {log}:3: malformed_json: " in result.stderr
    assert not (tmp_path / "out").exists()


def test_no_pairs_is_a_warning_not_an_error(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [attempt()])
    result = run("build", log, cwd=tmp_path)
    assert result.returncode == 0
    assert result.stderr == "warning: no pairs: no session has a credited pass\n"


def test_large_files_that_cannot_be_divided_are_warned_of(tmp_path: Path) -> None:
    write_log(tmp_path / "logs/a.jsonl", recovery())
    large = tmp_path / "logs/b.jsonl.gz"
    with large.open("wb") as file:
        file.truncate(1_100_000_000)
    result = run("build", tmp_path / "logs", "--dry-run", "--quiet", cwd=tmp_path)
    assert result.stderr == ""
    result = run("build", tmp_path / "logs", "--dry-run", "--json", cwd=tmp_path)
    assert result.returncode == 0 and json.loads(result.stdout)["rows"] == 1
    (warning,) = result.stderr.splitlines()
    assert warning.startswith(f"warning: {large}: 1.1 GB that cannot be divided")


STALE = """
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
name = "botcoin_dpo.logs._scanner"
sys.modules[name] = module_from_spec(ModuleSpec(name, None))
from botcoin_dpo.cli import main
main()
"""
"""The program, with a compiled scanner that says no version."""


def test_warnings_of_the_scanner_are_shown_as_all_others(log: Path) -> None:
    done = run_program("stats", str(log), "--workers", "2", code=STALE, BOTCOIN_DPO_SCANNER="")
    assert done.returncode == 0 and done.stdout
    assert done.stderr == (
        "warning: the scanner in Python is used: the compiled one is of another version; "
        "install the program again\n"
    )
    done = run_program("stats", str(log), "--workers", "2", BOTCOIN_DPO_SCANNER="c\n")
    assert done.returncode == 0 and done.stdout
    assert done.stderr == (
        "warning: BOTCOIN_DPO_SCANNER=c\\n: no such scanner, so it is ignored; "
        "set it to python, or unset it\n"
    )


def test_findings_are_listed_and_the_exit_code_is_1(tmp_path: Path, log: Path) -> None:
    run("build", log, "-o", tmp_path / "out")
    shard = next((tmp_path / "out").glob("sequential/*"))
    shard.write_bytes(shard.read_bytes().replace(b'"split":"', b'"split":"x'))
    result = run("validate", tmp_path / "out", columns=40)
    assert (result.returncode, result.stderr) == (1, "")
    path = shard.relative_to(tmp_path / "out")
    assert result.stdout.startswith(f"{path}:1: /split: schema: 'xtrain' is not one of [")
    assert result.stdout.splitlines()[-1].startswith("not valid: rows 1, files 1, findings ")
    found = json.loads(run("validate", tmp_path / "out", "--json").stdout)
    assert found["valid"] is False
    assert found["by_rule"]["schema"] == 1
    assert found["listed"][0]["line"] == 1


def test_the_reader_of_a_pipe_may_leave_without_changing_the_exit_code(
    tmp_path: Path, log: Path
) -> None:
    bad = tmp_path / "rows.jsonl"
    bad.write_text("{}\n")
    for command, code in ((f"stats {log}", 0), (f"validate {bad}", 1)):
        script = f"{sys.executable} -m botcoin_dpo {command} | true; exit ${{PIPESTATUS[0]}}"
        result = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
        assert (result.returncode, result.stderr) == (code, "")


@pytest.mark.parametrize(
    ("redirection", "code", "words"),
    [
        ("> /dev/full", 2, "error: standard output: no space left on device"),
        (">&-", 0, ""),
        ("2>&-", 0, ""),
        ("<&-", 0, ""),
    ],
)
def test_standard_streams_in_any_state(
    tmp_path: Path, log: Path, redirection: str, code: int, words: str
) -> None:
    script = f"{sys.executable} -m botcoin_dpo build {log} -o {tmp_path / 'out'} {redirection}"
    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert result.returncode == code
    assert result.stderr.startswith(words)
    assert "Traceback" not in result.stderr


def test_a_locale_without_our_characters_is_no_crash(tmp_path: Path, log: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "botcoin_dpo", "stats", str(log)],
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
    )
    assert (result.returncode, result.stderr) == (0, b"")


def test_closed_standard_input_is_an_input_error(tmp_path: Path) -> None:
    script = f"{sys.executable} -m botcoin_dpo build - -o {tmp_path / 'out'} <&-"
    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)


def test_a_name_that_is_no_text_can_be_printed_as_json(tmp_path: Path, log: Path) -> None:
    out = Path(os.fsdecode(os.fsencode(tmp_path) + b"/o\xff"))
    result = run("build", log, "-o", out, "--json")
    assert result.returncode == 0
    assert json.loads(result.stdout)["out"].endswith("o\\xff")
    Path(os.fsdecode(os.fsencode(out) + b"/\xfe")).touch()
    found = json.loads(run("validate", out, "--json").stdout)
    assert found["listed"][0]["file"] == "\\xfe"


def test_the_reader_of_a_pipe_may_leave(tmp_path: Path, log: Path) -> None:
    command = f"{sys.executable} -m botcoin_dpo stats {log} | head -n 1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert result.stderr == ""


def test_version_and_help() -> None:
    version, scanner = run("--version").stdout.splitlines()
    assert version.startswith("botcoin-dpo 0.")
    assert scanner == f"scanner: {SCANNER}"
    for command in ("build", "validate", "stats"):
        result = run(command, "--help")
        assert result.returncode == 0
        assert f"Example:  botcoin-dpo {command}" in result.stdout


_READERS_OF_LOGS = {"simdjson", "botcoin_dpo.logs.record_decoder", "botcoin_dpo.logs.scan"}
_EXPLAIN_AND_DRAW = {"jsonschema", "rich", "jinja2", "pyarrow"}


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (
            ("--help",),
            {"pydantic", "msgspec", "jsonschema_rs", "zstandard", "yaml"}
            | _READERS_OF_LOGS
            | _EXPLAIN_AND_DRAW,
        ),
        (("build", "a.jsonl", "-o", "again", "--workers", "1", "-q"), _EXPLAIN_AND_DRAW),
        (
            ("validate", "out"),
            {"yaml", "botcoin_dpo.validation.exported", "botcoin_dpo.validation.attempt_files"}
            | _READERS_OF_LOGS
            | _EXPLAIN_AND_DRAW,
        ),
        (("stats", "out", "--json"), {"yaml"} | _READERS_OF_LOGS | _EXPLAIN_AND_DRAW),
        (("audit", "out", "--json"), {"yaml"} | _READERS_OF_LOGS | _EXPLAIN_AND_DRAW),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_command_imports_only_what_it_uses(
    tmp_path: Path, log: Path, arguments: tuple[str, ...], heavy: set[str]
) -> None:
    assert all(map(find_spec, heavy))  # all are there to be imported
    build(log, tmp_path / "out")
    script = (
        "import sys\n"
        "from botcoin_dpo.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: code = end.code\n"
        f"sys.exit(code or str(sorted({heavy!r} & set(sys.modules))))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, cwd=tmp_path
    )
    assert result.stderr == "[]\n"


class TestHostileText:
    NAME = "\x1b]0;owned\x07[bold red]\u202egnp.exe\x9b2J"

    def test_a_terminal_shows_it_and_does_not_obey(self, tmp_path: Path) -> None:
        records = recovery(challenge_domain=self.NAME)
        for record in records:
            record["session_status"] = self.NAME
        write_log(
            tmp_path / "logs" / "\x1b[2J.jsonl",
            [*records, attempt(miner="0xbb", timestamp=self.NAME)],
        )
        shown = run("build", "logs", "--strict", cwd=tmp_path)
        assert "\\x1b[2J.jsonl" in shown.stderr
        for result in (
            shown,
            run("build", "logs", cwd=tmp_path),
            run("stats", cwd=tmp_path),
            run("stats", "logs", cwd=tmp_path),
            run("validate", "out", cwd=tmp_path),
            run("build", "logs/\x1b[2J", cwd=tmp_path),
        ):
            text = result.stdout + result.stderr
            assert not [char for char in text if char in "\x1b\x07\u202e\x9b"]
        assert "[bold red]" in run("stats", cwd=tmp_path).stdout


def test_a_terminal_gets_a_progress_bar_and_a_clean_screen(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", [r for n in range(50) for r in recovery(f"0x{n:x}")])
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "botcoin_dpo", "build", str(log), "-o", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=child,
        env=os.environ | {"TERM": "xterm-256color"},
    )
    os.close(child)
    output, _ = process.communicate()
    drawn = os.read(parent, 1 << 16).decode(errors="replace")  # it may end within a character
    os.close(parent)
    assert process.returncode == 0
    assert "reading" in drawn
    assert "reading" not in output.decode()


def test_plain_progress_is_a_line_every_few_seconds(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from botcoin_dpo.cli import progress as shown_progress

    monkeypatch.setattr(shown_progress, "_PLAIN_SECONDS", 0)
    for workers in (1, 2):
        with shown_progress.show_progress("plain") as progress:
            build(log, tmp_path / f"out{workers}", workers=workers, progress=progress)
        shown = capfd.readouterr()
        assert shown.out == ""
        assert re.search(
            r"^reading: [\d.]+ of [\d.]+ MB, [\d,.]+ MB/s, \d+ s left$", shown.err, re.M
        )
        assert re.search(r"^pairing: \d+ of \d+", shown.err, re.M)
    for mode in ("auto", "none"):
        assert run("build", log, "-o", tmp_path / mode, "--progress", mode).stderr == ""
    refused = run("build", log, "--progress", "fancy").stderr
    assert refused.startswith("error: --progress fancy: unknown; choose from auto, plain")
