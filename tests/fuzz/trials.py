"""One trial: its seed, its folder, and what it found."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from tests.fuzz.program import LIMIT_SECONDS, Outcome, Running, Setup

if TYPE_CHECKING:
    from tests.fuzz.fixtures import Fixtures

Symptom = Literal[
    "hang", "traceback", "exit code", "stderr", "bytes", "not found", "accounting", "labels",
    "hostile text", "left behind", "lost", "campaign",
]  # fmt: skip
"""What was wrong; `campaign` is a fault of the campaign itself."""


class Failure(Exception):
    """Something that must not happen, happened."""

    def __init__(self, symptom: Symptom, message: str) -> None:
        """Take what it is, and a message whose first line is the same for the same fault."""
        super().__init__(message)
        self.symptom, self.message = symptom, message


def seed_of(campaign_seed: int, kind: str, number: int) -> int:
    """Return the seed of one trial."""
    digest = hashlib.sha256(f"{campaign_seed}/{kind}/{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


@dataclass
class Trial:
    """What a trial has: dice, a folder of its own, datasets to start from."""

    rng: Random
    home: Path
    fixtures: Fixtures
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where its commands run."""
        return self.home / "work"

    def make_folders(self) -> None:
        """Make the folder of commands, and those of temporary files and of the user's cache."""
        for name in ("work", "tmp", "cache"):
            (self.home / name).mkdir(parents=True, exist_ok=True)

    def start(self, *arguments: object, **more: Any) -> Running:
        """Start the program in the trial's folder."""
        return Running(arguments, self.folder, **more)

    def finish(self, running: Running, limit: float = LIMIT_SECONDS) -> Outcome:
        """Wait for a run of the program."""
        outcome = running.wait(limit)
        self.outcomes.append(outcome)
        return outcome

    def run(self, *arguments: object, setup: Setup | None = None) -> Outcome:
        """Run the program to its end."""
        return self.finish(self.start(*arguments, setup=setup))

    def fail(self, symptom: Symptom, message: str) -> NoReturn:
        """End the trial."""
        raise Failure(symptom, message)

    def chance(self, share: float) -> bool:
        """Return True in a share of cases."""
        return self.rng.random() < share

    def some(self, things: Sequence[Any], least: int = 0) -> list[Any]:
        """Return some of the things, in random order."""
        return self.rng.sample(list(things), self.rng.randint(least, len(things)))


Kind = Callable[[Trial], None]
"""Runs one trial; raises `Failure`."""

Tree = dict[str, str]
"""What lies in a folder: relative path to what it is, with a digest of content."""


def tree_of(folder: Path) -> Tree:
    """Return what lies in a folder, links and special files included; nothing without one."""
    tree: Tree = {}
    for base, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(base, name)
            if path.is_symlink():
                state = f"link to {path.readlink()}"
            elif path.is_dir():
                state = "folder"
            elif path.is_file():
                state = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                state = "special"
            tree[path.relative_to(folder).as_posix()] = state
    return tree


def difference(one: Tree, other: Tree) -> str:
    """Return the names in which two trees differ, in words."""
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def remove(folder: Path) -> None:
    """Remove a folder, whatever was done to it."""

    def allow(function: Callable[..., Any], path: str, error: Any) -> None:
        Path(path).parent.chmod(0o700)
        function(path)

    for base, folders, _ in os.walk(folder):
        for name in folders:
            if not Path(base, name).is_symlink():
                Path(base, name).chmod(0o700)
    if folder.exists():
        shutil.rmtree(folder, onerror=allow)
