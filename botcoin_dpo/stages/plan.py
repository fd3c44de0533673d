"""The plan of a job array: what is read, what shapes the content, and how that is divided.

It is written once. Its digest names the folder in which its tasks leave what they make, so that
tasks of different plans never take each other's for their own.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec

from botcoin_dpo.building.options import BuildOptions, make_options
from botcoin_dpo.contract.limits import LARGEST_FILE, LARGEST_TASK_MB, MEGABYTE
from botcoin_dpo.dataset.excluded_pairs import ExcludedPairs
from botcoin_dpo.errors import ChangedError, InputError, UsageError, place_of, reason_of
from botcoin_dpo.files.input_file import STANDARD_INPUT, Compression, Layout, LogFile, display_name
from botcoin_dpo.files.remote_path import RemotePath, Version, remote_path
from botcoin_dpo.files.segments import Segment, Segments, group_ends
from botcoin_dpo.logs.found_logs import FoundLogs, SkipReason
from botcoin_dpo.version import __version__

FORMAT = 2
"""Raise it whenever a plan, or what tasks leave, would hold other bytes or mean something else."""

_PathText = Annotated[str, msgspec.Meta(pattern=r"^[^\0]+$")]

_TASK_MB = 1000
_MOST_TASKS = 1000
"""Of a kind, unless another size of tasks is asked for: a cluster's queue may take no more."""

_MOST_BUILDS = 4096

_CHANGED = "changed since the plan was made; plan again"


