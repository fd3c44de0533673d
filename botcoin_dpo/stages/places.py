"""Where a work folder may be: no build may read, replace or remove what tasks leave in it."""

from collections.abc import Sequence
from pathlib import Path

from botcoin_dpo.errors import UsageError
from botcoin_dpo.files.glob_patterns import compiled, is_pattern
from botcoin_dpo.files.named_files import real_path
from botcoin_dpo.files.remote_path import RemotePath

_ELSEWHERE = "name another folder"

_LEFT = ("plan.json", "0/scan/000001.json")
"""Names as tasks leave them, one for each depth, that a pattern of logs may fit."""


def check_apart(
    work: Path | RemotePath,
    out: Path | RemotePath,
    logs: Sequence[str | Path | RemotePath],
) -> None:
    """Make sure that a work folder is neither among the logs nor in the output.

    Args:
        work: the work folder.
        out: the folder to publish, which must not lie in the work folder either.
        logs: the log arguments.

    Raises:
        UsageError: it is.
    """
    if _is_within(work, out) or _is_within(out, work):
        raise UsageError(f"--work {work}: must be neither --out, in it nor around it; {_ELSEWHERE}")
    for argument in logs:
        if _would_read(argument, work):
            raise UsageError(
                f"--work {work}: lies among the logs {argument}, and a build of these would read "
                f"it; {_ELSEWHERE}"
            )


def _would_read(argument: str | Path | RemotePath, work: Path | RemotePath) -> bool:
    """Return whether a log argument reaches what tasks leave."""
    if not isinstance(argument, RemotePath):
        return _is_within(work, Path(argument))
    if not is_pattern(argument.key):
        return _is_within(work, argument)
    if not isinstance(work, RemotePath) or work.root != argument.root:
        return False
    fits = compiled(argument.key)
    return any(fits.fullmatch((work / name).key) for name in _LEFT)


def _is_within(inner: Path | RemotePath, outer: Path | RemotePath) -> bool:
    """Return whether one place is the other, or lies below it."""
    parts = _parts(outer)
    return _parts(inner)[: len(parts)] == parts


def _parts(place: Path | RemotePath) -> tuple[str, ...]:
    if isinstance(place, RemotePath):
        return (place.root, *filter(None, place.key.split("/")))
    return real_path(place).parts
