"""Statistics in the terminal."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.constraints.kinds import in_order
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.rows.constraint_flips import FLIP_NAMES
from botcoin_dpo.statistics.dataset_statistics import DISTRIBUTIONS, DatasetStatistics
from botcoin_dpo.statistics.hidden_counts import HiddenCounts
from botcoin_dpo.statistics.log_statistics import LogStatistics, PassRates
from botcoin_dpo.terminal.audit_view import signals_table
from botcoin_dpo.terminal.funnel_view import quarantine_table, records_table
from botcoin_dpo.terminal.tables import make_table, spark_line

_LINES = 20
"""Most lines of a table by name; `--json` has them all."""


def stats_view(statistics: DatasetStatistics | LogStatistics) -> Iterator[RenderableType]:
    """Yield what to print."""
    if isinstance(statistics, LogStatistics):
        yield from _log_view(statistics)
    elif not statistics.rows:
        yield Text("no rows")
    else:
        yield from _dataset_view(statistics)


def _dataset_view(statistics: DatasetStatistics) -> Iterator[RenderableType]:
    rows = [
        (name, *(tally.counts[split] for split in SPLITS), tally.counts.total())
        for name, tally in sorted(statistics.by_split.items())
    ]
    yield make_table("Pairs", ("", *SPLITS, "rows"), rows)
    yield _tally_table("Domains", statistics.by_domain, "rows")
    yield _tally_table("Models", statistics.by_model, "rows")
    yield make_table(
        "Constraints: how often the rejected side failed, and what became of it",
        ("kind", "failed", "to pass", "to fail", "stayed pass", "stayed fail"),
        [
            (
                kind,
                counts["flipped_to_pass"] + counts["stayed_fail"],
                *(counts[name] for name in FLIP_NAMES.values()),
            )
            for kind in in_order(statistics.constraints)
            for counts in [statistics.constraints[kind].counts]
        ],
    )
    columns = ("min", "p25", "median", "p75", "p95", "max")
    yield make_table(
        "Distributions",
        ("", "", *columns),
        [
            (label, spark_line(numbers["histogram"]), *(numbers[column] for column in columns))
            for name, label in DISTRIBUTIONS.items()
            if (numbers := statistics.distributions[name].as_json())
        ],
        words=2,
    )
    yield _tally_table("Acceptance path", statistics.acceptance_paths, "rows")
    yield _tally_table("Why chosen is better", statistics.improvement_bases, "rows")
    touched = [
        (side, tally.counts["trap"], tally.counts["truth"])
        for side, tally in sorted(statistics.paragraphs_touched.items())
    ]
    yield make_table("Traces that cite a marked paragraph", ("side", "trap", "truth"), touched)
    yield from _hidden_view(statistics.hidden_text)
    if statistics.audited:
        yield _tally_table("Audit: recorded outcomes", statistics.audit_verdicts, "constraints")
        yield _tally_table("Audit: found in rows", statistics.audit_flags, "rows")
        yield signals_table(statistics.audit_signals, statistics.audited)


def _log_view(statistics: LogStatistics) -> Iterator[RenderableType]:
    funnel = statistics.funnel
    assert funnel is not None
    yield records_table(funnel)
    yield _rates_table("By attempt index", statistics.by_index)
    yield _rates_table("By domain", statistics.by_domain)
    yield _rates_table("By model", statistics.by_model)
    yield _tally_table("Sessions", statistics.sessions, "sessions")
    yield make_table("Would pair", ("strategy", "pairs"), statistics.would_pair.items())
    yield from _hidden_view(statistics.hidden_text)
    if funnel.quarantined:
        yield quarantine_table(funnel)


def _hidden_view(hidden: HiddenCounts) -> Iterator[RenderableType]:
    """Yield how many texts have hidden characters, and of which classes, where there are some."""
    if not hidden.holders.total():
        return
    where = ", ".join(f"{count:,} {holder}" for holder, count in hidden.holders.items())
    rows = [(name, count) for name, count in hidden.characters.items() if count]
    yield make_table(f"Hidden characters, in {where}", ("class", "characters"), rows)


def _tally_table(title: str, tally: Tally, unit: str) -> RenderableType:
    rows = list(tally.as_json().items())
    return make_table(_headed(title, rows), ("", unit), rows[:_LINES])


def _rates_table(title: str, rates: PassRates) -> RenderableType:
    rows = [
        (name, numbers["attempts"], numbers["passed"], numbers["credited"], numbers["pass_rate"])
        for name, numbers in rates.as_json().items()
    ]
    columns = ("", "attempts", "passed", "credited", "pass rate")
    return make_table(_headed(title, rows), columns, rows[:_LINES])


def _headed(title: str, rows: Sequence[object]) -> str:
    return title if len(rows) <= _LINES else f"{title} (first {_LINES} of {len(rows):,})"
