"""The charts of a dataset, each a picture with its numbers.

Texts from the data become labels of an axis or nothing, and are sanitized.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from botcoin_dpo.constraints.kinds import in_order
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.sanitize import sanitize_start
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.contract.verdicts import STATUSES
from botcoin_dpo.html_report.drawing import draw
from botcoin_dpo.html_report.overview import (
    LENGTH_BIN,
    LONGEST_BIN,
    MOST_STEPS,
    REVISION_EDGES,
    TRAINING_LIMITS,
    Overview,
)
from botcoin_dpo.viewing.humanize import duration

_MOST_NAMES = 12
_MOST_OF_A_NAME = 32
_BLUE, _ORANGE, _GREEN = "#3a7bd5", "#d9822b", "#2e9e6b"


class Chart(NamedTuple):
    """A picture and its numbers."""

    title: str
    note: str
    svg: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def charts_of(overview: Overview, manifest: dict[str, Any] | None) -> list[Chart]:
    """Return the charts of a dataset; those that would show nothing are left out."""
    charts = [
        _funnel(manifest), _set_aside(manifest), _splits(overview), _tally("Domains", "Pairs by "
        "domain.", overview.statistics.by_domain), _tally("Models", "Pairs by the model of the "
        "chosen attempt.", overview.statistics.by_model), _repairs(overview),
        _revision_times(overview), _step_changes(overview), _lengths(overview),
        _similarities(overview), _verdicts(overview), _flags(overview),
    ]  # fmt: skip
    return [chart for chart in charts if chart is not None]


def _bars(rows: list[tuple[str, int]], unit: str, color: str = _BLUE) -> str:
    """Return horizontal bars with their numbers, in the given order."""
    values = [{"name": _name(name), "count": count} for name, count in rows]
    return draw("bars", values=values, unit=unit, color=color, height=max(60, 24 * len(rows)))


def _funnel(manifest: dict[str, Any] | None) -> Chart | None:
    if manifest is None:
        return None
    funnel = manifest["funnel"]
    pairs = sum(count for splits in funnel["pairs"].values() for count in splits.values())
    stages = [
        ("records read", funnel["records"]),
        ("attempts among them", funnel["attempts"]["total"]),
        ("attempts, each once, usable", funnel["attempts"]["surviving"]),
        ("sessions", funnel["sessions"]["total"]),
        ("sessions with a credited pass", funnel["sessions"]["credited"]),
        ("pairs", pairs),
    ]
    note = "What became of the records: duplicates are counted once, what is broken is quarantined."
    return _named_chart("From records to pairs", note, _bars(stages, "count"), "stage", stages)


def _set_aside(manifest: dict[str, Any] | None) -> Chart | None:
    if manifest is None:
        return None
    funnel = manifest["funnel"]
    found = [(f"quarantined: {name}", count) for name, count in funnel["set_aside"].items()]
    found += [(f"pair dropped: {name}", count) for name, count in funnel["dropped"].items()]
    if not found:
        return None
    found.sort(key=lambda item: -item[1])
    note = "Records that were quarantined, and pairs that were none after all, by reason."
    svg = _bars(found[:_MOST_NAMES], "count", _ORANGE)
    return _named_chart("What was lost, and why", note, svg, "reason", found)


def _splits(overview: Overview) -> Chart | None:
    tallies = sorted(overview.statistics.by_split.items())
    values = [
        {"type": name, "split": split, "count": tally.counts[split], "order": order}
        for name, tally in tallies
        for order, split in enumerate(SPLITS)
    ]
    rows = [(name, *(f"{tally.counts[split]:,}" for split in SPLITS)) for name, tally in tallies]
    height = max(60, 30 * len(tallies))
    svg = draw("splits", values=values, splits=list(SPLITS), height=height)
    note = "Pairs by type and split; all pairs on a document are in one split."
    return Chart("Splits", note, svg, ("type", *SPLITS), rows)


def _tally(title: str, note: str, tally: Tally) -> Chart | None:
    counts = list(tally.as_json().items())
    shown = counts[:_MOST_NAMES]
    if rest := sum(count for _, count in counts[_MOST_NAMES:]):
        shown.append((f"{len(counts) - _MOST_NAMES:,} others", rest))
    return _named_chart(title, note, _bars(shown, "pairs"), "name", counts[:100])


def _repairs(overview: Overview) -> Chart | None:
    domains = overview.statistics.by_domain.as_json()
    values, rows = [], []
    for kind in in_order(overview.failed):
        for name in list(domains)[:_MOST_NAMES]:
            failed = overview.failed[kind].counts[name]
            repaired = overview.repaired[kind].counts[name] if kind in overview.repaired else 0
            if not failed:
                continue
            text = f"{failed:,} → {repaired:,}"
            share = failed / domains[name]
            values.append({"kind": kind, "domain": _name(name), "share": share, "text": text})
            rows.append((kind, name, f"{failed:,}", f"{share:.0%}", f"{repaired:,}"))
    if not values:
        return None
    kinds = len({value["kind"] for value in values})
    note = (
        "Pairs whose rejected side fails such a constraint → those whose chosen side passes it. "
        "The darker, the more of the domain's pairs fail it."
    )
    svg = draw("repairs", values=values, height=34 * kinds)
    columns = ("kind", "domain", "failed", "of pairs", "repaired")
    return Chart("What fails, and what gets repaired", note, svg, columns, rows)


def _columns(labels: Sequence[str], counts: Sequence[int], title: str) -> str:
    """Return a histogram over labelled bins."""
    values = [{"bin": label, "count": count} for label, count in zip(labels, counts, strict=True)]
    return draw("columns", values=values, title=title)


def _revision_times(overview: Overview) -> Chart | None:
    if not overview.revision_times:
        return None
    labels = [
        f"{duration(start)} -" if end is None else f"{duration(start)} - {duration(end)}"
        for start, end in zip(REVISION_EDGES, [*REVISION_EDGES[1:], None], strict=True)
    ]
    counts = [overview.revision_times[index] for index in range(len(REVISION_EDGES))]
    used = [index for index, count in enumerate(counts) if count]
    within = slice(used[0], used[-1] + 1)
    svg = _columns(labels[within], counts[within], "between the two attempts")
    found = list(zip(labels[within], counts[within], strict=True))
    note = "Time from the rejected to the chosen attempt, where both are of one session."
    return _named_chart("Revision time", note, svg, "time", found)


def _step_changes(overview: Overview) -> Chart | None:
    changes = overview.step_changes
    if not changes:
        return None
    steps = list(range(min(changes), max(changes) + 1))
    labels = [f"{step:+d}" if step else "0" for step in steps]
    ends = {MOST_STEPS: f"+{MOST_STEPS} or more", -MOST_STEPS: f"-{MOST_STEPS} or fewer"}
    labels = [ends.get(step, label) for step, label in zip(steps, labels, strict=True)]
    counts = [changes[step] for step in steps]
    svg = _columns(labels, counts, "steps, chosen - rejected")
    found = list(zip(labels, counts, strict=True))
    note = "How much longer or shorter the chosen trace is."
    return _named_chart("Trace shape", note, svg, "steps", found)


def _lengths(overview: Overview) -> Chart | None:
    values, rows = [], []
    bins = sorted(overview.chosen_lengths.keys() | overview.rejected_lengths.keys())
    for at in range(bins[0], bins[-1] + 1):
        start, end = at * LENGTH_BIN, (at + 1) * LENGTH_BIN
        counts = {"chosen": overview.chosen_lengths[at], "rejected": overview.rejected_lengths[at]}
        for side, count in counts.items():
            values.append({"start": start, "end": end, "side": side, "count": count})
        name = f"{start:,} - {end:,}" if at < LONGEST_BIN else f"{start:,} -"
        rows.append((name, f"{counts['chosen']:,}", f"{counts['rejected']:,}"))
    last = (bins[-1] + 1) * LENGTH_BIN
    limits = [limit for limit in TRAINING_LIMITS if limit <= 2 * last]
    svg = draw(
        "lengths",
        values=values,
        limits=[{"limit": limit} for limit in limits],
        end=max([last, *limits]),
    )
    note = "Lengths against values of max_length that people train with (dashed)."
    return Chart("Lengths", note, svg, ("tokens", "chosen", "rejected"), rows)


def _similarities(overview: Overview) -> Chart | None:
    if not overview.similarities:
        return None
    bins = list(range(min(overview.similarities), max(overview.similarities) + 1))
    labels = [f"{5 * at} - {5 * at + 5}%" for at in bins]
    counts = [overview.similarities[at] for at in bins]
    svg = _columns(labels, counts, "words in common")
    note = "How alike the two texts of a pair are."
    found = list(zip(labels, counts, strict=True))
    return _named_chart("Similarity", note, svg, "words in common", found)


def _verdicts(overview: Overview) -> Chart | None:
    counts = overview.statistics.audit_verdicts.counts
    if not overview.statistics.audited:
        return None
    found: list[tuple[str, int]] = [(status, counts[status]) for status in STATUSES]
    note = "Recorded outcomes of constraints, checked again: of both sides of the audited pairs."
    svg = _bars(found, "outcomes", _GREEN)
    return _named_chart("Audit: recorded outcomes", note, svg, "verdict", found)


def _flags(overview: Overview) -> Chart | None:
    found = list(overview.statistics.audit_flags.as_json().items())
    if not found:
        return None
    note = f"Rules that found something, in {overview.statistics.audited:,} audited pairs."
    svg = _bars(found[:_MOST_NAMES], "pairs", _ORANGE)
    return _named_chart("Audit: findings", note, svg, "rule", found)


def _named_chart(
    title: str, note: str, svg: str, column: str, counts: Sequence[tuple[str, int]]
) -> Chart:
    rows = [(name, f"{count:,}") for name, count in counts]
    return Chart(title, note, svg, (column, "count"), rows)


def _name(name: str) -> str:
    return sanitize_start(name, _MOST_OF_A_NAME)
