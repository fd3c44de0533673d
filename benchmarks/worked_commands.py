"""Runs commands in a folder, once each, and keeps numbers beside the commands that made them."""

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class Work:
    """Runs commands in a folder, and keeps the numbers with the commands that made them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers: dict[str, dict[str, Any]] = {}
        self._outputs: dict[str, str] = {}
        for name in ("sample_data", "benchmarks"):
            (folder / name).symlink_to(ROOT / name)

    def note(self, name: str, value: object, counts: str, *commands: str) -> None:
        """Keep a number: its value, what it counts, and the commands that make it."""
        self.numbers[name] = {"value": value, "counts": counts, "commands": list(commands)}

    def run(self, command: str, *, fails: bool = False) -> str:
        """Return what a command prints, or what it says on stderr when it is one that fails."""
        if command not in self._outputs:
            program, *words = shlex.split(command)
            python = (
                [sys.executable] if program == "python" else [sys.executable, "-m", "botcoin_dpo"]
            )
            process = subprocess.run(
                [*python, *words], cwd=self.folder, capture_output=True, text=True
            )
            if bool(process.returncode) is not fails:
                raise RuntimeError(f"{command}: {process.stderr}")
            self._outputs[command] = process.stderr if fails else process.stdout
        return self._outputs[command]

    def json(self, command: str) -> Any:
        """Return the JSON that a command prints."""
        return json.loads(self.run(command))

    def rows(self, pattern: str) -> list[Any]:
        """Return the rows of the files that match."""
        paths = sorted(self.folder.glob(pattern))
        return [json.loads(line) for path in paths for line in path.open("rb")]

    def lenient_records(self, pattern: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Yield the file, the line and the record of each line that `json.loads` reads."""
        for path in sorted(self.folder.glob(pattern)):
            for number, line in enumerate(path.read_bytes().splitlines(), start=1):
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                if isinstance(record, dict):
                    yield path.name, number, record

    def digest(self, pattern: str) -> str:
        """Return a digest of the files that match."""
        paths = sorted(self.folder.glob(pattern))
        return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
