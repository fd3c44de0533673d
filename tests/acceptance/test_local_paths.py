"""An empty path, or a URL, is refused before anything is read or made, wherever it is given."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from typer.testing import CliRunner

from botcoin_dpo import UsageError, build, read_attempts, stats, validate
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.cli.app import app
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.files.local_paths import log_arguments
from botcoin_dpo.html_report.reporter import report
from botcoin_dpo.simulation.simulator import simulate
from botcoin_dpo.viewing.catalogue import open_catalogue
from tests.builders import read_rows, recovery, write_log

INPUTS: dict[str, Callable[[Any], object]] = {
    "build": lambda path: build(path, "out"),
    "build, of several": lambda path: build(["logs", path], "out"),
    "build, exclude": lambda path: build("logs", "new", exclude=path),
    "read_attempts": lambda path: list(read_attempts(path)),
    "validate": validate,
    "stats": stats,
    "audit": audit,
    "report": report,
    "export": export,
    "export, key": lambda path: export("out", anonymize_miners=path),
    "export, tokenizer": lambda path: export("out", tokenizer=path),
    "open_catalogue": lambda path: open_catalogue(path).__enter__(),
}
OUTPUTS: dict[str, Callable[[Any], object]] = {
    "build": lambda path: build("logs", path),
    "build, dry": lambda path: build("logs", path, dry_run=True),
    "report": lambda path: report("out", path),
    "export": lambda path: export("out", path),
    "simulate": simulate,
}
COMMANDS = [
    "build PATH",
    "build logs PATH",
    "build logs -o PATH",
    "build logs --exclude PATH",
    "validate PATH",
    "stats PATH",
    "audit PATH",
    "show PATH",
    "show PATH 1",
    "show out 1 --svg PATH",
    "report PATH",
    "report out -o PATH",
    "export PATH",
    "export out -o PATH",
    "export out --anonymize-miners PATH",
    "export out --tokenizer PATH",
    "simulate PATH",
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with logs and a build of them."""
    write_log(tmp_path / "logs/a.jsonl", recovery())
    build(tmp_path / "logs", tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def everything_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("path", ["", "hf://bucket/x", "file:///x"])
def test_every_command_refuses_it_in_one_line(here: Path, command: str, path: str) -> None:
    before = everything_in(here)
    words = [path if word == "PATH" else word for word in command.split()]
    result = CliRunner().invoke(app, words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    said = (
        ["path is empty"]
        if not path
        else ["are not supported", "nothing is read from such", "nothing is written to such"]
    )
    assert any(words in result.stderr for words in said)
    assert everything_in(here) == before


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("path", ["", "hf://bucket/x", Path("s3://bucket/x")])
def test_every_function_refuses_it_as_input(here: Path, name: str, path: str | Path) -> None:
    before = everything_in(here)
    with pytest.raises(UsageError, match="path is empty" if not path else "download it and name"):
        INPUTS[name](path)
    assert everything_in(here) == before


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("path", ["", "hf://bucket/x", Path("gs://bucket/x")])
def test_every_function_refuses_it_as_output(here: Path, name: str, path: str | Path) -> None:
    before = everything_in(here)
    with pytest.raises(UsageError, match="path is empty" if not path else "and upload that"):
        OUTPUTS[name](path)
    assert everything_in(here) == before


def test_no_command_makes_a_path_of_what_it_is_given() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        types = get_type_hints(command.callback)
        assert len(types) > 3
        assert [name for name, of in types.items() if "Path" in str(of)] == []
        defaults = inspect.signature(command.callback).parameters.values()
        assert not any(isinstance(parameter.default, Path) for parameter in defaults)


def test_a_local_name_that_looks_like_a_url_is_reached_with_a_dot_before_it(here: Path) -> None:
    write_log(here / "s3:/bucket/a.jsonl", recovery())
    build("./s3://bucket", "./s3:/out")
    assert len(read_rows(here / "s3:/out")) == 1
    for function in (validate, stats, audit):
        function("./s3:/out")
    for function in (stats, audit):
        function("./s3:/bucket")
    with open_catalogue("./s3:/out") as pairs:
        assert len(pairs) == 1
    export("./s3:/out", "./s3:/hub", format="jsonl")
    assert (
        CliRunner().invoke(app, ["show", "./s3:/out", "1", "--svg", "./s3:/a.svg"]).exit_code == 0
    )
    assert (here / "s3:/a.svg").is_file()


def test_no_log_arguments_and_null_characters_are_refused() -> None:
    with pytest.raises(UsageError, match="logs: none given"):
        build([], "out")
    with pytest.raises(UsageError, match="logs: none given"):
        list(read_attempts([]))
    with pytest.raises(UsageError, match="logs: the path has a null character"):
        log_arguments("a\0b")
