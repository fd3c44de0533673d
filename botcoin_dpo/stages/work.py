"""The work folder of a job array: its plan, and what its tasks leave there.

    plan ──▶ scan 1, 2, ... ──▶ build 1, 2, ... ──▶ plan-shards ──▶ shard 1, 2, ... ──▶ publish

Of each task there is an object of what it made, and a summary, which is written last: a task with
both is done. Nothing else is known of tasks, so any may be run again, or twice at once, and what is
damaged is made again once it is removed.
"""

import shlex
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeVar

from botcoin_dpo.engines.stored_bins import StoredBins, damaged
from botcoin_dpo.errors import InputError, UsageError
from botcoin_dpo.files.local_paths import output_place
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.work_folder import WorkFolder, work_folder
from botcoin_dpo.readable import Readable
from botcoin_dpo.stages.json_objects import decode, encode
from botcoin_dpo.stages.plan import FORMAT, Plan
from botcoin_dpo.version import __version__

Stage = Literal["scan", "build", "plan-shards", "shard"]
"""What there are tasks of, one of plan-shards and many of the others; the first is 1."""

Value = TypeVar("Value")

_MADE: dict[Stage, str] = {"scan": "bins", "build": "bins", "shard": "file"}
"""The kind of object of what a task made, where there is more than a summary."""

_PLAN = "plan.json"
_DIGITS = 32
"""Hexadecimal digits of the plan's digest in the name of its folder."""


@dataclass(frozen=True, slots=True, repr=False)
class TaskResult(Readable):
    """What became of one task."""

    stage: Stage
    number: int
    total: int
    was_done: bool
    """Whether it had been run before, so that nothing was left to do."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return self.as_json()

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "stage": self.stage,
            "task": self.number,
            "tasks": self.total,
            "was_done": self.was_done,
        }


class Work:
    """What tasks of one plan share."""

    def __init__(self, place: Path | RemotePath, folder: WorkFolder, content: bytes) -> None:
        """Take over a plan.

        Args:
            place: where the work folder is.
            folder: the folder.
            content: the plan.

        Raises:
            InputError: it is no plan of this version.
        """
        self._place, self.folder = place, folder
        plan = decode(content, Plan)
        if plan is None or plan.format != FORMAT:
            raise InputError(
                f"{folder.place(_PLAN)}: is damaged, or no plan of this version; plan again"
            )
        if plan.tool_version != __version__:
            raise InputError(
                f"{folder.place(_PLAN)}: was made by botcoin-dpo {plan.tool_version}, and this is "
                f"{__version__}; run all tasks with the same version"
            )
        if not plan.is_sound:
            raise InputError(f"{folder.place(_PLAN)}: is damaged; plan again")
        self.plan = plan
        self._home = sha256(content).hexdigest()[:_DIGITS]

    def name(self, stage: Stage, number: int, kind: str) -> str:
        """Return the name of what a task leaves."""
        return f"{self._home}/{stage}/{number:06d}.{kind}"

    def bins(self, stage: Stage, number: int, count: int) -> StoredBins:
        """Return the bins that a task filled."""
        return StoredBins(self.folder, self.name(stage, number, "bins"), count)

    def summary(self, stage: Stage, number: int, kind: type[Value]) -> Value:
        """Return the summary of a task that is done.

        Raises:
            InputError: it cannot be read, or is damaged.
        """
        name = self.name(stage, number, "json")
        value = decode(self.folder.read(name), kind)
        if value is None:
            raise self.damaged(stage, number)
        return value

    def damaged(self, stage: Stage, number: int) -> InputError:
        """Return the error of a summary that is not what the task wrote."""
        return damaged(self.folder, self.name(stage, number, "json"))

    def require(self, stage: Stage, total: int) -> None:
        """Make sure that all tasks of a stage are done.

        Raises:
            UsageError: one is not.
        """
        there = self.folder.names(f"{self._home}/{stage}")
        missing = [n for n in range(1, total + 1) if not _is_done(stage, n, there)]
        if missing:
            others = f", nor have {len(missing) - 1:,} others" if missing[1:] else ""
            task = _shown(stage, missing[0])
            option = shlex.quote(f"--work={self._place}")
            raise UsageError(f"{task}: has not run{others}; run botcoin-dpo stage {task} {option}")

    def run(
        self, stage: Stage, number: int, total: int, task: Callable[[int], object]
    ) -> TaskResult:
        """Run a task unless it is done.

        Args:
            stage: which stage it is of.
            number: which of its tasks.
            total: how many there are.
            task: makes what the task has to leave, and returns its summary.

        Raises:
            UsageError: there is no such task.
        """
        if not 1 <= number <= total:
            raise UsageError(f"{stage} {number}: no such task; they are 1 to {total:,}")
        was_done = _is_done(stage, number, self.folder.names(f"{self._home}/{stage}"))
        if not was_done:
            summary = task(number)
            self.folder.put(self.name(stage, number, "json"), encode(summary))
        return TaskResult(stage, number, total, was_done)


def _is_done(stage: Stage, number: int, there: Set[str]) -> bool:
    """Return whether a task left all that it has to, by the names of what its stage left."""
    kinds = {"json", _MADE.get(stage, "json")}
    return all(f"{number:06d}.{kind}" in there for kind in kinds)


def _shown(stage: Stage, number: int) -> str:
    """Return how a task is called on a command line."""
    return stage if stage == "plan-shards" else f"{stage} {number}"


def begin_work(place: Path | RemotePath, plan: Plan) -> Work:
    """Write a plan to a work folder.

    Raises:
        OutputError: it cannot be written.
    """
    folder = work_folder(place)
    content = encode(plan)
    work = Work(place, folder, content)
    folder.put(_PLAN, content)
    return work


def open_work(given: str | Path) -> Work:
    """Return what was planned in a work folder.

    Args:
        given: the folder, local or in a store, by URL.

    Raises:
        UsageError: it is no such place.
        InputError: nothing was planned there, or not by this version.
    """
    place = output_place(given, "--work")
    folder = work_folder(place)
    return Work(place, folder, folder.read(_PLAN))
