"""A Ray engine for tests: it notes each run of a job, and can kill the worker of one."""

import importlib
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from botcoin_dpo.engines.blobs import BinPlan
from botcoin_dpo.engines.ray import RayEngine


def kill_worker(_: int) -> None:
    """End this process, at once."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Watched:
    """A function, with what a test wants beside it."""

    function: Callable[..., Any]
    folder: Path
    is_killed: bool

    @property
    def __name__(self) -> str:
        return self.function.__name__

    def __call__(self, *arguments: Any) -> Any:
        """Note the run, and kill the worker of the first as soon as it counts what it did."""
        os.close(mkstemp(prefix=f"{self.__name__}-", dir=self.folder)[0])
        if self.is_killed:
            with suppress(FileExistsError):
                (self.folder / "killed").touch(exist_ok=False)
                importlib.import_module(self.function.__module__).__dict__["advance"] = kill_worker
        return self.function(*arguments)


class WatchedEngine(RayEngine):
    """Runs jobs on the cluster that this process is connected to."""

    def __init__(self, folder: Path, killed: str | None = None) -> None:
        """Note runs in a folder that all nodes see, and kill a job of this name once."""
        super().__init__()
        self._folder, self._killed = folder, killed

    def submit(
        self, function: Callable[..., Any], *arguments: Any, bins: BinPlan | None = None
    ) -> Any:
        """Queue a job that is watched."""
        watched = Watched(function, self._folder, function.__name__ == self._killed)
        return super().submit(watched, *arguments, bins=bins)

    def runs(self, name: str) -> int:
        """Return how often jobs of this name were run."""
        return len(list(self._folder.glob(f"{name}-*")))