class PlannedLog(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A log file, and the state in which it is to be read."""

    path: _PathText
    """Absolute, or a URL."""
    name: str
    layout: Layout
    compression: Compression
    size: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_FILE)]
    problem: str | None = None
    changed_ns: int | None = None
    """When a local file was last written."""
    etag: str | None = None
    modified: datetime | None = None
    """When an object was."""

    def log_file(self) -> LogFile:
        """Return it as discovery found it."""
        path: Path | RemotePath = Path(self.path)
        remote = remote_path(self.path, "LOGS")
        if remote is not None and self.modified is not None:
            path = remote.at(Version(self.size, self.etag, self.modified))
        return LogFile(path, self.name, self.layout, self.compression, self.size, self.problem)


class PlannedOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shapes the content, as it is written on a command line."""

    pairs: list[str]
    splits: list[float]
    max_per_prompt: int | None
    shard_mb: float
    max_record_mb: float
    allow_unsafe_text: bool
    audit: bool
    drop_if: list[str]
    keep_if: list[str]
    exclude: list[str]
    """Ids of pairs."""
    attempts: bool

    @classmethod
    def of(cls, options: BuildOptions) -> "PlannedOptions":
        """Return options as they are written."""
        shown = options.as_json() | {"attempts": options.attempts}
        shown["exclude"] = sorted(options.exclude.ids)
        return msgspec.convert(shown, cls)

    def options(self) -> BuildOptions:
        """Return the options.

        Raises:
            UsageError: one makes no sense.
        """
        given = msgspec.structs.asdict(self)
        return make_options(**given | {"exclude": ExcludedPairs(frozenset(self.exclude))})


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all tasks need to know."""

    format: int
    tool_version: str
    out: _PathText
    """Where the dataset is published: an absolute path, or a URL."""
    logs: list[str]
    """The log arguments, as messages name them."""
    options: PlannedOptions
    files: list[PlannedLog]
    skipped: dict[SkipReason, int]
    group_ends: list[int]
    """For each scan, the number of the segment behind its last one."""
    partitions: int

    @property
    def scans(self) -> int:
        """How many scan tasks there are."""
        return len(self.group_ends)

    @property
    def builds(self) -> int:
        """How many build tasks there are."""
        return self.partitions

    @property
    def is_sound(self) -> bool:
        """Whether groups are of some segments each, and partitions can be chosen by bits."""
        return (
            all(start < end for start, end in pairwise([0, *self.group_ends]))
            and self.group_ends[-1:] == [len(self.segments())]
            and 0 < self.partitions <= _MOST_BUILDS
            and self.partitions.bit_count() == 1
        )

    def segments(self) -> Segments:
        """Return all segments."""
        return Segments([file.log_file() for file in self.files])

    def group(self, scan: int) -> list[Segment]:
        """Return the segments of a scan task, the first of which is 1."""
        start, end = [0, *self.group_ends][scan - 1 : scan + 1]
        segments = self.segments()
        return [segments[number] for number in range(start, end)]

    def found(self) -> FoundLogs:
        """Return the log files as they were found."""
        return FoundLogs([file.log_file() for file in self.files], Counter(self.skipped))


def make_plan(
    arguments: Sequence[str | Path | RemotePath],
    found: FoundLogs,
    out: Path | RemotePath,
    options: BuildOptions,
    task_mb: float | None = None,
) -> Plan:
    """Divide a build into tasks.

    Args:
        arguments: the log arguments.
        found: the log files.
        out: where to publish.
        options: what shapes the content.
        task_mb: logs of a scan task, and of a build task, in 10^6 bytes, decompressed; if not
            given, 1,000, or more where that would be more than 1,000 tasks.

    Raises:
        UsageError: the size makes no sense, or a log cannot be read by tasks.
        InputError: a log cannot be looked at any more.
    """
    if task_mb is not None and not 0 < task_mb <= LARGEST_TASK_MB:
        raise UsageError(f"--task-mb: must be more than 0 and at most {LARGEST_TASK_MB}")
    segments = Segments(found.files)
    size = sum(segment.expected_size for segment in segments)
    most = max(_TASK_MB * MEGABYTE, -(-size // _MOST_TASKS))
    if task_mb is not None:
        most = max(1, int(task_mb * MEGABYTE))
    return Plan(
        format=FORMAT,
        tool_version=__version__,
        out=str(out if isinstance(out, RemotePath) else out.absolute()),
        logs=[str(argument) for argument in arguments],
        options=PlannedOptions.of(options),
        files=[_planned(file) for file in found.files],
        skipped=dict(sorted(found.skipped.items())),
        group_ends=group_ends(segments, most),
        partitions=_largest_power_of_two(min(max(1, size // most), _MOST_BUILDS)),
    )


def check_unchanged(files: Sequence[PlannedLog]) -> None:
    """Make sure that local logs are what they were; those in stores are read by their version.

    Raises:
        InputError: one is not.
    """
    for file in files:
        if file.changed_ns is None:
            continue
        status = _status(Path(file.path))
        if (status.st_size, status.st_mtime_ns) != (file.size, file.changed_ns):
            raise InputError(f"{file.path}: {_CHANGED}")


@contextmanager
def as_planned() -> Iterator[None]:
    """Say of a log that is not what it was what helps: no task is ever told of its new state."""
    try:
        yield
    except ChangedError as error:
        raise InputError(f"{place_of(error.message)}: {_CHANGED}") from error


def _planned(file: LogFile) -> PlannedLog:
    if file.path is None:
        raise UsageError(f"{STANDARD_INPUT}: no other task could read it; name log files")
    path, problem = file.path, file.problem
    if isinstance(path, RemotePath):
        version = path.version
        return PlannedLog(
            _url(path), file.name, file.layout, file.compression, file.size, problem,
            etag=version.etag if version else None,
            modified=version.modified if version else None,
        )  # fmt: skip
    return PlannedLog(
        _local(path), file.name, file.layout, file.compression, file.size, problem,
        changed_ns=None if problem else _status(path).st_mtime_ns,
    )  # fmt: skip


def _url(path: RemotePath) -> str:
    if path.is_web and path.root != str(path):
        raise UsageError(f"{path}: the plan would hold its signature; name an object in a store")
    return str(path)


def _local(path: Path) -> str:
    absolute = str(path.absolute())
    try:
        absolute.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{display_name(path)}: is not UTF-8, as plans are; rename it") from error
    return absolute


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise InputError(f"{path}: {reason_of(error)}; plan again") from error


def _largest_power_of_two(most: int) -> int:
    return 1 << (most.bit_length() - 1)
