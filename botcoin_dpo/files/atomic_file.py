"""One file for people: written whole or not at all, in place of nothing but one of its kind."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from botcoin_dpo.errors import OutputError, UsageError, writing
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.input_file import STANDARD_INPUT
from botcoin_dpo.files.named_files import open_regular, real_path
from botcoin_dpo.interrupts import held_back

_MOST_READ = 4_000
"""Bytes at the start of a file in which its mark is looked for."""


def check_place(out: Path, mark: str, noun: str) -> None:
    """Refuse a place that must not be written to.

    Args:
        out: the file to be.
        mark: by which one of its kind is known.
        noun: what it is.

    Raises:
        UsageError: it is no file.
        OutputError: something else is there, or it would not belong there.
    """
    if str(out) == STANDARD_INPUT:
        raise UsageError(f"-: a {noun} is a file; name one")
    if is_build(real_path(out).parent):
        raise OutputError(f"{out}: lies in a build, which lists its files; name another place")
    with writing(out):
        try:
            out.stat()
        except FileNotFoundError:
            return
        if out.is_file():
            with open_regular(out) as file:
                start = file.read(_MOST_READ)
            if not start or mark.encode() in start:
                return
    raise OutputError(f"{out}: exists and is not a {noun}; name another file")


def write_atomically(out: Path, parts: Iterable[str], mark: str, noun: str) -> int:
    """Write a file and return its bytes; a link stays, what it points to is replaced.

    Raises:
        UsageError, OutputError: as `check_place`, or it cannot be written.
    """
    check_place(out, mark, noun)
    place = real_path(out)
    with writing(out):
        place.parent.mkdir(parents=True, exist_ok=True)
        with new_file(place.parent, f".{place.name[:80]}.") as made:
            with made.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
                size = os.fstat(file.fileno()).st_size
            made.chmod(0o666 & ~umask())
            made.replace(place)
        return size


@contextmanager
def new_file(folder: Path, prefix: str) -> Iterator[Path]:
    """Yield a new file, which is removed unless it gets its own name meanwhile."""
    made: Path | None = None
    try:
        with held_back():
            descriptor, name = mkstemp(dir=folder, prefix=prefix)
            os.close(descriptor)
            made = Path(name)
        yield made
    except BaseException:
        if made is not None:
            with held_back(), suppress(OSError):
                made.unlink()
        raise


def umask() -> int:
    """Return which permissions new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
