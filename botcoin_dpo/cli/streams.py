"""Results to stdout; progress, warnings and errors to stderr; nothing from the data acts on either.

`rich` is imported only when something is drawn with it, so that `--help` stays instant.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import orjson

from botcoin_dpo.cli.terminal_size import MOST_COLUMNS
from botcoin_dpo.contract.sanitize import sanitize_json, sanitize_line
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import OutputError, choice_of, reason_of

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

PROGRESS_MODES = ("auto", "plain", "none")
PROGRESS_HELP = "Progress: auto (a bar on terminals), plain (a line every few seconds) or none."

_PLAIN_SECONDS = 3
_BYTE_STAGES = frozenset({"reading", "validating", "counting", "exporting", "auditing", "indexing"})
_MEGABYTE = 10**6


def write_json(value: Any) -> None:
    """Print one machine-readable object to stdout."""
    _write_out(sanitize_json(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()) + "\n")


def write_result(*renderables: "RenderableType") -> None:
    """Draw a result on stdout."""
    _write_out(_drawn(renderables))


def write_paged(*renderables: "RenderableType", is_paged: bool = True) -> None:
    """Draw a result on stdout; through a pager where that is a terminal with too few lines."""
    text = _drawn(renderables)
    is_long = text.count("\n") >= shutil.get_terminal_size().lines
    if not (is_paged and is_long and sys.stdout.isatty() and sys.stdin.isatty()):
        _write_out(text)
        return
    import pydoc

    from botcoin_dpo.interrupts import left_to_others

    os.environ.setdefault("LESS", "FRX")  # colours, and no empty screen, in the usual pager
    with left_to_others():
        pydoc.pager(text)


def _drawn(renderables: "Iterable[RenderableType]") -> str:
    """Return what a result looks like on stdout."""
    from rich.console import Console

    stdout = _console(stderr=False)
    page = Console(  # not stdout itself: what goes wrong with that is ours to tell
        file=StringIO(),
        width=stdout.width,
        force_terminal=stdout.is_terminal,
        color_system=cast(Any, stdout.color_system),
        no_color=stdout.no_color,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for renderable in renderables:
        page.print(renderable, crop=False)  # what is meant to be unbroken is wider than the page
    return cast(StringIO, page.file).getvalue()


def write_lines(lines: Iterable[str]) -> None:
    """Print lines to stdout, each on one line, whatever it holds."""
    _write_out("".join(f"{sanitize_line(line)}\n" for line in lines))


def _write_out(text: str) -> None:
    """Write to stdout; a reader that has left (`| head`) does not change what the exit code says.

    Raises:
        OutputError: stdout cannot be written.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python must not complain at shutdown either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError(
            f"standard output: {reason_of(error)}; what was done stays done"
        ) from error


def write_error(message: str) -> None:
    """Print a message on one line of stderr, whatever it holds: a path may have a line break."""
    sys.stderr.write(sanitize_line(message) + "\n")
    sys.stderr.flush()


@contextmanager
def show_progress(mode: str, *, is_wanted: bool = True) -> Iterator[Progress | None]:
    """Yield what takes progress, or None where nothing is to be shown.

    Args:
        mode: `auto` (a bar if stderr is a terminal), `plain` (a line every few seconds), or `none`.
        is_wanted: False where results alone are to be printed.

    Raises:
        UsageError: there is no such mode.
    """
    choice_of("--progress", mode, PROGRESS_MODES)
    if mode == "plain" and is_wanted:
        yield _PlainProgress()
    elif mode == "auto" and is_wanted and sys.stderr.isatty():
        with _bar() as advance:
            yield advance
    else:
        yield None


class _Pace:
    """How fast a stage goes."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def words(self, stage: str, done: int, total: int) -> str:
        """Return how far the stage is, and how fast it goes, in words."""
        if stage not in _BYTE_STAGES:
            return f"{done:,} of {total:,}"
        rate = done / max(1e-9, time.monotonic() - self._started)
        return (
            f"{done / _MEGABYTE:,.0f} of {total / _MEGABYTE:,.0f} MB, {rate / _MEGABYTE:,.0f} MB/s"
        )

    def seconds_left(self, done: int, total: int) -> float | None:
        """Return how long the rest takes at this pace, None at the start."""
        return (time.monotonic() - self._started) * (total - done) / done if done else None


class _PlainProgress:
    """One line on stderr every few seconds."""

    def __init__(self) -> None:
        self._paces: dict[str, _Pace] = {}
        self._last = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        pace = self._paces.setdefault(stage, _Pace())
        now = time.monotonic()
        if now - self._last < _PLAIN_SECONDS:
            return
        self._last = now
        left = pace.seconds_left(done, total)
        rest = "" if left is None else f", {left:,.0f} s left"
        write_error(f"{stage}: {pace.words(stage, done, total)}{rest}")


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich import progress as rich_progress

    bar = rich_progress.Progress(
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TaskProgressColumn(),
        rich_progress.TextColumn("{task.fields[words]}"),
        rich_progress.TimeRemainingColumn(),
        console=_console(stderr=True),
        transient=True,
        auto_refresh=False,  # by a thread, which a process that forks must not have
    )
    tasks: dict[str, rich_progress.TaskID] = {}
    paces: dict[str, _Pace] = {}
    last_drawn = 0.0

    def advance(stage: str, done: int, total: int) -> None:
        nonlocal last_drawn
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total, words="")
            paces[stage] = _Pace()
        now = time.monotonic()
        if done == total or now - last_drawn > 0.1:
            last_drawn = now
            words = paces[stage].words(stage, done, total)
            bar.update(tasks[stage], completed=done, total=total, words=words)
            bar.refresh()

    with bar:
        yield advance


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if console.width > MOST_COLUMNS:
        console.width = MOST_COLUMNS
    return console
