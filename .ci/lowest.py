"""Prints the lowest version of every library that pyproject.toml admits, as constraints for pip.

Usage: python .ci/lowest.py EXTRA... >constraints.txt
Needs `packaging`; what has no lower bound is left to pip.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def lowest_versions(extras: list[str]) -> dict[str, str]:
    """Return the lowest version of each library that the package needs with these extras."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    found = {}
    for requirement in _requirements(project, extras):
        for bound in requirement.specifier:
            if bound.operator in (">=", "=="):
                found[requirement.name] = bound.version.removesuffix(".*")
    return found


def _requirements(project: dict[str, Any], extras: list[str]) -> Iterator[Requirement]:
    """Yield what the package needs, extras that name other extras included."""
    yield from map(Requirement, project["dependencies"])
    waiting = list(extras)
    while waiting:
        for requirement in map(Requirement, project["optional-dependencies"][waiting.pop()]):
            if requirement.name == project["name"]:
                waiting += requirement.extras
            else:
                yield requirement


if __name__ == "__main__":
    for name, version in lowest_versions(sys.argv[1:]).items():
        print(f"{name}=={version}")
