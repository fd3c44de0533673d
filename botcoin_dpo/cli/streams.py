"""Results to stdout; progress, warnings and errors to stderr; nothing from the data acts on either.

`rich` is imported only when something is drawn with it, so that `--help` stays instant.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import orjson

from botcoin_dpo.errors import OutputError, reason_of
from botcoin_dpo.progress import Progress
from botcoin_dpo.report.inert import inert

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def write_json(value: Any) -> None:
    """Print one machine-readable object to stdout."""
    _write_out(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def write_result(*renderables: "RenderableType") -> None:
    """Draw a result on stdout."""
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
        page.print(renderable)
    _write_out(cast(StringIO, page.file).getvalue())


def write_lines(lines: Iterable[str]) -> None:
    """Print lines to stdout, as they are."""
    _write_out("".join(f"{line}\n" for line in lines))


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
    """Print one line to stderr."""
    sys.stderr.write(inert(message) + "\n")
    sys.stderr.flush()


@contextmanager
def progress_bar(*, is_wanted: bool) -> Iterator[Progress | None]:
    """Yield what takes progress: a bar on stderr if that is a terminal, else nothing."""
    if not is_wanted or not sys.stderr.isatty():
        yield None
        return
    from rich import progress as rich_progress

    bar = rich_progress.Progress(
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TaskProgressColumn(),
        rich_progress.TimeRemainingColumn(),
        console=_console(stderr=True),
        transient=True,
    )
    tasks: dict[str, rich_progress.TaskID] = {}
    last_drawn = 0.0

    def advance(stage: str, done: int, total: int) -> None:
        nonlocal last_drawn
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total)
        now = time.monotonic()
        if done == total or now - last_drawn > 0.1:
            last_drawn = now
            bar.update(tasks[stage], completed=done, total=total)

    with bar:
        yield advance


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)
