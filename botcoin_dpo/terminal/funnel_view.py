"""A build's result in the terminal: the funnel, from files to rows, every record in it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.dataset.quarantine import QUARANTINE
from botcoin_dpo.terminal.tables import make_table

if TYPE_CHECKING:  # `stats` draws funnels, too, and builds nothing
    from botcoin_dpo.building.build import BuildResult
    from botcoin_dpo.building.funnel import Funnel


def funnel_view(result: "BuildResult") -> Iterator[RenderableType]:
    """Yield what to print after a build."""
    funnel = result.funnel
    yield records_table(funnel)
    if funnel.rows:
        rows = [
            (kind, *(splits.get(split, 0) for split in SPLITS), sum(splits.values()))
            for kind, splits in funnel.pairs.items()
        ]
        yield make_table("Pairs", ("", *SPLITS, "rows"), rows)
    if result.facts is not None:
        counts = (f"{written.objects:,} {kind}" for kind, written in result.facts.items())
        yield Text(f"beside them {' and '.join(counts)}")
    if funnel.dropped:
        yield make_table("Pairs dropped", ("reason", "pairs"), funnel.dropped.most_common())
    if funnel.quarantined:
        where = f", listed in {result.out / QUARANTINE}" if result.out else ""
        yield quarantine_table(funnel, f"Quarantined{sanitize_line(where)}")
    if result.out is not None:
        yield Text(f"published {sanitize_line(str(result.out))}")
    elif not result.is_refused:
        yield Text("dry run: nothing was published")


def records_table(funnel: "Funnel") -> RenderableType:
    """Return the table of files, records and sessions; what is indented adds up."""
    attempts, challenges = funnel.attempts, funnel.challenges
    rows = [
        ("log files", funnel.files_read),
        *((f"  skipped: {reason}", n) for reason, n in sorted(funnel.files_skipped.items())),
        ("records", funnel.records),
        ("  not recognised", funnel.not_recognised),
        ("  challenge records", challenges.total),
        ("    used", challenges.used),
        ("    unused", challenges.unused),
        ("    duplicates", challenges.duplicates),
        ("    quarantined", challenges.quarantined),
        ("  attempts", attempts.total),
        ("    duplicates", attempts.duplicates),
        ("    quarantined", attempts.quarantined),
        ("    usable", attempts.usable),
        ("sessions", funnel.sessions),
        ("  with a credited pass", funnel.credited_sessions),
    ]
    return make_table("From records to pairs", ("", ""), rows)


def quarantine_table(funnel: "Funnel", title: str = "Quarantined") -> RenderableType:
    """Return the table of reasons."""
    rows = sorted(funnel.quarantined.items(), key=lambda item: (-item[1], item[0]))
    return make_table(title, ("reason", "entries"), rows)
