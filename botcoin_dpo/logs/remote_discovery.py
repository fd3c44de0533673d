"""Finds the log files that URLs name, as `discovery.py` finds those that paths name.

What a folder of a store holds has the names, the order and the counts that a copy of it on a local
disk would have. Every file is found with its version, and read only as that.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from botcoin_dpo.contract.layout import CURRENT, MANIFEST
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.build_mark import is_build
from botcoin_dpo.files.glob_patterns import compiled, fixed_folder, is_pattern
from botcoin_dpo.files.input_file import LogFile, display_name
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.logs.found_logs import FoundLogs, SkipReason, kind_of_log

_Parts = tuple[str, ...]
"""A relative name, in its parts."""

_BUILD: SkipReason = "former_build"


class _Listed(NamedTuple):
    """An object, by its name relative to a folder."""

    parts: _Parts
    path: RemotePath


def find_remote_logs(
    argument: RemotePath,
    prefix: str,
    found: FoundLogs,
    seen: set[RemotePath],
    ignored: Set[str] = frozenset(),
) -> None:
    """Add the log files that a URL names.

    Args:
        argument: a file, a folder, or a pattern.
        prefix: what comes before their names.
        found: where they are added, and what is skipped is counted.
        seen: the files and folders that arguments before it reached; those of this are added.
        ignored: folders whose files are passed over without a word.

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
    walk = _walk_pattern if is_pattern(argument.key) else _walk_folder
    for listed in walk(argument, found, seen, tuple(f"{folder}/" for folder in ignored)):
        _add(listed.path, prefix + "/".join(listed.parts), found, seen)


def _walk_pattern(
    pattern: RemotePath, found: FoundLogs, seen: Set[RemotePath], ignored: tuple[str, ...]
) -> Iterator[_Listed]:
    """Yield what fits a pattern and is in no build."""
    folder = RemotePath(pattern.root, fixed_folder(pattern.key))
    fits = compiled(pattern.key)
    listed = _list(folder, ignored)
    builds = dict.fromkeys(_builds(folder, listed), _BUILD)
    fitting = (each for each in listed if fits.fullmatch(each.path.key))
    return _passing_over(builds, fitting, found)


def _walk_folder(
    folder: RemotePath, found: FoundLogs, seen: set[RemotePath], ignored: tuple[str, ...]
) -> Iterator[_Listed]:
    """Yield what lies below a folder, but for what a walk of local folders would not enter."""
    listed = _list(folder, ignored)
    if not listed:
        _refuse_nothing(folder)
    passed_over = dict.fromkeys(_builds(folder, listed), _BUILD)
    if () in passed_over:
        raise InputError(f"{folder}: is a built dataset, not attempt logs; name the logs")
    folders = {each.parts[:depth] for each in listed for depth in range(len(each.parts))}
    for parts in folders | {each.parts for each in listed}:
        if parts and parts[-1].startswith("."):
            passed_over[parts] = "dot_file"
        elif parts in folders and _below(folder, parts) in seen:
            passed_over[parts] = "reached_twice"
    entered = (parts for parts in folders if _first_above(parts, passed_over) is None)
    seen.update(_below(folder, parts) for parts in entered)
    return _passing_over(passed_over, listed, found)


def _passing_over(
    reasons: Mapping[_Parts, SkipReason], listed: Iterable[_Listed], found: FoundLogs
) -> Iterator[_Listed]:
    """Yield what lies in nothing that is to be passed over, and count what that is."""
    met: set[_Parts] = set()
    for each in listed:
        first = _first_above(each.parts, reasons)
        if first is None:
            yield each
        elif first not in met:
            met.add(first)
            found.skipped[reasons[first]] += 1


def _first_above(parts: _Parts, reasons: Container[_Parts]) -> _Parts | None:
    """Return the outermost that is to be passed over, of a file or folder and those above it."""
    above = (parts[:depth] for depth in range(len(parts) + 1))
    return next((each for each in above if each in reasons), None)


def _below(folder: RemotePath, parts: _Parts) -> RemotePath:
    return folder / "/".join(parts) if parts else folder


def _list(folder: RemotePath, ignored: tuple[str, ...]) -> list[_Listed]:
    """Return what lies below a folder, in the order of a local walk."""
    start = f"{folder.key}/" if folder.key else ""
    names = (
        (path.key.removeprefix(start), path)
        for path in store_of(folder.root).list(folder)
        # A name that does not lie below the folder is no answer to what was asked.
        if path.key.startswith(start) and not str(path).startswith(ignored)
    )
    # Stores keep an empty object in the name of a folder.
    listed = [_Listed(tuple(name.split("/")), path) for name, path in names if name]
    return sorted(listed, key=lambda each: [part.encode() for part in each.parts])


def _builds(folder: RemotePath, listed: Iterable[_Listed]) -> Iterator[_Parts]:
    """Yield the folders that hold a build, but for those inside of another."""
    found: set[_Parts] = set()
    for each in listed:
        above = each.parts[:-1]
        is_told = each.parts[-1] in (MANIFEST, CURRENT) and _first_above(above, found) is None
        if is_told and is_build(_below(folder, above)):
            found.add(above)
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


def _add(path: RemotePath, name: str, found: FoundLogs, seen: set[RemotePath]) -> None:
    kind = kind_of_log(path.name)
    if kind is None:
        found.skipped["other_file"] += 1
        return
    place = RemotePath(path.root, path.key)
    if place in seen:
        found.skipped["reached_twice"] += 1
        return
    seen.add(place)
    assert path.version is not None  # it was looked up
    found.files.append(LogFile(path, name, *kind, size=path.version.size))
