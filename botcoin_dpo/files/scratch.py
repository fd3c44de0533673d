"""A scratch folder for work that publishes nothing; no signal makes it stay behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from botcoin_dpo.interrupts import held_back


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield an empty folder among the system's temporary ones, and remove it in the end."""
    folder: TemporaryDirectory[str] | None = None
    try:
        with held_back():
            folder = TemporaryDirectory(prefix="botcoin-dpo-")
        yield Path(folder.name)
    finally:
        if folder is not None:
            with held_back():
                folder.cleanup()
