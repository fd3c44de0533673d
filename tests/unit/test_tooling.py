"""The hooks before a commit and the workflow run what .ci/run runs."""

import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_hooks_are_the_projects_own_tools() -> None:
    [repository] = _yaml(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    for hook, command in zip(
        repository["hooks"], ("ruff check", "ruff format --check", "mypy"), strict=True
    ):
        assert f"exec {command}" in hook["entry"]
        assert f".venv/bin/{command.removesuffix(' --check')}" in script


def test_the_workflow_calls_the_script() -> None:
    [job] = _yaml(".github/workflows/ci.yml")["jobs"].values()
    assert job["steps"][-1] == {"run": ".ci/run"}
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_the_wheel_holds_the_package_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["botcoin_dpo"]
    assert wheel["force-include"] == {"schemas": "botcoin_dpo/_schemas"}
    assert wheel["exclude"] == ["*.so"]  # what hooks add is not left out
    assert wheel["hooks"] == {"custom": {}}
    assert wheel.keys() == {"packages", "force-include", "exclude", "hooks"}


def test_one_wheel_serves_the_lowest_python_and_all_later_ones() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    major, minor = project["project"]["requires-python"].removeprefix(">=").split(".")
    assert project["tool"]["cibuildwheel"]["build"] == f"cp{major}{minor}-*"
    assert f'"cp{major}{minor}-abi3-' in (ROOT / "hatch_build.py").read_text(encoding="utf-8")
    limited = f"#define Py_LIMITED_API 0x{int(major):02X}{int(minor):02X}0000\n"
    assert limited in (ROOT / "scanner/module.c").read_text(encoding="utf-8")
