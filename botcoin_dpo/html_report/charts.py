"""The charts of a dataset, in the order of the page."""

from typing import Any

from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.html_report.chart import MOST_NAMES, Chart, bars
from botcoin_dpo.html_report.checks import PairFilter, share
from botcoin_dpo.html_report.label_charts import (
    coverage,
    failures,
    findings,
    pass_rates,
    passing_attempts,
)
from botcoin_dpo.html_report.overview import Overview
from botcoin_dpo.html_report.pair_charts import length_gaps, revision_times, similarities

_BALANCED = 0.25
"""The same for pairs by name, where small differences mean nothing."""


def charts_of(
    overview: Overview, manifest: dict[str, Any] | None, attempts: dict[int, tuple[int, int]]
) -> list[Chart]:
    """Return the charts of a dataset; those that would tell nothing are left out.

    Args:
        overview: the numbers of the rows.
        manifest: of the build; None for a file of rows.
        attempts: passed and all usable attempts by index, where the build has them.
    """
    charts = [
        failures(overview), length_gaps(overview), coverage(overview), findings(overview),
        pass_rates(attempts), passing_attempts(overview, attempts), revision_times(overview),
        similarities(overview), _balance("domain", overview.statistics.by_domain),
        _balance("model", overview.statistics.by_model), _funnel(manifest), _losses(manifest),
    ]  # fmt: skip
    return [chart for chart in charts if chart is not None]


def _balance(noun: str, tally: Tally) -> Chart | None:
    counts = list(tally.as_json().items())
    if not counts:
        return None
    shown = counts[:MOST_NAMES]
    filters: list[PairFilter | None] = [
        PairFilter(domain=name) if noun == "domain" else PairFilter(model=name) for name, _ in shown
    ]
    if rest := sum(count for _, count in counts[MOST_NAMES:]):
        shown = [*shown, (f"{len(counts) - MOST_NAMES:,} others", rest)]
    answer = f"{shown[0][0]} has {share(shown[0][1], sum(count for _, count in counts))}."
    return bars(
        f"Which {noun}s are the pairs of?", answer, (noun, "pairs"), shown, filters, _BALANCED
    )


def _funnel(manifest: dict[str, Any] | None) -> Chart | None:
    if manifest is None:
        return None
    funnel = manifest["funnel"]
    attempts, sessions = funnel["attempts"], funnel["sessions"]
    pairs = sum(count for splits in funnel["pairs"].values() for count in splits.values())
    stages = [
        ("records read", funnel["records"]),
        ("attempts among them", attempts["total"]),
        ("attempts, each once, usable", attempts["surviving"]),
        ("sessions", sessions["total"]),
        ("sessions with a credited pass", sessions["credited"]),
        ("pairs", pairs),
    ]
    answer = (
        f"{attempts['surviving']:,} of {attempts['total']:,} attempts are usable, and "
        f"{sessions['credited']:,} of {sessions['total']:,} sessions have a credited pass."
    )
    return bars("What became of the records?", answer, ("stage", "count"), stages)


def _losses(manifest: dict[str, Any] | None) -> Chart | None:
    if manifest is None:
        return None
    funnel = manifest["funnel"]
    found = [(f"quarantined: {name}", count) for name, count in funnel["set_aside"].items()]
    found += [(f"pair dropped: {name}", count) for name, count in funnel["dropped"].items()]
    if not found:
        return None
    found.sort(key=lambda item: -item[1])
    answer = f"Most often {found[0][0]}, {found[0][1]:,} of {sum(n for _, n in found):,}."
    question = "What was lost, and why?"
    return bars(question, answer, ("reason", "count"), found[:MOST_NAMES])
