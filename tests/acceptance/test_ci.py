"""What runs for a commit and for a push: the project's own tools, without any secret."""

import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tests.builders import ROOT

HOOKS = ["ruff-check", "ruff-format", "mypy"]


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_hooks_are_local_and_run_the_tools_of_the_project() -> None:
    (repository,) = loaded(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert [hook["id"] for hook in repository["hooks"]] == HOOKS
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}


@pytest.mark.parametrize("id_", HOOKS)
def test_a_hook_finds_its_tool_in_the_virtual_environment_first(id_: str, tmp_path: Path) -> None:
    (entry,) = (
        shlex.split(hook["entry"])
        for hook in loaded(".pre-commit-config.yaml")["repos"][0]["hooks"]
        if hook["id"] == id_
    )
    for folder in (tmp_path / ".venv/bin", tmp_path / "bin"):
        folder.mkdir(parents=True)
        tool = folder / id_.split("-")[0]
        tool.write_text(f'#!/bin/sh\necho "{folder.parent.name}" "$@"\n')
        tool.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    for where in (".venv", tmp_path.name):
        told = subprocess.check_output(
            [*entry, "a file.py"], cwd=tmp_path, env=environment, text=True
        )
        assert told.startswith(f"{where} ") or told == f"{where}\n"
        assert told.endswith("a file.py\n") == (id_ != "mypy")
        (tmp_path / ".venv/bin" / id_.split("-")[0]).unlink(missing_ok=True)


def test_a_push_runs_all_that_must_hold() -> None:
    workflow = loaded(".github/workflows/ci.yml")
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step][-1] == ".ci/run"
    assert all("@v" in step["uses"] for step in job["steps"] if "uses" in step)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_every_library_has_a_lowest_version_that_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = [
        *project["dependencies"],
        *extras["test"],
        *extras["parquet"],
        *extras["report"],
        *extras["duplicates"],
    ]
    names = {Requirement(each).name for each in listed} - {"botcoin-dpo"}
    told = subprocess.check_output(
        [sys.executable, ROOT / ".ci/lowest.py", "test"], text=True
    ).splitlines()
    lowest = dict(line.split("==") for line in told)
    assert lowest.keys() == names
