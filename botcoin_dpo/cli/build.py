"""`botcoin-dpo build`."""

from typing import TYPE_CHECKING, Annotated

import typer

from botcoin_dpo.cli.completion import strategies
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
from botcoin_dpo.errors import UsageError

if TYPE_CHECKING:
    from botcoin_dpo.building.build import BuildResult
    from botcoin_dpo.sessions.unsafe_prompts import UnsafePrompts

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
    pairs: Annotated[
        list[str] | None,
        typer.Option(
            help="Pairing strategy: sequential, bookend, exhaustive or cross_session. Repeatable, "
            "also as a comma list.  [default: sequential]",
            show_default=False,
            metavar="STRATEGY",
            autocompletion=strategies,
        ),
    ] = None,
    splits: Annotated[
        str,
        typer.Option(
            help="Shares of train, validation and test; a document is in one split only.",
            metavar="A,B,C",
        ),
    ] = "0.9,0.05,0.05",
    max_per_prompt: Annotated[
        int | None,
        typer.Option(
            help="Most pairs per challenge and strategy, by as many miners, then models, as there "
            "are.  [default: 3 for cross_session, all for others]",
            min=1,
            show_default=False,
            metavar="N",
        ),
    ] = None,
    shard_mb: Annotated[
        float, typer.Option(help="Largest shard, in 10^6 bytes.", metavar="MB")
    ] = 500,
    max_record_mb: Annotated[
        float, typer.Option(help="Quarantine larger records, in 10^6 bytes.", metavar="MB")
    ] = 64,
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
    allow_unsafe_text: Annotated[
        bool,
        typer.Option(
            "--allow-unsafe-text",
            help="Keep attempts with unsafe text, for inspection. Exports drop them.",
        ),
    ] = False,
    audit: Annotated[bool, typer.Option("--audit", help="Add audit findings to each row.")] = False,
    drop_if: DropIf = None,
    keep_if: KeepIf = None,
    exclude: Exclude = None,
    attempts: Annotated[
        bool,
        typer.Option(
            "--attempts", help="Write every usable attempt and its challenge beside the pairs."
        ),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Publish nothing and exit 1 if any record is quarantined."),
    ] = False,
    min_pairs: Annotated[
        int,
        typer.Option(
            help="Publish nothing and exit 1 if there are fewer pairs.", min=0, metavar="N"
        ),
    ] = 0,
    max_quarantined: Annotated[
        str | None,
        typer.Option(
            help="Publish nothing and exit 1 if a larger share of records is quarantined, or of "
            "log files damaged: 2% or 0.02.",
            show_default=False,
            metavar="SHARE",
        ),
    ] = None,
    max_shrink: Annotated[
        str | None,
        typer.Option(
            help="Publish nothing and exit 1 if a larger share of the previous build's pairs is "
            "lost.",
            show_default=False,
            metavar="SHARE",
        ),
    ] = None,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Publish even if the logs hold no attempt.")
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Replace the previous build, scanning only new or changed files."
        ),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the previous build.")
    ] = False,
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
            splits=_shares(splits),
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
            max_quarantined=_share(max_quarantined, "--max-quarantined"),
            max_shrink=_share(max_shrink, "--max-shrink"),
            allow_empty=allow_empty,
            overwrite=overwrite,
            update=update,
            dry_run=dry_run,
            workers=used_workers,
            engine=engine,
            memory_mb=memory_mb,
            progress=clock,
        )
    _report(result, clock, as_json=as_json, quiet=quiet)
    clock.say(quiet=quiet or as_json, verbose=verbose, workers=used_workers)
    if not (quiet or as_json):
        suggest_after_build(result)
    if result.is_refused:
        raise typer.Exit(1)


def _report(result: "BuildResult", clock: Clock, *, as_json: bool, quiet: bool) -> None:
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


def _warn_of_unsafe_prompts(prompts: "UnsafePrompts") -> None:
    for prompt in prompts.first:
        write_error(
            f"warning: challenge {prompt.challenge_id}: {prompt.detail}; "
            f"quarantined with its attempts, {prompt.attempts:,} in all"
        )
    hidden = prompts.challenges - len(prompts.first)
    if hidden:
        write_error(f"warning: {hidden:,} more challenges are quarantined for an unsafe prompt")


def _list_quarantined(result: "BuildResult") -> None:
    for entry in result.first_quarantined:
        file = str(entry["file"])  # as the quarantine names it: from the log argument on
        where = f"{result.places.get(file, file)}:{entry['line'] or '-'}"
        write_error(f"error: {where}: {entry['reason']}: {entry['detail']}")
    hidden = result.funnel.quarantined.total() - len(result.first_quarantined)
    if hidden:
        write_error(f"error: {hidden:,} more are not shown; a build without --strict lists all")


def _share(text: str | None, option: str) -> float | None:
    from botcoin_dpo.building.gates import parse_share

    return None if text is None else parse_share(text, option)


def _shares(text: str) -> list[float]:
    try:
        return [float(share) for share in text.split(",")]
    except ValueError as error:
        raise UsageError(f"--splits {text}: give three numbers, such as 0.9,0.05,0.05") from error
