"""`botcoin-dpo report`."""

from contextlib import ExitStack
from typing import Annotated

import typer

from botcoin_dpo.cli.new_folders import telling_of_new_folders
from botcoin_dpo.cli.options import AsJson, ProgressMode, Quiet, Verbose, Workers
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import write_error, write_json, write_lines
from botcoin_dpo.errors import UsageError, count_of

_OUT, _PAIRS = "report.html", 200

EXAMPLE = "Example:  botcoin-dpo report out -o report.html --open"


def command(
    build: Annotated[
        str, typer.Argument(help="A built folder or a file of rows.", metavar="BUILD")
    ] = "out",
    out: Annotated[
        str, typer.Option("--out", "-o", help="HTML file to write.", metavar="FILE")
    ] = _OUT,
    pairs: Annotated[
        int, typer.Option(help="Number of pairs to embed, flagged ones first.", metavar="N")
    ] = _PAIRS,
    is_opened: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    is_served: Annotated[
        bool,
        typer.Option(
            "--serve",
            help="Write no file, but serve the page to this machine until Ctrl-C, with all pairs. "
            "For datasets that are too large for one page.",
        ),
    ] = False,
    port: Annotated[
        int,
        typer.Option(
            help="Port of 127.0.0.1 for --serve; 0 takes any that is free.",
            min=0,
            max=65_535,
            metavar="N",
        ),
    ] = 0,
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
    if is_served:
        if out != _OUT or pairs != _PAIRS or is_opened:
            raise UsageError(
                "--serve: --out, --pairs and --open are of a page in a file; leave them out"
            )
        _serve(build, port, workers, progress_mode, as_json=as_json, quiet=quiet, verbose=verbose)
        return
    if port:
        raise UsageError("--port: there is none without --serve")
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


def _serve(
    build: str,
    port: int,
    workers: int,
    mode: ProgressMode,
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Serve a page until a signal comes; its address is the result."""
    from botcoin_dpo.html_report.serving import open_server

    with ExitStack() as opened:
        with show_progress(mode, is_wanted=not (quiet or as_json)) as clock:
            server = opened.enter_context(open_server(build, port, workers=workers, progress=clock))
        rows = len(server.dataset.catalogue)
        if as_json:
            write_json({"address": server.address, "rows": rows} | clock.as_json())
        else:
            write_lines([server.address])
        clock.say(quiet=quiet or as_json, verbose=verbose, workers=workers)
        if not (as_json or quiet):
            write_error(f"{count_of(rows, 'pair')}, for this machine alone; Ctrl-C ends it")
        server.serve_forever()
