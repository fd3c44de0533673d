"""What trials start from: valid logs, and what the program makes of them without a fault."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.builders import attempt, challenge, recovery, write_log
from tests.fuzz.faults import Call, CallLog, counting
from tests.fuzz.program import Outcome, Running
from tests.fuzz.trials import Tree, tree_of

Records = list[dict[str, Any]]

_FEEDBACK = {"constraints_passed_shown": 2, "constraints_total_shown": 3}


def valid_records() -> Records:
    """Return records of every kind, all of them usable."""
    records: Records = []
    for number in range(8):
        for miner in range(2):
            records += recovery(
                f"0x{number:02x}", f"0x{miner:02x}", number=number, feedback_shown=_FEEDBACK
            )
    bare = [
        attempt(index, passed=index == 3, challenge="0x50", challenge_context=...)
        for index in (1, 2, 3)
    ]
    elements = recovery("0x60", number=60)
    shared = {name: elements[0][name] for name in ("challenge_id", "miner_id", "challenge_context")}
    for element in elements:
        for name in shared:
            del element[name]
    return [*records, *bare, challenge("0x50", number=50), {**shared, "attempts": elements}]


@dataclass(frozen=True)
class Command:
    """A command whose result is known."""

    name: str
    arguments: tuple[str, ...]
    out: str
    """The folder that it publishes."""
    before: Tree
    """What lies there before; nothing for a new one."""
    after: Tree


@dataclass
class Fixtures:
    """Logs, a build and an export of them, and the commands that trials disturb."""

    folder: Path
    records: Records = field(default_factory=valid_records)
    commands: list[Command] = field(default_factory=list)
    _calls: dict[str, tuple[Call, ...]] = field(default_factory=dict)

    def make(self) -> None:
        """Make everything in the folder; the program must not fail at it."""
        work = self.folder / "work"
        for name in ("work", "tmp", "cache"):
            (self.folder / name).mkdir(parents=True)
        half = len(self.records) // 2
        write_log(work / "logs/a.jsonl", self.records[:half])
        write_log(work / "logs/b.jsonl.gz", self.records[half:])
        write_log(work / "more/a.jsonl", self.records[:half])
        write_log(work / "more/b.jsonl.gz", self.records[half:])
        write_log(work / "more/c.jsonl", recovery("0x70", number=70))
        both = ("--pairs", "sequential", "--pairs", "cross_session", "--audit", "--attempts")
        self._run("build", "logs", "-o", "out", "--workers", "1", *both)
        self._run("build", "more", "-o", "later", "--workers", "1", *both)
        self._run("export", "out", "-o", "hub", "--format", "jsonl")
        self._run("export", "later", "-o", "hub-later", "--format", "jsonl")
        trees = {name: tree_of(work / name) for name in ("out", "later", "hub", "hub-later")}
        self.commands = [
            Command(
                "build",
                ("build", "logs", "-o", "new", "--workers", "1", *both),
                "new",
                {},
                trees["out"],
            ),
            Command(
                "overwrite",
                ("build", "more", "-o", "out", "--workers", "1", "--overwrite", *both),
                "out",
                trees["out"],
                trees["later"],
            ),
            Command(
                "update",
                ("build", "more", "-o", "out", "--workers", "2", "--update", *both),
                "out",
                trees["out"],
                trees["later"],
            ),
            Command(
                "export",
                ("export", "later", "-o", "hub", "--format", "jsonl", "--overwrite"),
                "hub",
                trees["hub"],
                trees["hub-later"],
            ),
        ]

    def copy_to(self, home: Path) -> None:
        """Copy all that was made to the folder of a trial."""
        shutil.copytree(self.folder / "work", home / "work", dirs_exist_ok=True)

    def calls_of(self, command: Command) -> tuple[Call, ...]:
        """Return the calls that a command makes when nothing disturbs it."""
        if command.name not in self._calls:
            home = self.folder / "calls"
            for name in ("tmp", "cache"):
                (home / name).mkdir(parents=True)
            self.copy_to(home)
            log = CallLog()
            Running(command.arguments, home / "work", setup=counting(log)).wait()
            shutil.rmtree(home)
            self._calls[command.name] = tuple(log.calls())
        return self._calls[command.name]

    def some_records(self) -> Records:
        """Return the records, to be changed."""
        return copy.deepcopy(self.records)

    def _run(self, *arguments: str) -> Outcome:
        outcome = Running(arguments, self.folder / "work").wait(60)
        if outcome.code:
            raise AssertionError(f"{outcome.command}: {outcome.code}: {outcome.stderr.decode()}")
        return outcome


def as_line(record: Any) -> bytes:
    """Return a record as one line, as a coordinator writes it."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
