"""Finds the log files that URLs name, as `discovery.py` finds those that paths name.

What a folder of a store holds has the names, the order and the counts that a copy of it on a local
disk would have. Every file is found with its version, and read only as that.
"""

from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from botcoin_dpo.contract.layout import MANIFEST
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.glob_patterns import compiled, fixed_folder, is_pattern
from botcoin_dpo.files.input_file import LogFile, display_name
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.logs.found_logs import FoundLogs, SkipReason, kind_of_log

_Parts = tuple[str, ...]
"""A relative name, in its parts."""


class _Listed(NamedTuple):
    """An object, by its name relative to a folder."""

    parts: _Parts
    path: RemotePath


class _Skipped(NamedTuple):
    """A file or folder that is passed over."""

    above: _Parts
    reason: SkipReason


def find_remote_logs(
    argument: RemotePath, prefix: str, found: FoundLogs, seen: set[tuple[str, str]]
) -> None:
    """Add the log files that a URL names.

    Args:
        argument: a file, a folder, or a pattern.
        prefix: what comes before their names.
        found: where they are added, and what is skipped is counted.
        seen: roots and keys of those that other arguments reached; they are added.

    Raises:
        InputError: there is nothing, it is no log, or the store refuses.
    """
    if argument.is_web or (not is_pattern(argument.key) and kind_of_log(argument.name)):
        file = store_of(argument.root).find(argument)
        if file is not None:
            _require_log(argument)
            _add(file, prefix + display_name(argument.name), found, seen)
            return
        if argument.is_web:
            raise InputError(f"{argument}: no such file; name a log file")
    for listed in _walk(argument, found):
        _add(listed.path, prefix + "/".join(listed.parts), found, seen)


def _walk(argument: RemotePath, found: FoundLogs) -> Iterator[_Listed]:
    """Yield what lies below a folder, or fits a pattern, in the order of a local walk."""
    if is_pattern(argument.key):
        folder = RemotePath(argument.root, fixed_folder(argument.key))
        fits, is_wild = compiled(argument.key), True
    else:
        folder, fits, is_wild = argument, None, False
    listed = sorted(_list(folder), key=lambda each: [part.encode() for part in each.parts])
    if not listed and not is_wild:
        _refuse_nothing(argument)
    builds = set(_builds(folder, listed))
    if () in builds:
        raise InputError(f"{folder}: is a built dataset, not attempt logs; name the logs")
    passed_over: set[_Parts] = set()
    for each in listed:
        if fits is not None and not fits.fullmatch(each.path.key):
            continue
        skipped = _skipped(each.parts, builds, is_wild=is_wild)
        if skipped is None:
            yield each
        elif skipped.above not in passed_over:
            passed_over.add(skipped.above)
            found.skipped[skipped.reason] += 1


def _skipped(parts: _Parts, builds: Set[_Parts], *, is_wild: bool) -> _Skipped | None:
    """Return what a local walk would not enter, or not take, on its way to an object."""
    for depth, part in enumerate(parts, start=1):
        above = parts[:depth]
        if part.startswith(".") and not is_wild:  # a pattern says itself what it means
            return _Skipped(above, "dot_file")
        if above in builds:
            return _Skipped(above, "former_build")
    return None


def _list(folder: RemotePath) -> Iterator[_Listed]:
    start = len(folder.key) + 1 if folder.key else 0
    for path in store_of(folder.root).list(folder):
        relative = path.key[start:]
        if relative:  # stores keep an empty object in the name of a folder
            yield _Listed(tuple(relative.split("/")), path)


def _builds(folder: RemotePath, listed: Iterable[_Listed]) -> Iterator[_Parts]:
    """Yield the folders that hold a build."""
    for each in listed:
        if each.parts[-1] == MANIFEST:
            above = each.parts[:-1]
            if is_build(folder / "/".join(above) if above else folder):
                yield above


def _refuse_nothing(argument: RemotePath) -> None:
    """Say why there is nothing to list."""
    if argument.key and store_of(argument.root).find(argument) is not None:
        _require_log(argument)
    raise InputError(f"{argument}: nothing lies there; name a log file, a folder or a pattern")


def _require_log(argument: RemotePath) -> None:
    if kind_of_log(argument.name) is None:
        raise InputError(
            f"{argument}: not a log by its name; "
            "expected .jsonl, .ndjson or .json, also with .gz or .zst"
        )


def _add(path: RemotePath, name: str, found: FoundLogs, seen: set[tuple[str, str]]) -> None:
    kind = kind_of_log(path.name)
    if kind is None:
        found.skipped["other_file"] += 1
        return
    if (path.root, path.key) in seen:
        found.skipped["reached_twice"] += 1
        return
    seen.add((path.root, path.key))
    assert path.version is not None  # it was looked up
    found.files.append(LogFile(path, name, *kind, size=path.version.size))
