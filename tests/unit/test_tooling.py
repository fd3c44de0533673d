"""The hooks before a commit and the workflow run what .ci/run runs."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_hooks_are_the_projects_own_tools() -> None:
    [repository] = _yaml(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    commands = {hook["entry"].split(" --")[0] for hook in repository["hooks"]}
    assert commands == {"ruff check", "ruff format", "mypy"}
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert all(f".venv/bin/{command}" in script for command in commands)


def test_the_workflow_calls_the_script() -> None:
    steps = _yaml(".github/workflows/ci.yml")["jobs"]["run"]["steps"]
    assert steps[-1] == {"run": ".ci/run"}
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
