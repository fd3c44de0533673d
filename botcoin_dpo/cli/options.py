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
        help="Drop pairs with audit findings of this rule, or of this level (contradicted, "
        "suspicious). Repeatable.",
        show_default=False,
        metavar="RULE",
    ),
]
ProgressMode = Annotated[str, typer.Option("--progress", help=PROGRESS_HELP, metavar="MODE")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
