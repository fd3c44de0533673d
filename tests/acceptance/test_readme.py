"""What README.md says: its commands work, its code runs, and its numbers are counted."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import readme_parts, refresh
from tests.builders import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```", README, re.M | re.S)
COMMANDS = [
    command
    for language, block in BLOCKS
    if language == "sh"
    for command in re.findall(r"\.venv/bin/botcoin-dpo (.*)$", block, re.M)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with nothing but the sample data."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    shutil.copy(ROOT / ".gitignore", tmp_path)
    return tmp_path


def test_the_readme_is_a_page_of_at_most_two_hundred_lines() -> None:
    assert len(README.splitlines()) <= 200


@pytest.mark.parametrize("name", ["build", "test"])
def test_each_of_the_two_commands_is_one_line(name: str) -> None:
    (block,) = re.findall(rf"^<!-- run: {name} -->\n```sh\n(.*?)^```\n", README, re.M | re.S)
    assert block.count("\n") == 1
    assert block.startswith("python3 -m venv .venv && .venv/bin/pip install --quiet ")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.timeout(240)
def test_the_commands_work_in_turn_and_git_ignores_what_they_make(folder: Path) -> None:
    for command in COMMANDS:
        process = subprocess.run(
            [sys.executable, "-m", "botcoin_dpo", *command.split()],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, (command, process.stderr)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=folder, check=True, capture_output=True, text=True
    )
    assert sorted(status.stdout.split()[1::2]) == [".gitignore", "sample_data/"]


def test_the_commands_are_many_and_each_subcommand_is_among_them() -> None:
    assert {command.split()[0] for command in COMMANDS} == {
        each[0]
        for each in refresh.COMMANDS
        if each and each[0] != "stage"  # it needs a store
    }


def test_the_code_for_python_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = (block for _, block in BLOCKS if "from botcoin_dpo import" in block)
    monkeypatch.chdir(folder)
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (folder / "hub" / "README.md").is_file()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_numbers_are_what_their_commands_make() -> None:
    kept = json.loads(refresh.NUMBERS.read_text(encoding="utf-8"))
    assert json.loads(refresh.numbers()) == kept, "run: python tests/refresh.py"
    assert all(number["commands"] and number["counts"] for number in kept.values())


def test_every_number_in_the_text_comes_from_the_generated_ones() -> None:
    text = re.sub(r"<!-- (row|sample|why) -->.*?<!-- /\1 -->", "", README, flags=re.S)
    text = re.sub(r"^```.*?^```|`[^`\n]*`|\]\([^)]*\)", "", text, flags=re.M | re.S)
    known = ["3.11", "50", "1,024", "1", "1", "2.0"]  # TRL's default, exit code, MB, license
    assert re.findall(r"\d+(?:[.,]\d+)*", text) == known
    assert f"max_length={readme_parts.numbers()['sample_max_length']})" in README


def test_the_script_that_the_readme_compares_with_has_fifty_lines() -> None:
    script = (ROOT / "benchmarks" / "naive_script.py").read_text(encoding="utf-8")
    code = script.split('"""')[2].strip().splitlines()
    assert 40 <= len(code) <= 50


def test_what_the_audit_and_the_splits_promise_is_counted() -> None:
    numbers = readme_parts.numbers()
    assert numbers["quarantined_as_expected"] == numbers["quarantined"]
    assert numbers["build_results"] == 1
    assert numbers["leaking_documents"] == numbers["honest_contradicted"] == 0
    assert numbers["relabelled_found"] > numbers["alone_relabelled_found"] > 0
    assert numbers["texts"] == numbers["pairs"]


def test_the_pictures_and_pages_that_it_shows_are_in_the_source_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert pictures == ["docs/show.svg", "docs/report.png"]
    for name in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", README):
        assert name.split("/")[0] in included, name
    assert all((ROOT / picture).is_file() for picture in pictures)
