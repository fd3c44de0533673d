"""Options that several subcommands have, spelled once."""

from collections.abc import Sequence
from typing import Annotated

import typer

from botcoin_dpo.cli.completion import conditions, progress_modes

Workers = Annotated[
    int | None,
    typer.Option(
        help="Worker processes.  [default: the CPUs this process may use]",
        min=1,
        show_default=False,
        metavar="N",
        envvar="BOTCOIN_DPO_WORKERS",
    ),
]
DropIf = Annotated[
    list[str] | None,
    typer.Option(
        help="Drop pairs that meet this: an audit rule or level, SIDE:VERDICT, SIDE:GROUND, "
        "SIDE:RULE, SIDE:suspicious or a bound on a signal (contradicted, chosen:suspicious, "
        "chosen:own_reading, edit_similarity:gt:0.95, 'constraint_gain<2'). Repeatable, also as a "
        "comma list.",
        show_default=False,
        metavar="CONDITION",
        autocompletion=conditions,
    ),
]
KeepIf = Annotated[
    list[str] | None,
    typer.Option(
        help="Drop pairs that do not meet this, written as for --drop-if. Repeatable, also "
        "as a comma list.",
        show_default=False,
        metavar="CONDITION",
        autocompletion=conditions,
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
ProgressMode = Annotated[
    str,
    typer.Option(
        "--progress",
        help="Progress: auto (a bar on terminals), plain (a line every few seconds) or none.",
        metavar="MODE",
        envvar="BOTCOIN_DPO_PROGRESS",
        autocompletion=progress_modes,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Print on standard error how long each stage took, and with what."
    ),
]


def each_of(given: Sequence[str] | None) -> list[str]:
    """Return the values of an option that may be repeated, each of which may be a comma list."""
    return [value.strip() for values in given or () for value in values.split(",")]
