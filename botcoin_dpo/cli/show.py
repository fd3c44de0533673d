"""`botcoin-dpo show`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from botcoin_dpo.cli.options import AsJson, ProgressMode, Workers
from botcoin_dpo.cli.streams import show_progress, write_error, write_json, write_paged
from botcoin_dpo.errors import InputError, UsageError, choice_of

EXAMPLE = "Example:  botcoin-dpo show out 1 --document"

_MOST_NAMED = 20


def command(
    build: Annotated[
        str,
        typer.Argument(help="A built folder or a file of rows.", metavar="BUILD"),
    ] = "out",
    pair: Annotated[
        str | None,
        typer.Argument(
            help="Pair to show: its number, or the start of its challenge id or a record id. "
            "Without it, pairs are listed.",
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
            help="Only list pairs that repaired a constraint of this kind.", metavar="KIND"
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            help="Order of the list: revision-time (fastest first), gain or similarity (largest "
            "first).",
            metavar="ORDER",
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
) -> None:
    """Show what changed between the two attempts of a pair, or list pairs."""
    from botcoin_dpo.constraints.kinds import KIND_NAMES
    from botcoin_dpo.engines.resources import usable_cpus
    from botcoin_dpo.files.local_paths import input_path, output_path
    from botcoin_dpo.viewing.catalogue import ORDERS, Filters, open_catalogue
    from botcoin_dpo.viewing.pair_page import make_pair_page

    picture = None if svg is None else output_path(svg, "--svg")
    is_named = build in ("out", "-") or os.path.lexists(input_path(build, "BUILD"))
    if pair is None and not is_named and Path("out").is_dir():
        build, pair = "out", build  # `show 3`
    order = None if sort is None else choice_of("--sort", sort, ORDERS, "no such order")
    if flipped is not None:
        choice_of("--flipped", flipped, KIND_NAMES, "no such kind")
    if pair is not None and (domain or model or flipped or sort):
        raise UsageError("--domain, --model, --flipped and --sort are for lists; leave PAIR out")
    if pair is None and svg is not None:
        raise UsageError("--svg: a picture is of one pair; name one")
    if pair == "":
        raise UsageError("PAIR is empty; name a number, or how an id starts")
    with (
        show_progress(progress_mode, is_wanted=not as_json) as progress,
        open_catalogue(build, workers=workers or usable_cpus(), progress=progress) as pairs,
    ):
        total = len(pairs)
        if pair is None:
            count, listed = pairs.select(Filters(domain, model, flipped), order, limit)
            if not count and (domain or model):
                names = pairs.names("domain" if domain else "model", _MOST_NAMED)
                noun = "domains" if domain else "models"
                write_error(f"no pair fits; {noun}: {', '.join(names) or 'none'}")
        else:
            count, listed = pairs.find(pair, _MOST_NAMED)
            if not listed:
                raise InputError(f"{build}: has no pair {pair}; it has {total:,}, from 1 on")
        rows = [pairs.row(listed[0].number)] if pair is not None and count == 1 else []
    if rows:
        from botcoin_dpo.terminal.pair_view import PairView

        page = make_pair_page(rows[0], listed[0].number)
        view = PairView(page, None if all_steps else context, document)
        if picture is not None:
            from botcoin_dpo.terminal.svg import write_svg

            write_svg(view, picture)
        if as_json:
            write_json(page.as_json())
        else:
            write_paged(view, is_paged=not no_pager)
        return
    from botcoin_dpo.terminal.pair_list_view import PairList

    pair_list = PairList(build, listed, count, total)
    if as_json:
        write_json(pair_list.as_json())
    else:
        write_paged(pair_list, is_paged=not no_pager)
