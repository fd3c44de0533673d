"""How far the work is: jobs count what they did, and whoever waits for them reports it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from botcoin_dpo import interrupts

Progress = Callable[[str, int, int], None]
"""Callback(stage, done, total)."""

_listener: ContextVar[Callable[[int], None] | None] = ContextVar("listener", default=None)


def advance(amount: int) -> None:
    """Count what a job just did of its stage; called in the job, wherever it runs."""
    listener = _listener.get()
    if listener is not None:
        listener(amount)


def listen(listener: Callable[[int], None]) -> None:
    """Hand all that is counted in this process to a listener, from now on."""
    _listener.set(listener)


@contextmanager
def listening(listener: Callable[[int], None]) -> Iterator[None]:
    """Hand to a listener what is counted meanwhile, in this thread."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class ProgressCounter:
    """Adds up what is done of a stage, and reports it."""

    def __init__(self, progress: Progress | None, stage: str, total: int) -> None:
        """Count for a callback.

        Args:
            progress: the callback, if there is one.
            stage: the name of the stage.
            total: how much there is to do.
        """
        self._progress, self._stage, self._total = progress, stage, total
        self._done = 0

    def add(self, amount: int) -> None:
        """Count what was just done, and report."""
        self._done += amount
        self.report()

    def report(self) -> None:
        """Report how far the stage is.

        Raises:
            Stopped: a signal is to end the program.
        """
        interrupts.check()
        if self._progress is not None:
            self._progress(self._stage, self._done, max(self._done, self._total))
