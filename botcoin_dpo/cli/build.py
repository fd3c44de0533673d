"""`botcoin-dpo build`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

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
from botcoin_dpo.cli.engine import Address, EngineName, open_engine
from botcoin_dpo.cli.next_steps import suggest_after_build
from botcoin_dpo.cli.options import (
    AsJson,
    DropIf,
    Exclude,
    KeepIf,
    ProgressMode,
    Quiet,
    Verbose,
    Workers,
    each_of,
)
from botcoin_dpo.cli.progress import Clock, show_progress
from botcoin_dpo.cli.streams import (
    write_error,
    write_json,
    write_result,
)

if TYPE_CHECKING:
    from botcoin_dpo.building.result import BuildResult
    from botcoin_dpo.files.input_file import LogFile
    from botcoin_dpo.sessions.unsafe_prompts import UnsafePrompts

_MOST_NAMED = 3
"""Large log files that are named one by one."""

EXAMPLE = "Example:  botcoin-dpo build sample_data/logs --out out --pairs sequential"


def command(
    logs: Annotated[
        list[str],
        typer.Argument(
            help="Log files or folders (.jsonl, .ndjson, .json, also .gz and .zst), also by URL "
            "(s3://BUCKET/LOGS), or - for JSON lines on standard input.",
            metavar="LOGS",
        ),
    ],
    out: Annotated[
        str,
        typer.Option("--out", "-o", help="Folder for the dataset, also by URL.", metavar="FOLDER"),
    ] = "out",
    pairs: Pairs = None,
    splits: Splits = "0.9,0.05,0.05",
    max_per_prompt: MaxPerPrompt = None,
    shard_mb: ShardMb = 500,
    max_record_mb: MaxRecordMb = 64,
    workers: Workers = None,
    engine_name: EngineName = "processes",
    address: Address = None,
    memory_mb: Annotated[
        float | None,
        typer.Option(
            help="Memory budget, in 10^6 bytes.  [default: a quarter of the available memory]",
            show_default=False,
            metavar="MB",
        ),
    ] = None,
    allow_unsafe_text: AllowUnsafeText = False,
    audit: Audit = False,
    drop_if: DropIf = None,
    keep_if: KeepIf = None,
    exclude: Exclude = None,
    attempts: Attempts = False,
    strict: Strict = False,
    min_pairs: MinPairs = 0,
    max_quarantined: MaxQuarantined = None,
    max_shrink: MaxShrink = None,
    allow_empty: AllowEmpty = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Replace the previous build, scanning only new or changed files."
        ),
    ] = False,
    overwrite: Overwrite = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and count everything, write nothing.")
    ] = False,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Build a dataset of preference pairs from attempt logs."""
    from botcoin_dpo.building.build import build

    with (
        open_engine(engine_name, address, workers) as (engine, used_workers),
        show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock,
    ):
        result = build(
            logs,
            out,
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
            strict=strict,
            min_pairs=min_pairs,
            max_quarantined=share_of(max_quarantined, "--max-quarantined"),
            max_shrink=share_of(max_shrink, "--max-shrink"),
            allow_empty=allow_empty,
            overwrite=overwrite,
            update=update,
            dry_run=dry_run,
            workers=used_workers,
            engine=engine,
            memory_mb=memory_mb,
            progress=clock,
        )
    report_build(result, clock, as_json=as_json, quiet=quiet)
    clock.say(quiet=quiet or as_json, verbose=verbose, workers=used_workers)
    if not (quiet or as_json):
        suggest_after_build(result)
    if result.is_refused:
        raise typer.Exit(1)


def report_build(result: "BuildResult", clock: Clock, *, as_json: bool, quiet: bool) -> None:
    """Print what a build did, and what is to be warned of."""
    if as_json:
        write_json(result.as_json() | clock.as_json())
    elif not quiet:
        from botcoin_dpo.terminal.funnel_view import funnel_view

        write_result(*funnel_view(result))
    for refusal in result.refusals:
        if refusal.gate == "strict":
            _list_quarantined(result)
        write_error(f"error: {refusal.message}")
    if result.advice and not quiet:
        write_error(f"warning: no pairs: {result.advice}")
    if not quiet:
        _warn_of_unsafe_prompts(result.unsafe_prompts)
        warn_of_large_files(result.large_files)


def _warn_of_unsafe_prompts(prompts: "UnsafePrompts") -> None:
    for prompt in prompts.first:
        write_error(
            f"warning: challenge {prompt.challenge_id}: {prompt.detail}; "
            f"quarantined with its attempts, {prompt.attempts:,} in all"
        )
    hidden = prompts.challenges - len(prompts.first)
    if hidden:
        write_error(f"warning: {hidden:,} more challenges are quarantined for an unsafe prompt")


def warn_of_large_files(files: Sequence["LogFile"]) -> None:
    """Warn of large log files that keep one process busy for long."""
    from botcoin_dpo.files.input_file import display_name

    for file in files[:_MOST_NAMED]:
        name, size = display_name(file.path or file.name), file.size / 10**9
        write_error(
            f"warning: {name}: {size:,.1f} GB that cannot be divided, so one process scans it all; "
            "write several smaller files, or JSON lines that are not compressed"
        )
    if len(files) > _MOST_NAMED:
        write_error(f"warning: {len(files) - _MOST_NAMED:,} more such files")


def _list_quarantined(result: "BuildResult") -> None:
    for entry in result.first_quarantined:
        file = str(entry["file"])  # as the quarantine names it: from the log argument on
        where = f"{result.places.get(file, file)}:{entry['line'] or '-'}"
        write_error(f"error: {where}: {entry['reason']}: {entry['detail']}")
    hidden = result.funnel.quarantined.total() - len(result.first_quarantined)
    if hidden:
        write_error(f"error: {hidden:,} more are not shown; a build without --strict lists all")
