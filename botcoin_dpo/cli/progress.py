"""How far a command is, while it works, and how long it took, once it is done.

Both go to stderr, or under `timing` into what `--json` prints; no file holds them.
"""

import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botcoin_dpo.cli.streams import console_of, write_error
from botcoin_dpo.errors import choice_of
from botcoin_dpo.version import __version__

PROGRESS_MODES = ("auto", "plain", "none")

_PLAIN_SECONDS = 3
_DRAWN_SECONDS = 0.1
_BYTE_STAGES = frozenset(
    {"reading", "writing", "validating", "counting", "exporting", "auditing", "indexing", "copying"}
)
_MEGABYTE = 10**6


def megabytes(size: float) -> str:
    """Return a number of bytes in 10^6, with a decimal where it is small."""
    return f"{size / _MEGABYTE:,.{0 if size >= 10 * _MEGABYTE else 1}f}"


class _Stage:
    """A part of the work: it begins where the part before it ended."""

    def __init__(self, name: str, begun: float) -> None:
        self.begun, self.ended = begun, begun
        self.done, self.total = 0, 0
        self.is_in_bytes = name in _BYTE_STAGES

    @property
    def seconds(self) -> float:
        return self.ended - self.begun

    @property
    def words(self) -> str:
        """How far the stage is, and how fast it goes, in words."""
        if not self.is_in_bytes:
            return f"{self.done:,} of {self.total:,}"
        done, total = megabytes(self.done), megabytes(self.total)
        return f"{done} of {total} MB, {megabytes(self.done / max(1e-3, self.seconds))} MB/s"

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at this pace, None at the start."""
        return self.seconds * (self.total - self.done) / self.done if self.done else None


class Clock:
    """Measures a command and its stages; it is called as progress is."""

    def __init__(self) -> None:
        """Begin."""
        self.stages: dict[str, _Stage] = {}
        self._begun = self._last = time.monotonic()
        self._draw: _Bar | _Lines | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note how far a stage is, and show it where that is wanted."""
        now = time.monotonic()
        counted = self.stages.get(stage)
        if counted is None:
            counted = self.stages[stage] = _Stage(stage, self._last)
        counted.ended, counted.done, counted.total = now, done, total
        self._last = now
        if self._draw is not None:
            self._draw(stage, counted)

    def as_json(self) -> dict[str, Any]:
        """Return the one key that differs from run to run of the same command."""
        elapsed = time.monotonic() - self._begun
        read = self._bytes
        return {
            "timing": {
                "elapsed_seconds": round(elapsed, 3),
                "bytes": read,
                "bytes_per_second": None if read is None else round(read / max(1e-3, elapsed)),
                "stages": {name: round(of.seconds, 3) for name, of in self.stages.items()},
            }
        }

    def say(self, *, quiet: bool, verbose: bool, workers: int | None = None) -> None:
        """Print how long it took on stderr: on a terminal, or where it is asked for.

        Args:
            quiet: print nothing on a terminal that did not ask for it.
            verbose: it is asked for, and so is how long each stage took.
            workers: the processes that shared the work.
        """
        if not verbose and (quiet or not sys.stderr.isatty()):
            return
        elapsed = time.monotonic() - self._begun
        words = f"took {elapsed:,.1f} s"
        if self._bytes:
            rate = self._bytes / max(1e-3, elapsed)
            words += f" for {megabytes(self._bytes)} MB, {megabytes(rate)} MB/s"
        write_error(words)
        if verbose:
            for name, stage in self.stages.items():
                write_error(f"  {name}: {stage.seconds:,.2f} s, {stage.words}")
            used = "" if workers is None else f"workers {workers}, "
            write_error(f"  {used}botcoin-dpo {__version__}, Python {platform.python_version()}")

    @property
    def _bytes(self) -> int | None:
        """What was read: each later stage reads the same once more."""
        return next((of.done for of in self.stages.values() if of.is_in_bytes), None)

    @contextmanager
    def drawn(self, mode: str) -> Iterator[None]:
        """Show progress meanwhile, as a bar (`auto`) or in lines (`plain`)."""
        if mode == "plain":
            self._draw = _Lines()
            yield
        else:
            with _bar() as self._draw:
                yield
        self._draw = None


@contextmanager
def show_progress(mode: str, *, is_wanted: bool = True) -> Iterator[Clock]:
    """Yield what takes progress; it measures, and shows it where that is wanted.

    Args:
        mode: `auto` (a bar if stderr is a terminal), `plain` (a line every few seconds), or `none`.
        is_wanted: False where results alone are to be printed.

    Raises:
        UsageError: there is no such mode.
    """
    choice_of("--progress", mode, PROGRESS_MODES)
    clock = Clock()
    if is_wanted and (mode == "plain" or (mode == "auto" and sys.stderr.isatty())):
        with clock.drawn(mode):
            yield clock
    else:
        yield clock


class _Lines:
    """One line on stderr every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, name: str, stage: _Stage) -> None:
        if stage.ended - self._last < _PLAIN_SECONDS:
            return
        self._last = stage.ended
        left = stage.seconds_left
        rest = "" if left is None else f", {left:,.0f} s left"
        write_error(f"{name}: {stage.words}{rest}")


class _Bar:
    """A bar for each stage."""

    def __init__(self, bar: Any) -> None:
        self._bar, self._tasks, self._last = bar, dict[str, Any](), 0.0

    def __call__(self, name: str, stage: _Stage) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._bar.add_task(name, total=stage.total, words="")
        if stage.done == stage.total or stage.ended - self._last > _DRAWN_SECONDS:
            self._last = stage.ended
            self._bar.update(
                self._tasks[name], completed=stage.done, total=stage.total, words=stage.words
            )
            self._bar.refresh()


@contextmanager
def _bar() -> Iterator[_Bar]:
    from rich import progress as rich_progress

    bar = rich_progress.Progress(
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TaskProgressColumn(),
        rich_progress.TextColumn("{task.fields[words]}"),
        rich_progress.TimeRemainingColumn(),
        console=console_of(stderr=True),
        transient=True,
        auto_refresh=False,  # by a thread, which a process that forks must not have
    )
    with bar:
        yield _Bar(bar)
