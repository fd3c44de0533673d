"""`botcoin-dpo show`."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from botcoin_dpo.cli.completion import kinds, orders, rules
from botcoin_dpo.cli.new_folders import telling_of_new_folders
from botcoin_dpo.cli.options import AsJson, ProgressMode, Verbose, Workers
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import write_error, write_json, write_paged
from botcoin_dpo.errors import InputError, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from botcoin_dpo.files.remote_path import RemotePath
    from botcoin_dpo.viewing.catalogue import Order

EXAMPLE = "Example:  botcoin-dpo show out 1 --document"


def command(
    build: Annotated[
        str,
        typer.Argument(help="A built folder or a file of rows.", metavar="BUILD"),
    ] = "out",
    pair: Annotated[
        str | None,
        typer.Argument(
            help="Pair to show: its number, or the start of its id (6 digits or more), its "
            "challenge id or a record id. Without it, pairs are listed.",
            metavar="PAIR",
            show_default=False,
        ),
    ] = None,
    domain: Annotated[
        str | None, typer.Option(help="Only list pairs of this domain.", metavar="NAME")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Only list pairs of this model.", metavar="NAME")
    ] = None,
    flipped: Annotated[
        str | None,
        typer.Option(
            help="Only list pairs that repaired a constraint of this kind.",
            metavar="KIND",
            autocompletion=kinds,
        ),
    ] = None,
    flag: Annotated[
        str | None,
        typer.Option(
            help="Only list pairs in which the build's audit found something: by this rule, or by "
            "one of this level (contradicted, suspicious).",
            metavar="RULE",
            autocompletion=rules,
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            help="Order of the list: revision-time (fastest first), gain or similarity (largest "
            "first).",
            metavar="ORDER",
            autocompletion=orders,
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option(help="Most pairs to list.", min=1, max=10**9, metavar="N")
    ] = 20,
    document: Annotated[
        bool,
        typer.Option("--document", help="Show the document, with the citations of both sides."),
    ] = False,
    context: Annotated[
        int, typer.Option(help="Unchanged steps to show around changed ones.", min=0, metavar="N")
    ] = 2,
    all_steps: Annotated[bool, typer.Option("--all-steps", help="Show all steps.")] = False,
    svg: Annotated[
        str | None,
        typer.Option(help="Also write the pair as a picture.", metavar="FILE", show_default=False),
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Do not use a pager.")] = False,
    workers: Workers = None,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show what changed between the two attempts of a pair, or list pairs."""
    from botcoin_dpo.engines.resources import usable_cpus
    from botcoin_dpo.files.local_paths import input_place, output_path
    from botcoin_dpo.viewing.show import NoSuchPairError, PairList, show

    picture = None if svg is None else output_path(svg, "--svg")
    is_named = build in ("out", "-") or _is_there(input_place(build, "BUILD"))
    given = build
    if pair is None and not is_named and Path("out").is_dir():
        build, pair = "out", build  # `show 3`
    if pair is None and picture is not None:
        raise UsageError("--svg: a picture is of one pair; name one")
    workers = workers or usable_cpus()
    with show_progress(progress_mode, is_wanted=not as_json) as clock:
        try:
            shown = show(
                build,
                pair,
                domain=domain,
                model=model,
                flipped=flipped,
                flag=flag,
                sort=cast("Order | None", sort),
                limit=limit,
                workers=workers,
                progress=clock,
            )
        except NoSuchPairError as error:
            if pair != given or given.isdigit():
                raise
            raise InputError(
                f"{given}: no such file or folder, and out has no pair of this number or id; "
                "name a built folder, or list the pairs with botcoin-dpo show"
            ) from error
    view: RenderableType
    if isinstance(shown, PairList):
        from botcoin_dpo.terminal.pair_list_view import PairListView

        if shown.advice is not None:
            write_error(shown.advice)
        view = PairListView(shown)
    else:
        from botcoin_dpo.terminal.pair_view import PairView

        view = PairView(shown, None if all_steps else context, document)
        if picture is not None:
            from botcoin_dpo.terminal.svg import write_svg

            with telling_of_new_folders(svg):
                write_svg(replace(view, is_wrapped=True), picture)
    if as_json:
        write_json(shown.as_json() | clock.as_json())
    else:
        write_paged(view, is_paged=not no_pager)
    clock.say(quiet=True, verbose=verbose, workers=workers)


def _is_there(place: "Path | RemotePath") -> bool:
    """Return whether this names a dataset, not a pair: a URL does."""
    return not isinstance(place, Path) or os.path.lexists(place)
