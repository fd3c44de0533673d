"""`botcoin-dpo stats`."""

from typing import Annotated

import typer

from botcoin_dpo.cli.engine import Address, EngineName, open_engine
from botcoin_dpo.cli.options import AsJson, ProgressMode, Quiet, Verbose, Workers
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import write_json, write_result

EXAMPLE = "Example:  botcoin-dpo stats out"


def command(
    path: Annotated[
        str,
        typer.Argument(
            help="A built folder, a file of rows, or attempt logs, also by URL; recognised by "
            "content.",
            metavar="PATH",
        ),
    ] = "out",
    workers: Workers = None,
    engine_name: EngineName = "processes",
    address: Address = None,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show statistics of a dataset or of attempt logs."""
    from botcoin_dpo.statistics.stats import stats

    with (
        open_engine(engine_name, address, workers) as (engine, used_workers),
        show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock,
    ):
        statistics = stats(path, workers=used_workers, engine=engine, progress=clock)
    if as_json:
        write_json(statistics.as_json() | clock.as_json())
    elif not quiet:
        from botcoin_dpo.terminal.stats_view import stats_view

        write_result(*stats_view(statistics))
    clock.say(quiet=quiet or as_json, verbose=verbose, workers=used_workers)
