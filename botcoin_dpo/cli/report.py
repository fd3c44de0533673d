"""`botcoin-dpo report`."""

from typing import Annotated

import typer

from botcoin_dpo.cli.new_folders import telling_of_new_folders
from botcoin_dpo.cli.options import AsJson, ProgressMode, Quiet, Verbose, Workers
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import write_json, write_lines

EXAMPLE = "Example:  botcoin-dpo report out -o report.html --open"


def command(
    build: Annotated[
        str, typer.Argument(help="A built folder or a file of rows.", metavar="BUILD")
    ] = "out",
    out: Annotated[
        str, typer.Option("--out", "-o", help="HTML file to write.", metavar="FILE")
    ] = "report.html",
    pairs: Annotated[
        int, typer.Option(help="Number of pairs to embed, sampled evenly.", metavar="N")
    ] = 200,
    is_opened: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    workers: Workers = None,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write a dataset as one HTML page: charts, warnings, and pairs to look at."""
    from botcoin_dpo.engines.resources import usable_cpus
    from botcoin_dpo.files.named_files import real_path
    from botcoin_dpo.html_report.reporter import report

    workers = workers or usable_cpus()
    with (
        telling_of_new_folders(None if quiet else out),
        show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock,
    ):
        result = report(build, out, pairs=pairs, workers=workers, progress=clock)
    if as_json:
        write_json(result.as_json() | clock.as_json())
    elif not quiet:
        megabytes = result.bytes / 10**6
        write_lines(
            [
                f"{result.out}: {result.rows:,} rows, {result.pairs:,} pairs to look at, "
                f"{megabytes:.1f} MB",
                *(f"! {warning}" for warning in result.warnings),
                *(
                    [f"{result.left_out:,} more pairs are too large for one page"]
                    if result.left_out
                    else []
                ),
            ]
        )
    clock.say(quiet=quiet or as_json, verbose=verbose, workers=workers)
    if is_opened:
        typer.launch(real_path(result.out).as_uri())
