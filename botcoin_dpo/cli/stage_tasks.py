"""The tasks of `botcoin-dpo stage`, each of which is done by one process."""

from typing import TYPE_CHECKING, Annotated

import typer

from botcoin_dpo.cli.build import report_build, warn_of_large_files
from botcoin_dpo.cli.build_options import (
    AllowEmpty,
    AllowUnsafeText,
    Attempts,
    Audit,
    MaxPerPrompt,
    MaxQuarantined,
    MaxRecordMb,
    MaxShrink,
    MinPairs,
    Overwrite,
    Pairs,
    ShardMb,
    Splits,
    Strict,
    share_of,
    shares_of,
)
from botcoin_dpo.cli.options import (
    AsJson,
    DropIf,
    Exclude,
    KeepIf,
    ProgressMode,
    Quiet,
    Verbose,
    each_of,
)
from botcoin_dpo.cli.progress import Clock, show_progress
from botcoin_dpo.cli.streams import write_json, write_lines
from botcoin_dpo.errors import count_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from botcoin_dpo.engines.progress import Progress
    from botcoin_dpo.stages.work import TaskResult, Work

_WORK = "--work work"
EXAMPLES = {
    "plan": f"Example:  botcoin-dpo stage plan sample_data/logs --out out {_WORK}",
    "scan": f"Example:  botcoin-dpo stage scan 1 {_WORK}",
    "build": f"Example:  botcoin-dpo stage build 1 {_WORK}",
    "plan-shards": f"Example:  botcoin-dpo stage plan-shards {_WORK}",
    "shard": f"Example:  botcoin-dpo stage shard 1 {_WORK}",
    "publish": f"Example:  botcoin-dpo stage publish {_WORK}",
}

WorkFolder = Annotated[
    str,
    typer.Option(
        help="Folder that all tasks see: local on every machine, or a URL.",
        metavar="FOLDER",
        show_default=False,
    ),
]
Number = Annotated[
    int,
    typer.Argument(
        help="Number of the task, from 1; plan and plan-shards print how many there are.",
        min=1,
        metavar="I",
    ),
]


def plan(
    logs: Annotated[
        list[str],
        typer.Argument(help="Log files or folders that all tasks see.", metavar="LOGS"),
    ],
    work: WorkFolder,
    out: Annotated[
        str,
        typer.Option("--out", "-o", help="Folder for the dataset, also by URL.", metavar="FOLDER"),
    ],
    task_mb: Annotated[
        float | None,
        typer.Option(
            help="Logs of a scan task and of a build task, decompressed, in 10^6 bytes.  "
            "[default: 1000, or more to have no more than 1,000 tasks]",
            show_default=False,
            metavar="MB",
        ),
    ] = None,
    pairs: Pairs = None,
    splits: Splits = "0.9,0.05,0.05",
    max_per_prompt: MaxPerPrompt = None,
    shard_mb: ShardMb = 500,
    max_record_mb: MaxRecordMb = 64,
    allow_unsafe_text: AllowUnsafeText = False,
    audit: Audit = False,
    drop_if: DropIf = None,
    keep_if: KeepIf = None,
    exclude: Exclude = None,
    attempts: Attempts = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Divide a build into tasks, and print how many there are."""
    from botcoin_dpo.files.input_file import large_indivisible
    from botcoin_dpo.stages.planning import plan_work

    planned = plan_work(
        logs,
        out,
        work,
        task_mb=task_mb,
        pairs=each_of(pairs) or ["sequential"],
        splits=shares_of(splits),
        max_per_prompt=max_per_prompt,
        shard_mb=shard_mb,
        max_record_mb=max_record_mb,
        allow_unsafe_text=allow_unsafe_text,
        audit=audit,
        drop_if=each_of(drop_if),
        keep_if=each_of(keep_if),
        exclude=exclude,
        attempts=attempts,
    ).plan
    if as_json:
        write_json({"files": len(planned.files), "scans": planned.scans, "builds": planned.builds})
    elif not quiet:
        tasks = count_of(planned.scans, "scan task"), count_of(planned.builds, "build task")
        write_lines([f"{count_of(len(planned.files), 'log file')}: {' and '.join(tasks)}"])
    if not quiet:
        warn_of_large_files(large_indivisible(planned.found().files))


def scan(
    number: Number,
    work: WorkFolder,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Scan some of the logs."""
    from botcoin_dpo.stages.scanning import run_scan

    _run(run_scan, work, number, progress_mode, as_json=as_json, quiet=quiet, verbose=verbose)


def build(
    number: Number,
    work: WorkFolder,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Make the pairs of some challenges, once all logs are scanned."""
    from botcoin_dpo.stages.building import run_build

    _run(run_build, work, number, progress_mode, as_json=as_json, quiet=quiet, verbose=verbose)


def plan_shards(work: WorkFolder, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Plan the files of the dataset, once all rows are made, and print how many there are."""
    from botcoin_dpo.stages.sharding import run_plan_shards
    from botcoin_dpo.stages.work import open_work

    shards = run_plan_shards(open_work(work))
    if as_json:
        write_json({"shards": shards})
    elif not quiet:
        write_lines([count_of(shards, "shard task")])


def shard(
    number: Number,
    work: WorkFolder,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write one file of the dataset, once all files are planned."""
    from botcoin_dpo.stages.sharding import run_shard

    _run(run_shard, work, number, progress_mode, as_json=as_json, quiet=quiet, verbose=verbose)


def publish(
    work: WorkFolder,
    strict: Strict = False,
    min_pairs: MinPairs = 0,
    max_quarantined: MaxQuarantined = None,
    max_shrink: MaxShrink = None,
    allow_empty: AllowEmpty = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Publish the dataset, once all files are written."""
    from botcoin_dpo.building.gates import BuildGates
    from botcoin_dpo.stages.publishing import run_publish
    from botcoin_dpo.stages.work import open_work

    shares = share_of(max_quarantined, "--max-quarantined"), share_of(max_shrink, "--max-shrink")
    gates = BuildGates(strict, min_pairs, *shares)
    clock = Clock()
    result = run_publish(open_work(work), gates, allow_empty=allow_empty, overwrite=overwrite)
    report_build(result, clock, as_json=as_json, quiet=quiet)
    clock.say(quiet=quiet or as_json, verbose=verbose)
    if result.is_refused:
        raise typer.Exit(1)


def _run(
    run: "Callable[[Work, int, Progress | None], TaskResult]",
    work: str,
    number: int,
    progress_mode: str,
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Run one task, and say what became of it."""
    from botcoin_dpo.stages.work import open_work

    with show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock:
        result = run(open_work(work), number, clock)
    if as_json:
        write_json(result.as_json() | clock.as_json())
    elif not quiet:
        what = "was done before" if result.was_done else "done"
        write_lines([f"{result.stage} {result.number:,} of {result.total:,}: {what}"])
    clock.say(quiet=quiet or as_json, verbose=verbose)
