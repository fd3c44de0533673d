"""Says which folders were made on the way to a file: a name with a slip makes new ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botcoin_dpo.cli.streams import write_error


@contextmanager
def telling_of_new_folders(*files: str | None) -> Iterator[None]:
    """Print a line on stderr for each file that got a folder of its own meanwhile."""
    missing = [first for file in files if file and (first := _first_missing(Path(file).parent))]
    yield
    for folder in missing:
        if folder.is_dir():
            write_error(f"note: made the folder {folder}")


def _first_missing(folder: Path) -> Path | None:
    """Return the outermost folder of a path that is not there."""
    missing = None
    for each in (folder, *folder.parents):
        try:
            if each.exists():
                break
        except (OSError, ValueError):  # whoever makes it says why that cannot be done
            return None
        missing = each
    return missing
