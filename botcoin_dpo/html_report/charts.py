"""Charts of a dataset, drawn by Vega-Lite to SVG that needs no script; each with its numbers.

Texts from the data become labels of an axis or nothing; Vega escapes them, and they are sanitized.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from botcoin_dpo.auditing.checks.constraint_outcomes import STATUSES
from botcoin_dpo.constraints.kinds import in_order
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.sanitize import sanitize_start
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.html_report.overview import (
    LENGTH_BIN,
    LONGEST_BIN,
    MOST_STEPS,
    REVISION_EDGES,
    TRAINING_LIMITS,
    Overview,
)
from botcoin_dpo.viewing.humanize import duration

Row = dict[str, Any]

_WIDTH = 420
_MOST_NAMES = 12
_MOST_OF_A_NAME = 32
_BLUE, _ORANGE, _GREEN = "#3a7bd5", "#d9822b", "#2e9e6b"
_SIDES = {"domain": ["chosen", "rejected"], "range": [_GREEN, _ORANGE]}
_SPLIT_COLORS = {"domain": list(SPLITS), "range": [_BLUE, _ORANGE, _GREEN]}

# Text takes the colour of the page, light or dark.
_CONFIG = {
    "font": "system-ui, sans-serif",
    "background": None,
    "padding": {"left": 20, "top": 5, "right": 20, "bottom": 5},  # browsers' letters may be wider
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor", "titleColor": "currentColor", "domainColor": "currentColor",
        "tickColor": "currentColor", "gridColor": "currentColor", "gridOpacity": 0.15,
        "domainOpacity": 0.4, "tickOpacity": 0.4, "labelFontSize": 12, "titleFontSize": 12,
        "titleFontWeight": "normal", "labelLimit": 220, "labelOverlap": True,
    },
    "legend": {
        "labelColor": "currentColor", "titleColor": "currentColor", "orient": "top", "title": None,
        "labelFontSize": 12,
    },
    "text": {"color": "currentColor", "fontSize": 12},
}  # fmt: skip


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


def _draw(spec: dict[str, Any], rows: Iterable[Row], height: int | None = None) -> str:
    import vl_convert  # an extra

    whole: dict[str, Any] = {
        "width": _WIDTH,
        "data": {"values": list(rows)},
        "config": _CONFIG,
        **spec,
    }
    if height is not None:
        whole["height"] = height
    svg: str = vl_convert.vegalite_to_svg(whole)
    return svg


def _bars(rows: list[tuple[str, int]], unit: str, color: str = _BLUE) -> str:
    """Return horizontal bars with their numbers, in the given order."""
    encoding = {
        "y": {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None}},
        "x": {"field": "count", "type": "quantitative", "axis": {"title": unit, "tickCount": 5}},
    }
    layers = [
        {"mark": {"type": "bar", "color": color}},
        {
            "mark": {"type": "text", "align": "left", "dx": 4},
            "encoding": {"text": {"field": "count", "type": "quantitative", "format": ","}},
        },
    ]
    values = [{"name": _name(name), "count": count} for name, count in rows]
    return _draw({"encoding": encoding, "layer": layers}, values, max(60, 24 * len(rows)))


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
    spec = {
        "mark": "bar",
        "encoding": {
            "y": {"field": "type", "type": "nominal", "axis": {"title": None}},
            "x": {"field": "count", "type": "quantitative", "axis": {"title": "pairs"}},
            "color": {"field": "split", "type": "nominal", "scale": _SPLIT_COLORS},
            "order": {"field": "order", "type": "quantitative"},
        },
    }
    rows = [(name, *(f"{tally.counts[split]:,}" for split in SPLITS)) for name, tally in tallies]
    svg = _draw(spec, values, max(60, 30 * len(tallies)))
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
    spec = {
        "encoding": {
            "y": {"field": "kind", "type": "nominal", "axis": {"title": None}},
            "x": {
                "field": "domain", "type": "nominal",
                "axis": {"title": None, "labelAngle": -20, "orient": "top"},
            },
        },
        "layer": [
            {
                "mark": "rect",
                "encoding": {
                    "color": {
                        "field": "share", "type": "quantitative",
                        "scale": {"domainMin": 0, "range": ["#f6efe2", "#e08a2e"]},
                        "legend": None,
                    }
                },
            },
            {
                "mark": {"type": "text", "color": "#111111"},
                "encoding": {"text": {"field": "text", "type": "nominal"}},
            },
        ],
    }  # fmt: skip
    kinds = len({value["kind"] for value in values})
    note = (
        "Pairs whose rejected side fails such a constraint → those whose chosen side passes it. "
        "The darker, the more of the domain's pairs fail it."
    )
    svg = _draw(spec, values, 34 * kinds)
    columns = ("kind", "domain", "failed", "of pairs", "repaired")
    return Chart("What fails, and what gets repaired", note, svg, columns, rows)


def _columns(labels: Sequence[str], counts: Sequence[int], title: str) -> str:
    """Return a histogram over labelled bins."""
    spec = {
        "mark": {"type": "bar", "color": _BLUE},
        "encoding": {
            "x": {
                "field": "bin", "type": "ordinal", "sort": None,
                "axis": {"title": title, "labelAngle": -35},
            },
            "y": {"field": "count", "type": "quantitative", "axis": {"title": "pairs"}},
        },
    }  # fmt: skip
    values = [{"bin": label, "count": count} for label, count in zip(labels, counts, strict=True)]
    return _draw(spec, values, 190)


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
    rules: Row = {
        "data": {"values": [{"limit": limit} for limit in limits]},
        "encoding": {"x": {"field": "limit", "type": "quantitative"}},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 3], "color": "currentColor"}},
            {
                "mark": {"type": "text", "align": "left", "angle": 270, "dx": 4, "dy": 10},
                "encoding": {
                    "text": {"field": "limit", "format": ","},
                    "y": {"value": 190},
                },
            },
        ],
    }
    histogram = {
        "mark": {"type": "bar", "opacity": 0.55},
        "encoding": {
            "x": {
                "field": "start", "type": "quantitative", "bin": {"binned": True},
                "axis": {"title": "tokens of prompt and answer (estimate)", "tickCount": 6},
                "scale": {"domain": [0, max([last, *limits])]},
            },
            "x2": {"field": "end"},
            "y": {
                "field": "count", "type": "quantitative", "stack": None, "axis": {"title": "pairs"},
            },
            "color": {"field": "side", "type": "nominal", "scale": _SIDES},
        },
    }  # fmt: skip
    svg = _draw({"layer": [{**histogram, "data": {"values": values}}, rules]}, [], 190)
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
