"""Results to stdout; progress, warnings and errors to stderr; nothing from the data acts on either.

`rich` is imported only when something is drawn with it, so that `--help` stays instant.
"""

import os
import shutil
import sys
import warnings
from collections.abc import Iterable
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import orjson

from botcoin_dpo.cli.terminal_size import MOST_COLUMNS
from botcoin_dpo.contract.sanitize import sanitize_json, sanitize_line
from botcoin_dpo.errors import OutputError, reason_of

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_is_used = False
"""Whether something was written to stdout."""


def begin_output() -> None:
    """Take stdout for empty."""
    global _is_used
    _is_used = False


def write_json(value: Any) -> None:
    """Print one machine-readable object to stdout."""
    _write_out(sanitize_json(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()) + "\n")


def write_failure(value: Any) -> None:
    """Print why there is no result, unless there is one already or stdout cannot be written."""
    if not _is_used:
        with suppress(OutputError):
            write_json(value)


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

    stdout = console_of(stderr=False)
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
    global _is_used
    _is_used = True
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


def show_python_warnings() -> None:
    """Show what Python code warns of as all warnings are shown; which are shown is as ever."""

    def show(message: Warning | str, *_: object, **__: object) -> None:
        write_error(f"warning: {message}")

    warnings.showwarning = show


def suggest(command: str) -> None:
    """Name the next sensible command, where somebody looks on: if stderr is a terminal."""
    if sys.stderr.isatty():
        write_error(f"next: {command}")


def console_of(*, stderr: bool) -> "Console":
    """Return the console of a standard stream, within reason as wide as that says."""
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if console.width > MOST_COLUMNS:
        console.width = MOST_COLUMNS
    return console
