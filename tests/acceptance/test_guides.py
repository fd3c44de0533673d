"""The commands and the code of the guides work in turn, and print what the guides show.

Blocks marked `sh` and `python` (not `py`) are run, one after the other, in a folder with the
sample data. A block of `text` after one shows some lines of its output. Other blocks of `text` are
not run.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.builders import ROOT

PAGES = [ROOT / "docs/quickstart.md", ROOT / "docs/api.md", *sorted(ROOT.glob("docs/guides/*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RUN = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}
_FAST = {"api"}

Step = tuple[str, str, list[str]]


def steps(text: str) -> list[Step]:
    """Return the language, the code and the lines of output of what a page has to run."""
    found: list[Step] = []
    end = 0
    for block in _BLOCK.finditer(text):
        language, code = block.groups()
        if language in _RUN:
            found.append((language, code, []))
        elif language == "text" and found and not text[end : block.start()].strip():
            found[-1][2].extend(line for line in code.splitlines() if line.strip())
        end = block.end()
    return found


def missing_lines(shown: list[str], output: str) -> list[str]:
    """Return the lines that are not in the output, in their order and as whole words."""
    rest = [f" {' '.join(line.split())} " for line in output.splitlines()]
    missing = []
    for line in shown:
        words = f" {' '.join(line.split())} "
        place = next((n for n, each in enumerate(rest) if words in each), None)
        if place is None:
            missing.append(line)
        else:
            rest[place] = rest[place].replace(words, " … ", 1)
            rest = rest[place:]
    return missing


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The installed program comes first in the path; messages have lines of 100 columns."""
    program = tmp_path / "bin" / "botcoin-dpo"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m botcoin_dpo "$@"\n')
    program.chmod(0o755)
    found = os.pathsep.join((str(program.parent), os.environ["PATH"]))
    return os.environ | {"PATH": found, "COLUMNS": "100", "NO_COLOR": "1"}


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=() if page.stem in _FAST else pytest.mark.slow) for page in PAGES],
    ids=[page.stem for page in PAGES],
)
def test_a_guide_works_and_prints_what_it_shows(
    page: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = tmp_path / "work"
    shutil.copytree(ROOT / "sample_data", folder / "sample_data")
    found = steps(page.read_text(encoding="utf-8"))
    assert any(shown for _, _, shown in found)
    for language, code, shown in found:
        process = subprocess.run(
            [*_RUN[language], code],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.returncode == 0, (code, process.stdout)
        assert missing_lines(shown, process.stdout) == [], (code, process.stdout)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_guide_names_commands_in_blocks_that_are_known(page: Path) -> None:
    languages = {language for language, _ in _BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert languages <= {"sh", "python", "py", "text", "yaml"}
    text = page.read_text(encoding="utf-8")
    assert text.count("```") == 2 * len(_BLOCK.findall(text))


def test_the_workflow_is_yaml_and_builds_as_the_guide_does() -> None:
    text = (ROOT / "docs/guides/daily-build.md").read_text(encoding="utf-8")
    (workflow,) = (
        yaml.safe_load(code) for language, code in _BLOCK.findall(text) if language == "yaml"
    )
    ran = [step["run"] for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    _, code, _ = steps(text)[1]
    command = " ".join(code.replace("\\\n", "").split())
    assert command in ran
    crontab = next(code for language, code in _BLOCK.findall(text) if "flock" in code)
    assert f"{command} --quiet\n" in crontab.replace(".venv/bin/", "")


def test_lines_of_output_are_looked_for_in_order_and_as_words() -> None:
    assert missing_lines(["a  b", "c"], "x\n a b 1\nc d\n") == []
    assert missing_lines(["c", "a b"], "a b\nc\n") == ["a b"]
    assert missing_lines(["usable 5"], "usable 57\n") == ["usable 5"]
    assert missing_lines(["1", "1"], "1\n") == ["1"]
