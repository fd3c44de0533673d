"""`botcoin-dpo simulate`."""

from typing import Annotated, cast

import typer

from botcoin_dpo.cli.completion import context_places, log_formats
from botcoin_dpo.cli.completion import domains as domain_names
from botcoin_dpo.cli.options import AsJson, ProgressMode, Quiet, Verbose, each_of
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import write_json, write_result

EXAMPLE = "Example:  botcoin-dpo simulate logs --challenges 20 --noise 0.05"


def command(
    out: Annotated[
        str,
        typer.Argument(
            help="Log folder to make. OUT.expected.json, beside it, lists what a build must find.",
            metavar="OUT",
        ),
    ],
    challenges: Annotated[
        int, typer.Option(help="Number of challenges; several miners try each.", min=1, metavar="N")
    ] = 100,
    seed: Annotated[int, typer.Option(help="Random seed.", metavar="N")] = 0,
    domains: Annotated[
        list[str] | None,
        typer.Option(
            help="Topic of the challenges, such as companies; an unknown name lists all topics. "
            "Repeatable, also as a comma list.  [default: all in turn]",
            show_default=False,
            metavar="DOMAIN",
            autocompletion=domain_names,
        ),
    ] = None,
    miners: Annotated[int, typer.Option(help="Number of miners.", min=1, metavar="N")] = 12,
    files: Annotated[int, typer.Option(help="Number of log files.", min=1, metavar="N")] = 8,
    log_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="jsonl, jsonl.gz, jsonl.zst, or mixed for all in turn.",
            metavar="FORMAT",
            autocompletion=log_formats,
        ),
    ] = "jsonl",
    context: Annotated[
        str,
        typer.Option(
            help="Where documents are: inline in every attempt, separate in challenge records, or "
            "mixed.",
            metavar="WHERE",
            autocompletion=context_places,
        ),
    ] = "inline",
    noise: Annotated[
        float,
        typer.Option(
            help="Share of lines to damage; OUT.expected.json lists each.",
            metavar="SHARE",
        ),
    ] = 0.0,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the previous simulated logs.")
    ] = False,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write realistic attempt logs: challenges, solvers, errors and retries."""
    from botcoin_dpo.simulation.log_files import LogFormat
    from botcoin_dpo.simulation.simulation import ContextPlace
    from botcoin_dpo.simulation.simulator import simulate

    with show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock:
        result = simulate(
            out,
            challenges=challenges,
            seed=seed,
            domains=each_of(domains) or None,
            miners=miners,
            files=files,
            format=cast(LogFormat, log_format),
            context=cast(ContextPlace, context),
            noise=noise,
            overwrite=overwrite,
            progress=clock,
        )
    if as_json:
        write_json(result.as_json() | clock.as_json())
    elif not quiet:
        from botcoin_dpo.terminal.simulation_view import simulation_view

        write_result(*simulation_view(result))
    clock.say(quiet=quiet or as_json, verbose=verbose)
