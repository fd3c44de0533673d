"""Runs the program in forked processes, with a time limit, and none of them is left afterwards.

A fork has all modules loaded, so that a run costs a few milliseconds beside its work. Each run is a
process group of its own; whatever is left of it when the program has ended is ended too, and told.
"""

from __future__ import annotations

import ctypes
import io
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LIMIT_SECONDS = 20.0
_LONGEST_FILE = 1 << 30
_SET_PDEATHSIG, _SET_SUBREAPER = 1, 36
_FRESH = "import os; from botcoin_dpo.cli import main; os.write({}, b'.'); main()"

Setup = Callable[[], None]
"""Runs in the child before the program does: hooks, limits."""


@dataclass(frozen=True)
class Outcome:
    """What became of one run of the program."""

    arguments: tuple[str, ...]
    code: int
    """Negative: the signal that ended it."""
    stdout: bytes
    stderr: bytes
    is_hang: bool = False
    has_left_processes: bool = False
    seconds: float = 0.0

    @property
    def command(self) -> str:
        """How a user would write it."""
        return " ".join(["botcoin-dpo", *self.arguments])


def reap_orphans() -> None:
    """Make this process the parent of whatever its children leave behind (on Linux)."""
    _prctl(_SET_SUBREAPER, 1)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends (on Linux)."""
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


class Running:
    """A run of the program that may not have ended yet."""

    def __init__(
        self,
        arguments: Sequence[object],
        folder: Path,
        *,
        setup: Setup | None = None,
        is_fresh: bool = False,
    ) -> None:
        """Start it in a folder; fresh: in an interpreter of its own, which has loaded nothing."""
        self.arguments = tuple(map(str, arguments))
        self._streams = Path(tempfile.mkdtemp(prefix="streams-", dir=folder.parent))
        self._started = time.monotonic()
        ready, told = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            _become_program(self.arguments, folder, self._streams, setup, told if is_fresh else 0)
        os.close(told)
        with suppress(OSError):  # whichever of the two is first
            os.setpgid(self.pid, self.pid)
        if is_fresh:
            os.read(ready, 1)
        os.close(ready)

    def send(self, number: int) -> None:
        """Send it a signal, if it is still there."""
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            os.kill(self.pid, number)

    def wait_until_stopped(self, limit: float = LIMIT_SECONDS) -> bool:
        """Return True once it has stopped itself, False when it has ended or goes on for long."""
        end = time.monotonic() + limit
        how = os.WSTOPPED | os.WEXITED | os.WNOHANG | os.WNOWAIT
        while time.monotonic() < end:
            state = os.waitid(os.P_PID, self.pid, how)
            if state is not None:
                return state.si_code == os.CLD_STOPPED
            time.sleep(0.002)
        return False

    def wait(self, limit: float = LIMIT_SECONDS) -> Outcome:
        """Return what became of it; one that takes longer is killed."""
        end, nap = time.monotonic() + limit, 0.001
        while not (ended := os.waitpid(self.pid, os.WNOHANG))[0] and time.monotonic() < end:
            time.sleep(nap)
            nap = min(0.01, nap * 1.5)
        is_hang = not ended[0]
        if is_hang:
            os.killpg(self.pid, signal.SIGKILL)
            ended = os.waitpid(self.pid, 0)
        seconds = time.monotonic() - self._started
        has_left = not self._end_rest(grace=0 if is_hang else 5)
        stdout, stderr = ((self._streams / name).read_bytes() for name in ("out", "err"))
        for name in ("out", "err"):
            (self._streams / name).unlink()
        self._streams.rmdir()
        code = os.waitstatus_to_exitcode(ended[1])
        return Outcome(self.arguments, code, stdout, stderr, is_hang, has_left, seconds)

    def _end_rest(self, grace: float) -> bool:
        """End what is left of its process group; return whether it ended by itself."""
        end = time.monotonic() + grace
        is_alone = True
        while True:
            with suppress(ChildProcessError):  # orphans have become ours
                while os.waitpid(-self.pid, os.WNOHANG)[0]:
                    pass
            try:
                os.killpg(self.pid, 0)
            except (ProcessLookupError, PermissionError):
                return is_alone
            if time.monotonic() > end:
                is_alone = False
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
            time.sleep(0.002)


def _become_program(
    arguments: Sequence[str], folder: Path, streams: Path, setup: Setup | None, told: int
) -> None:
    """Turn a forked process into the program; it does not return."""
    code = 70
    try:
        os.setpgid(0, 0)
        die_with_parent()
        _prepare(folder, streams)
        if told:
            os.set_inheritable(told, True)
            os.execv(sys.executable, [sys.executable, "-c", _FRESH.format(told), *arguments])
        code = _run_main(arguments, setup)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _prepare(folder: Path, streams: Path) -> None:
    """Give the process its streams, its folder and its limits."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LONGEST_FILE, _LONGEST_FILE))
    paths = (Path(os.devnull), streams / "out", streams / "err")
    for descriptor, path in enumerate(paths):
        flags = os.O_WRONLY | os.O_CREAT if descriptor else os.O_RDONLY
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        raw = io.open(descriptor, "wb", closefd=False)  # noqa: UP020, SIM115
        setattr(sys, name, io.TextIOWrapper(raw, "utf-8", errors="backslashreplace"))
    work = folder.parent / "tmp"
    os.environ |= {
        "TMPDIR": str(work),
        "XDG_CACHE_HOME": str(folder.parent / "cache"),
        "COLUMNS": "100",
        "HF_HUB_OFFLINE": "1",
    }
    tempfile.tempdir = None
    os.chdir(folder)


def _run_main(arguments: Sequence[str], setup: Setup | None) -> int:
    """Run the program as the interpreter would, and return its exit code."""
    from botcoin_dpo.cli import main

    sys.argv = ["botcoin-dpo", *arguments]
    if setup is not None:
        setup()
    try:
        main()
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        sys.stderr.write(f"{error.code}\n")
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
