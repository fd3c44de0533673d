"""The first task: finds the logs, and divides the build into tasks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from botcoin_dpo.building.options import make_options
from botcoin_dpo.building.publishing import own_places, staging_of
from botcoin_dpo.dataset.excluded_pairs import read_excluded
from botcoin_dpo.files.local_paths import log_arguments, output_place
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.stages.places import check_apart
from botcoin_dpo.stages.plan import make_plan
from botcoin_dpo.stages.work import Work, begin_work


def plan_work(
    logs: Sequence[str | Path] | str | Path,
    out: str | Path,
    work: str | Path,
    *,
    task_mb: float | None = None,
    exclude: str | Path | None = None,
    **options: Any,
) -> Work:
    """Plan a build, and write the plan to a work folder; the same plan changes nothing there.

    Args:
        logs: log files and folders, local or by URL.
        out: the folder to publish, local or in a store, by URL.
        work: the work folder, which all tasks see, local or in a store, by URL.
        task_mb: logs of a task, in 10^6 bytes; see `make_plan`.
        exclude: a file of pair ids; these pairs are dropped.
        options: further options that shape the content, as `build` has them.

    Raises:
        UsageError: an option makes no sense, or tasks cannot read a log.
        InputError: an input cannot be used.
        OutputError: nothing could be published, or the work folder cannot be written.
    """
    arguments, out_place = log_arguments(logs), output_place(out, "--out")
    place = output_place(work, "--work")
    check_apart(place, out_place, arguments)
    shape = make_options(**options, exclude=read_excluded(exclude))
    found = find_logs(arguments, own_places(out_place))
    # Whether a previous build may be replaced, `publish` is told. What else would keep it from
    # publishing is better known before all tasks than after.
    with staging_of(out_place, overwrite=True):
        return begin_work(place, make_plan(arguments, found, out_place, shape, task_mb))
