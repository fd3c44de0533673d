"""Options that several subcommands have, spelled once."""

from typing import Annotated

import typer

from botcoin_dpo.cli.streams import PROGRESS_HELP

Workers = Annotated[
    int | None,
    typer.Option(
        help="Worker processes.  [default: the CPUs this process may use]",
        min=1,
        show_default=False,
        metavar="N",
    ),
]
DropIf = Annotated[
    list[str] | None,
    typer.Option(
        help="Drop pairs that meet this: an audit rule or level, SIDE:VERDICT, SIDE:GROUND or a "
        "bound on a signal (contradicted, chosen:own_reading, edit_similarity:gt:0.95, "
        "'constraint_gain<2'). Repeatable.",
        show_default=False,
        metavar="CONDITION",
    ),
]
KeepIf = Annotated[
    list[str] | None,
    typer.Option(
        help="Drop pairs that do not meet this, written as for --drop-if. Repeatable.",
        show_default=False,
        metavar="CONDITION",
    ),
]
Exclude = Annotated[
    str | None,
    typer.Option(
        help="Drop the pairs whose ids this file lists, one a line.",
        show_default=False,
        metavar="FILE",
    ),
]
ProgressMode = Annotated[str, typer.Option("--progress", help=PROGRESS_HELP, metavar="MODE")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
