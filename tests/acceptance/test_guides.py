"""The commands and the code of the guides work in turn, and print what the guides show."""

from pathlib import Path

import pytest
import yaml

from tests.builders import ROOT
from tests.guide_steps import BLOCK, missing_lines, run_page, steps

PAGES = [ROOT / "docs/quickstart.md", ROOT / "docs/api.md", *sorted(ROOT.glob("docs/guides/*.md"))]
_FAST = {"api"}
_ELSEWHERE = {"object-storage", "ray"}
"""Need a server or a cluster, and are run beside it."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=() if page.stem in _FAST else pytest.mark.slow)
        for page in PAGES
        if page.stem not in _ELSEWHERE
    ],
    ids=lambda page: page.stem,
)
def test_a_guide_works_and_prints_what_it_shows(page: Path, tmp_path: Path) -> None:
    run_page(page, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_guide_names_commands_in_blocks_that_are_known(page: Path) -> None:
    languages = {language for language, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert languages <= {"sh", "python", "py", "text", "yaml"}
    text = page.read_text(encoding="utf-8")
    assert text.count("```") == 2 * len(BLOCK.findall(text))


def test_the_workflow_is_yaml_and_builds_as_the_guide_does() -> None:
    text = (ROOT / "docs/guides/daily-build.md").read_text(encoding="utf-8")
    (workflow,) = (
        yaml.safe_load(code) for language, code in BLOCK.findall(text) if language == "yaml"
    )
    ran = [step["run"] for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    _, code, _ = steps(text)[1]
    command = " ".join(code.replace("\\\n", "").split())
    assert command in ran
    crontab = next(code for language, code in BLOCK.findall(text) if "flock" in code)
    assert f"{command} --quiet\n" in crontab.replace(".venv/bin/", "")


def test_lines_of_output_are_looked_for_in_order_and_as_words() -> None:
    assert missing_lines(["a  b", "c"], "x\n a b 1\nc d\n") == []
    assert missing_lines(["c", "a b"], "a b\nc\n") == ["a b"]
    assert missing_lines(["usable 5"], "usable 57\n") == ["usable 5"]
    assert missing_lines(["1", "1"], "1\n") == ["1"]
