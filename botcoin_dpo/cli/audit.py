"""`botcoin-dpo audit`."""

from typing import Annotated

import typer

from botcoin_dpo.cli.completion import levels
from botcoin_dpo.cli.engine import Address, EngineName, open_engine
from botcoin_dpo.cli.new_folders import telling_of_new_folders
from botcoin_dpo.cli.next_steps import suggest_after_audit
from botcoin_dpo.cli.options import AsJson, ProgressMode, Quiet, Verbose, Workers
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import write_json, write_result
from botcoin_dpo.errors import choice_of

EXAMPLE = "Example:  botcoin-dpo audit sample_data/logs --fail-on contradicted"


def command(
    path: Annotated[
        str,
        typer.Argument(
            help="Attempt logs or a built folder. Logs allow more checks than rows.", metavar="PATH"
        ),
    ] = "out",
    fail_on: Annotated[
        str | None,
        typer.Option(
            help="Exit 1 on findings of this level: contradicted, or suspicious for both levels.",
            show_default=False,
            metavar="LEVEL",
            autocompletion=levels,
        ),
    ] = None,
    max_findings: Annotated[
        int,
        typer.Option(help="Most findings to list; all are counted.", min=0, metavar="N"),
    ] = 100,
    details: Annotated[
        str | None,
        typer.Option(
            help="Write every attempt of the logs with the verdict on each constraint and step, as "
            "JSON lines.",
            show_default=False,
            metavar="FILE",
        ),
    ] = None,
    workers: Workers = None,
    engine_name: EngineName = "processes",
    address: Address = None,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Re-check the labels, computations, citations and summaries that records claim."""
    from botcoin_dpo.auditing.auditor import audit
    from botcoin_dpo.contract.audit_rules import LEVELS

    level = None
    if fail_on is not None:
        level = choice_of("--fail-on", fail_on, LEVELS, "no such level")
    with (
        open_engine(engine_name, address, workers) as (engine, used_workers),
        telling_of_new_folders(None if quiet else details),
        show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock,
    ):
        result = audit(
            path,
            max_findings=max_findings,
            details=details,
            workers=used_workers,
            engine=engine,
            progress=clock,
        )
    if as_json:
        write_json(result.as_json() | clock.as_json())
    elif not quiet:
        from botcoin_dpo.terminal.audit_view import audit_view

        write_result(*audit_view(result))
    clock.say(quiet=quiet or as_json, verbose=verbose, workers=used_workers)
    if not (quiet or as_json):
        suggest_after_audit(path, result)
    if level is not None and result.fails(level):
        raise typer.Exit(1)
