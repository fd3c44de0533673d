"""SIGINT and SIGTERM: how they end the program, and the moments in which they must not.

A handler runs between any two steps of the main thread, and what it raises is lost where Python
ignores exceptions: in the hooks of a fork, in `__del__`, in callbacks of weak references. So what
forks, and what takes or gives back something, holds signals back; and the program looks at what
it received wherever it tells its progress, before it publishes, and at its end.
"""

import os
import signal
import sys
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_is_careful = False
"""Whether there may be something to clean up."""

_is_too_late = False
"""Whether what a signal would stop is done."""

_received: int | None = None
"""The first signal that came while there was something to clean up."""

_on_its_way: "weakref.ref[Stopped] | None" = None
"""What was last raised for a signal; dead once it has been handled, or swallowed by someone."""


class Stopped(BaseException):
    """A signal ends the program; no library takes it for an error, or for its own Ctrl-C."""

    def __init__(self, number: int) -> None:
        """Remember the signal."""
        super().__init__(number)
        self.number = number


def begin() -> None:
    """Let SIGINT and SIGTERM end this process, with exit codes 130 and 143.

    At once, as long as nothing is in the making (see `careful`). Signals that whoever started the
    process wants ignored stay ignored.
    """
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _handle)
    sys.unraisablehook = _without_stopped


@contextmanager
def careful() -> Iterator[None]:
    """Let signals end what runs here by an exception, so that it cleans up.

    Raises:
        Stopped: a signal came, whatever has become of the exception that it raised.
    """
    global _is_careful, _is_too_late, _received
    _received, _is_too_late, _is_careful = None, False, True
    try:
        yield
    finally:
        _is_careful = False
        check()


def check() -> None:
    """Raise again what was raised for a signal, and got lost.

    Raises:
        Stopped: a signal came before.
    """
    if _received is not None:
        raise _stopped(_received)


def handled_signals() -> set[int]:
    """Return the signals that have a handler in Python."""
    return {number for number in signal.valid_signals() if callable(signal.getsignal(number))}


@contextmanager
def held_back(signals: Iterable[int] = _SIGNALS) -> Iterator[set[int]]:
    """Hold back signals that come to this thread; they are handled at the end.

    Yields the signals that were held back before, which a forked process must go back to. Threads
    that are started meanwhile never get these signals.
    """
    before: set[int] = set(signal.pthread_sigmask(signal.SIG_BLOCK, signals))
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def committing() -> Iterator[None]:
    """Do what cannot be undone: a signal ends the program before it, or comes too late.

    Raises:
        Stopped: a signal came before.
    """
    global _is_too_late
    with held_back():
        check()
        yield
        _is_too_late = True


@contextmanager
def left_to_others() -> Iterator[None]:
    """Ignore Ctrl-C while a program has the terminal that makes something of it itself."""
    previous = signal.getsignal(signal.SIGINT)
    if previous is not _handle:
        yield
        return
    signal.signal(signal.SIGINT, _ignore)  # unlike SIG_IGN, a started program does not inherit it
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def exit_code(number: int) -> int:
    """Return the exit code of a program that a signal ended."""
    return 128 + number


def _handle(number: int, frame: FrameType | None) -> None:
    global _received
    if _is_too_late:
        return
    if _received is None:
        _received = number
    if not _is_careful:
        os._exit(exit_code(_received))
    if _on_its_way is None or _on_its_way() is None:  # a second one does not disturb cleaning up
        raise _stopped(number)  # and no name for it here, which would keep it alive


def _stopped(number: int) -> Stopped:
    global _on_its_way
    stopped = Stopped(number)
    _on_its_way = weakref.ref(stopped)
    return stopped


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing."""


def _without_stopped(ignored: "UnraisableHookArgs") -> None:
    """Tell of an exception that Python ignores, unless it is not lost: see `check`."""
    if not issubclass(ignored.exc_type, Stopped):
        sys.__unraisablehook__(ignored)
