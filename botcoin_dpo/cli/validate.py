"""`botcoin-dpo validate`."""

import sys
from typing import Annotated

import typer

from botcoin_dpo.cli.options import AsJson, ProgressMode, Quiet, Verbose, Workers
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import (
    write_error,
    write_json,
    write_lines,
    write_result,
)

EXAMPLE = "Example:  botcoin-dpo validate out"


def command(
    path: Annotated[
        str,
        typer.Argument(
            help="A built or exported folder, a .jsonl or .json file of rows, or - for standard "
            "input.",
            metavar="PATH",
        ),
    ],
    max_errors: Annotated[
        int,
        typer.Option(help="Most findings to list; all are counted.", min=0, metavar="N"),
    ] = 100,
    workers: Workers = None,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Check rows against the schema, each other and the manifest; exit 1 on findings.

    Documents that are nearly equal to one of another split are a warning. Comparing them needs the
    extra `duplicates`.
    """
    from botcoin_dpo.engines.resources import usable_cpus
    from botcoin_dpo.validation.validate import validate

    workers = workers or usable_cpus()
    with show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock:
        result = validate(path, max_errors=max_errors, workers=workers, progress=clock)
    if result.near_duplicates is not None and result.near_duplicates.warning is not None:
        write_error(f"warning: {result.near_duplicates.warning}")
    if as_json:
        write_json(result.as_json() | clock.as_json())
    elif not (quiet and result.is_valid):
        if sys.stdout.isatty():
            from botcoin_dpo.terminal.findings_view import findings_view

            write_result(*findings_view(result))
        else:
            from botcoin_dpo.terminal.findings_lines import findings_lines

            write_lines(findings_lines(result))
    clock.say(quiet=quiet or as_json, verbose=verbose, workers=workers)
    if not result.is_valid:
        raise typer.Exit(1)
