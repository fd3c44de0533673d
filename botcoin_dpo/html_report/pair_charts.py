"""Charts of how the two sides of pairs differ: their lengths, times and words."""

from botcoin_dpo.html_report.chart import Cell, Chart, bars
from botcoin_dpo.html_report.checks import share
from botcoin_dpo.html_report.overview import REVISION_EDGES, Overview
from botcoin_dpo.html_report.training import GAP_EDGES
from botcoin_dpo.viewing.humanize import duration


def length_gaps(overview: Overview) -> Chart | None:
    """Return by how many tokens chosen is longer, by the config of an export."""
    gaps, bins = overview.training.gaps, overview.training.gap_bins
    names = sorted(gaps)
    told = []
    for name in names:
        counts = bins[name]
        longer = sum(count for at, count in counts.items() if at >= len(GAP_EDGES) // 2 + 1)
        median = gaps[name].quantile(0.5) or 0
        longer_share = share(longer, counts.total())
        told.append(f"dpo_*_{name}: longer by more than 10 in {longer_share}, median {median:+,}")
    used = sorted({at for counts in bins.values() for at in counts})
    if not used:
        return None
    rows = [
        (
            Cell(gap_label(at)),
            *(
                Cell(f"{bins[name][at]:,}", bins[name][at] / max(bins[name].values()))
                for name in names
            ),
        )
        for at in range(used[0], used[-1] + 1)
    ]
    if len(rows) < 2:
        return None
    question = "How many more tokens has chosen than rejected, by config?"
    return Chart(question, f"{'; '.join(told)}.", ("tokens", *names), rows)


def gap_label(at: int) -> str:
    """Return what a bin of length gaps holds."""
    if at == 0:
        return f"below {GAP_EDGES[0]:+,}"
    if at == len(GAP_EDGES):
        return f"{GAP_EDGES[-1]:+,} and more"
    return f"{GAP_EDGES[at - 1]:+,} to {GAP_EDGES[at] - 1:+,}"


def revision_times(overview: Overview) -> Chart | None:
    """Return how long revisions take."""
    times = overview.revision_times
    if not times:
        return None
    labels = [
        f"{duration(start)} or more" if end is None else f"{duration(start)} to {duration(end)}"
        for start, end in zip(REVISION_EDGES, [*REVISION_EDGES[1:], None], strict=True)
    ]
    counts = [(labels[at], times[at]) for at in range(min(times), max(times) + 1)]
    median = overview.statistics.distributions["revision_time_ms"].quantile(0.5) or 0
    fast = share(overview.signs["fast"], overview.signs["timed"])
    answer = f"Half of them take less than {duration(int(median))}; {fast} take less than 10 s."
    return bars("How long do revisions take?", answer, ("time", "pairs"), counts)


def similarities(overview: Overview) -> Chart | None:
    """Return which share of their words the two sides have in common."""
    found = overview.similarities
    if not found:
        return None
    counts = [(f"{5 * at} to {5 * at + 5}%", found[at]) for at in range(min(found), max(found) + 1)]
    most = max(found, key=lambda at: (found[at], at))
    answer = f"Most often {5 * most} to {5 * most + 5}% of their words are in common."
    return bars("How alike are the two sides?", answer, ("words", "pairs"), counts)
