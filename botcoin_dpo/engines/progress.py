"""How long work tells how far it is, from whichever process does it."""

import mmap
import os
from collections.abc import Callable
from multiprocessing import current_process

from botcoin_dpo import interrupts

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how far it is, and how far it goes."""

_SLOTS = 512
"""Processes that can count beside each other."""


class Meter:
    """Counts what is done of a stage, in memory that forked processes share."""

    def __init__(self, progress: Progress | None, stage: str, total: int) -> None:
        """Take what to tell, the name of the stage, and how much there is to do."""
        self._progress, self._stage, self._total = progress, stage, total
        self._counts = memoryview(mmap.mmap(-1, 8 * _SLOTS)).cast("q")
        self._owner = os.getpid()

    def add(self, amount: int) -> None:
        """Count what was just done."""
        identity = current_process()._identity
        self._counts[identity[-1] % _SLOTS if identity else 0] += amount
        if os.getpid() == self._owner:
            self.tell()

    def tell(self) -> None:
        """Tell how far it is; only where the meter was made.

        Raises:
            Stopped: a signal is to end the program.
        """
        interrupts.check()
        if self._progress is not None:
            done = sum(self._counts)
            self._progress(self._stage, done, max(done, self._total))
