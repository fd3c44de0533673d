"""Finds the log files that arguments name: in a fixed order, each file once, no loops.

Contract: schemas/README.md, "Files".
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from botcoin_dpo.errors import InputError, reason_of
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.input_file import STANDARD_INPUT, LogFile, display_name
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.logs.found_logs import FoundLogs, kind_of_log
from botcoin_dpo.logs.remote_discovery import find_remote_logs


def find_logs(
    arguments: Sequence[str | Path | RemotePath], ignored: frozenset[str] = frozenset()
) -> FoundLogs:
    """Return the log files that the arguments reach.

    Args:
        arguments: files, folders, or `-` for standard input; remote ones may be patterns.
        ignored: files and folders that are passed over without a word, by their real paths, or as
            remote ones are written.

    Raises:
        InputError: an argument does not exist, is no log, or nothing can be read from any.
    """
    found = FoundLogs()
    seen: set[tuple[int, int]] = set()
    seen_remote: set[RemotePath] = set()
    for position, argument in enumerate(arguments, start=1):
        prefix = f"{position}/" if len(arguments) > 1 else ""
        if str(argument) == STANDARD_INPUT:
            found.files.append(LogFile(None, prefix + STANDARD_INPUT))
        elif isinstance(argument, RemotePath):
            find_remote_logs(argument, prefix, found, seen_remote, ignored)
        else:
            _find_in_argument(Path(argument), prefix, found, seen, ignored)
    if not found.files:
        raise InputError(
            f"{', '.join(map(str, arguments))}: no attempt logs in it; "
            "expected .jsonl, .ndjson or .json files, also .gz or .zst"
        )
    return found


def _find_in_argument(
    argument: Path,
    prefix: str,
    found: FoundLogs,
    seen: set[tuple[int, int]],
    ignored: frozenset[str],
) -> None:
    try:
        status = argument.stat()
    except OSError as error:
        raise InputError(f"{argument}: {reason_of(error)}; name a log file or a folder") from error
    if stat.S_ISDIR(status.st_mode):
        if is_build(argument):
            raise InputError(f"{argument}: is a built dataset, not attempt logs; name the logs")
        for path, problem in _walk(argument, found, seen, ignored):
            name = prefix + display_name(path.relative_to(argument).as_posix())
            _add(path, name, problem, found, seen)
    elif stat.S_ISREG(status.st_mode):
        if kind_of_log(argument.name) is None:
            raise InputError(
                f"{argument}: not a log by its name; "
                "expected .jsonl, .ndjson or .json, also with .gz or .zst"
            )
        _add(argument, prefix + display_name(argument.name), None, found, seen)
    else:
        raise InputError(f"{argument}: neither a file nor a folder; pipe it in and name it -")


def _walk(
    folder: Path, found: FoundLogs, seen: set[tuple[int, int]], ignored: frozenset[str]
) -> Iterator[tuple[Path, str | None]]:
    """Yield the files below a folder in sorted order, and folders that cannot be listed."""
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in seen:
            found.skipped["reached_twice"] += 1
            return
        seen.add((status.st_dev, status.st_ino))
        entries = sorted(folder.iterdir(), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield folder, f"cannot list the folder: {reason_of(error)}"
        return
    for entry in entries:
        if ignored and os.path.realpath(entry) in ignored:
            continue
        if entry.name.startswith("."):
            found.skipped["dot_file"] += 1
        elif not _is_folder(entry):
            yield entry, None
        elif is_build(entry):
            found.skipped["former_build"] += 1
        else:
            yield from _walk(entry, found, seen, ignored)


def _is_folder(entry: Path) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # whatever it is, opening it will say why it cannot be read
        return False


def _add(
    path: Path, name: str, problem: str | None, found: FoundLogs, seen: set[tuple[int, int]]
) -> None:
    kind = kind_of_log(path.name)
    if problem is None and kind is None:
        found.skipped["other_file"] += 1
        return
    size = 0
    layout, compression = kind or ("lines", "")
    if problem is None:
        try:
            status = path.stat()
        except OSError as error:
            problem = reason_of(error)
        else:
            if not stat.S_ISREG(status.st_mode):
                found.skipped["other_file"] += 1
                return
            if (status.st_dev, status.st_ino) in seen:
                found.skipped["reached_twice"] += 1
                return
            seen.add((status.st_dev, status.st_ino))
            size = status.st_size
    found.files.append(LogFile(path, name, layout, compression, size, problem))
