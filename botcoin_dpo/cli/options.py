"""Options that several subcommands have, spelled once."""

from typing import Annotated

import typer

from botcoin_dpo.cli.streams import PROGRESS_HELP

Workers = Annotated[
    int | None,
    typer.Option(
        help="Processes that share the work.  [default: the CPUs this process may use]",
        min=1,
        show_default=False,
        metavar="N",
    ),
]
DropIf = Annotated[
    list[str] | None,
    typer.Option(
        help="Drop pairs that an audit finds this in: a rule, or contradicted or suspicious for "
        "all rules of that level; repeatable.",
        show_default=False,
        metavar="RULE",
    ),
]
ProgressMode = Annotated[str, typer.Option("--progress", help=PROGRESS_HELP, metavar="MODE")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
