"""Results to stdout; progress, warnings and errors to stderr; nothing from the data acts on either.

`rich` is imported only when something is drawn with it, so that `--help` stays instant.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from botcoin_dpo.pairing.progress import Progress
from botcoin_dpo.report.inert import inert

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def write_json(value: Any) -> None:
    """Print one machine-readable object to stdout."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def write_result(*renderables: "RenderableType") -> None:
    """Draw a result on stdout."""
    console = _console(stderr=False)
    for renderable in renderables:
        console.print(renderable)


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
