"""A copy of standard input, for what must read it more than once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botcoin_dpo import interrupts
from botcoin_dpo.errors import InputError, reason_of, writing
from botcoin_dpo.files.input_file import STANDARD_INPUT
from botcoin_dpo.files.scratch import scratch_folder

_PIECE = 1 << 20


@contextmanager
def copied_input() -> Iterator[Path]:
    """Yield a file with all of standard input; an empty one where that is closed.

    Raises:
        InputError: it cannot be read.
        OutputError: there is no room for it.
    """
    with scratch_folder() as folder:
        path = folder / "input.jsonl"
        with writing(path), path.open("wb") as file:
            for piece in _pieces():
                file.write(piece)
        yield path


def _pieces() -> Iterator[bytes]:
    if sys.stdin is None:
        return
    while True:
        interrupts.check()
        try:
            piece = sys.stdin.buffer.read(_PIECE)
        except OSError as error:
            raise InputError(f"{STANDARD_INPUT}: {reason_of(error)}; name a file") from error
        if not piece:
            return
        yield piece
