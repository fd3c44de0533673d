"""Hooks in a child process that act at a chosen call: kill it, signal it, fail it, stop it.

Calls are counted from the start of the program, in its main process alone; a first run without a
fault tells which calls there are, and their order is the same in the next run.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import mmap
import os
import signal
from collections.abc import Callable, Collection
from typing import Any, Literal

from tests.fuzz.program import Setup

Call = Literal["rename", "fsync", "write", "create", "mkdir", "remove", "lock", "fork", "look"]
CALLS: tuple[Call, ...] = (
    "rename", "fsync", "write", "create", "mkdir", "remove", "lock", "fork", "look",
)  # fmt: skip
WRITING: frozenset[Call] = frozenset({"rename", "fsync", "write", "create", "mkdir"})
"""Calls that a full disk fails."""

_MOST_CALLS = 1 << 16

Act = Callable[[Call], None]


class CallLog:
    """Which calls a child made, in memory that it shares with who forked it."""

    def __init__(self) -> None:
        """Make room for some calls."""
        self._memory = mmap.mmap(-1, _MOST_CALLS)

    def note(self, number: int, call: Call) -> None:
        """Note the call of a number."""
        if number < _MOST_CALLS:
            self._memory[number] = CALLS.index(call) + 1

    def calls(self) -> list[Call]:
        """Return the calls in order."""
        return [CALLS[code - 1] for code in self._memory[: self._memory.find(b"\0")]]


class _Hooks:
    """Counts calls, and acts at one."""

    def __init__(self, log: CallLog | None, at: int, act: Act, is_after: bool, is_lasting: bool):
        self._log, self._at, self._act = log, at, act
        self._is_after, self._is_lasting = is_after, is_lasting
        self._count = 0
        self._pid = os.getpid()
        self._is_acting = False

    def around(self, call: Call, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that counts as it is called."""

        def counted(*arguments: Any, **options: Any) -> Any:
            number = self.before(call)
            result = function(*arguments, **options)
            self.after(call, number)
            return result

        return counted

    def before(self, call: Call) -> int:
        number = self._count
        if os.getpid() != self._pid or self._is_acting:
            return -1
        self._count += 1
        if self._log is not None:
            self._log.note(number, call)
        is_due = number == self._at or (self._is_lasting and number > self._at >= 0)
        if is_due and not self._is_after:
            self._do(call)
        return number

    def after(self, call: Call, number: int) -> None:
        if number == self._at and self._is_after:
            self._do(call)

    def _do(self, call: Call) -> None:
        self._is_acting = True
        try:
            self._act(call)
        finally:
            self._is_acting = False

    def install(self) -> None:
        """Put the hooks in place of what they count; for good, in this process."""
        from botcoin_dpo.files import staging

        for name, call in _OS_CALLS.items():
            setattr(os, name, self.around(call, getattr(os, name)))
        fcntl.flock = self.around("lock", fcntl.flock)
        staging._exchange = self.around("rename", staging._exchange)
        os.open = self._opener(os.open)
        io.open = builtins.open = self._file_opener(io.open)
        os.register_at_fork(after_in_parent=lambda: self.after("fork", self.before("fork")))

    def _opener(self, function: Callable[..., Any]) -> Callable[..., Any]:
        creating = self.around("create", function)
        looking = self.around("look", function)

        def opened(path: Any, flags: int, *arguments: Any, **options: Any) -> Any:
            is_writing = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            return (creating if is_writing else looking)(path, flags, *arguments, **options)

        return opened

    def _file_opener(self, function: Callable[..., Any]) -> Callable[..., Any]:
        hooks = self

        class CountedFile(io.FileIO):
            def write(self, data: Any) -> int:
                number = hooks.before("write")
                written = super().write(data)
                hooks.after("write", number)
                return written

        def opened(
            file: Any,
            mode: str = "r",
            buffering: int = -1,
            encoding: str | None = None,
            errors: str | None = None,
            newline: str | None = None,
            closefd: bool = True,
            opener: Any = None,
        ) -> Any:
            if not set(mode) & set("wxa+"):
                number = hooks.before("look")
                result = function(file, mode, buffering, encoding, errors, newline, closefd, opener)
                hooks.after("look", number)
                return result
            number = hooks.before("create")
            raw = CountedFile(file, mode.replace("b", "").replace("t", ""), closefd, opener)
            hooks.after("create", number)
            if "b" in mode and buffering == 0:
                return raw
            size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
            buffered = io.BufferedRandom(raw, size) if "+" in mode else io.BufferedWriter(raw, size)
            if "b" in mode:
                return buffered
            return io.TextIOWrapper(buffered, encoding or "utf-8", errors, newline)

        return opened


_OS_CALLS: dict[str, Call] = {
    "rename": "rename", "replace": "rename", "fsync": "fsync", "mkdir": "mkdir",
    "unlink": "remove", "remove": "remove", "rmdir": "remove",
    "listdir": "look", "scandir": "look", "stat": "look",
}  # fmt: skip


def counting(log: CallLog) -> Setup:
    """Return what notes the calls of a child."""
    return lambda: _Hooks(log, -1, lambda call: None, False, False).install()


def acting(at: int, act: Act, *, is_after: bool = False, is_lasting: bool = False) -> Setup:
    """Return what acts in a child at the call of a number, or right after it.

    Args:
        at: the number of the call, from 0.
        act: what to do; it may raise, in place of the call.
        is_after: act when the call is done.
        is_lasting: act at all later calls as well.
    """
    return lambda: _Hooks(None, at, act, is_after, is_lasting).install()


def send_itself(number: int) -> Act:
    """Return what sends the process a signal."""
    return lambda call: os.kill(os.getpid(), number)


KILL = send_itself(signal.SIGKILL)
STOP = send_itself(signal.SIGSTOP)


def refuse(code: int, calls: Collection[Call] = WRITING) -> Act:
    """Return what fails calls of some kinds as the system would."""

    def act(call: Call) -> None:
        if call in calls:
            raise OSError(code, os.strerror(code))

    return act


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
