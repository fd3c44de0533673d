"""Tells rows from logs by content, of a folder, a file or standard input."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from botcoin_dpo.dataset.reading import dataset_files, read_rows, remote_dataset_files
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.input_file import STANDARD_INPUT, LogFile
from botcoin_dpo.files.named_files import is_there
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.standard_input import copied_input
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.found_logs import FoundLogs, kind_of_log


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a path names: rows or logs."""

    rows: Sequence[tuple[Path | RemotePath, str]] | None
    """Files of rows, each with what messages call it; None if these are logs."""
    logs: FoundLogs = field(default_factory=FoundLogs)


@contextmanager
def recognised(path: Path | RemotePath, advice: str) -> Iterator[Recognised]:
    """Yield what a path names, as long as it is read.

    Args:
        path: a built folder, a file of rows, logs, or `-`.
        advice: what to name instead if nothing is there.

    Raises:
        InputError: it cannot be read, or rows changed meanwhile.
    """
    if isinstance(path, RemotePath):
        if _is_remote_dataset(path):
            yield Recognised(remote_dataset_files(path))
        else:
            yield Recognised(None, find_logs([path]))
    elif str(path) == STANDARD_INPUT:
        with copied_input() as copy:
            yield _of_copy(path, copy)
    elif not is_there(path, advice):
        raise InputError(f"{path}: no such file or folder; {advice}")
    elif (path.is_dir() and is_build(path)) or (path.is_file() and _holds_rows(path)):
        with Unchanged(path):
            yield Recognised(dataset_files(path))
    else:
        yield Recognised(None, find_logs([path]))


def _is_remote_dataset(place: RemotePath) -> bool:
    if is_build(place):
        return True
    file = store_of(place.root).find(place) if place.is_web or place.key else None
    return file is not None and kind_of_log(file.name) is not None and _holds_rows(file)


def _of_copy(path: Path, copy: Path) -> Recognised:
    size = copy.stat().st_size
    if not size:  # whoever reads standard input says what is wrong with it
        return Recognised(None, find_logs([path]))
    if _holds_rows(copy):
        return Recognised([(copy, STANDARD_INPUT)])
    return Recognised(None, FoundLogs([LogFile(copy, STANDARD_INPUT, size=size)]))


def _holds_rows(path: Path | RemotePath) -> bool:
    """Return whether the first record of a file is a row, not an attempt."""
    try:
        first = next(read_rows(path, path.name), None)
    except InputError:
        return False
    return first is not None and isinstance(first.row, dict) and "example_type" in first.row
