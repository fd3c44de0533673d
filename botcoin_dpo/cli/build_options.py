"""Options of a build that stages of one have as well, spelled once."""

from typing import Annotated

import typer

from botcoin_dpo.cli.completion import strategies
from botcoin_dpo.errors import UsageError

Pairs = Annotated[
    list[str] | None,
    typer.Option(
        help="Pairing strategy: sequential, bookend, exhaustive or cross_session. Repeatable, "
        "also as a comma list.  [default: sequential]",
        show_default=False,
        metavar="STRATEGY",
        autocompletion=strategies,
    ),
]
Splits = Annotated[
    str,
    typer.Option(
        help="Shares of train, validation and test; a document is in one split only.",
        metavar="A,B,C",
    ),
]
MaxPerPrompt = Annotated[
    int | None,
    typer.Option(
        help="Most pairs per challenge and strategy, by as many miners, then models, as there "
        "are.  [default: 3 for cross_session, all for others]",
        min=1,
        show_default=False,
        metavar="N",
    ),
]
ShardMb = Annotated[float, typer.Option(help="Largest shard, in 10^6 bytes.", metavar="MB")]
MaxRecordMb = Annotated[
    float, typer.Option(help="Quarantine larger records, in 10^6 bytes.", metavar="MB")
]
AllowUnsafeText = Annotated[
    bool,
    typer.Option(
        "--allow-unsafe-text",
        help="Keep attempts with unsafe text, for inspection. Exports drop them.",
    ),
]
Audit = Annotated[bool, typer.Option("--audit", help="Add audit findings to each row.")]
Attempts = Annotated[
    bool,
    typer.Option(
        "--attempts", help="Write every usable attempt and its challenge beside the pairs."
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Publish nothing and exit 1 if any record is quarantined."),
]
MinPairs = Annotated[
    int,
    typer.Option(help="Publish nothing and exit 1 if there are fewer pairs.", min=0, metavar="N"),
]
MaxQuarantined = Annotated[
    str | None,
    typer.Option(
        help="Publish nothing and exit 1 if a larger share of records is quarantined, or of "
        "log files damaged: 2% or 0.02.",
        show_default=False,
        metavar="SHARE",
    ),
]
MaxShrink = Annotated[
    str | None,
    typer.Option(
        help="Publish nothing and exit 1 if a larger share of the previous build's pairs is lost.",
        show_default=False,
        metavar="SHARE",
    ),
]
AllowEmpty = Annotated[
    bool, typer.Option("--allow-empty", help="Publish even if the logs hold no attempt.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the previous build.")]


def share_of(text: str | None, option: str) -> float | None:
    """Return the share that an option gives, None without it."""
    from botcoin_dpo.building.gates import parse_share

    return None if text is None else parse_share(text, option)


def shares_of(text: str) -> list[float]:
    """Return the shares of the splits."""
    try:
        return [float(share) for share in text.split(",")]
    except ValueError as error:
        raise UsageError(f"--splits {text}: give three numbers, such as 0.9,0.05,0.05") from error
