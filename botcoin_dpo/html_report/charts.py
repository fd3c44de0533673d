"""The charts of a dataset: each is a table that answers a question, with a bar beside its numbers.

They are text and need no script, so that they fit a phone, and who cannot see a bar reads its
number. A chart whose bars are all alike tells nothing and is left out. Texts from the data are
sanitized where the page is rendered.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from botcoin_dpo.constraints.kinds import in_order
from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.verdicts import GROUND_MEANINGS, GROUNDS
from botcoin_dpo.html_report.checks import PairFilter, share
from botcoin_dpo.html_report.overview import MOST_ATTEMPTS, REVISION_EDGES, Overview
from botcoin_dpo.html_report.training import GAP_EDGES
from botcoin_dpo.viewing.humanize import duration
from botcoin_dpo.viewing.pair_facts import NO_GROUND

_MOST_NAMES = 12
_ALIKE = 0.05
"""Share of the largest bar by which bars must differ to tell something."""


_BALANCED = 0.25
"""The same for pairs by name, where small differences mean nothing."""


class Cell(NamedTuple):
    """A cell of a chart."""

    text: str
    bar: float | None = None
    """From 0 to 1, the part of its place that a bar fills; None for no bar."""
    pairs: PairFilter | None = None
    """The pairs that it counts."""


class Chart(NamedTuple):
    """A question, its answer, and the numbers."""

    question: str
    answer: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


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
        _failures(overview), _length_gaps(overview), _coverage(overview), _findings(overview),
        _pass_rates(attempts), _passing_attempts(overview, attempts), _revision_times(overview),
        _similarities(overview), _balance("domain", overview.statistics.by_domain),
        _balance("model", overview.statistics.by_model), _funnel(manifest), _losses(manifest),
    ]  # fmt: skip
    return [chart for chart in charts if chart is not None]


def _bars(
    question: str,
    answer: str,
    columns: tuple[str, str],
    counts: Sequence[tuple[str, int]],
    pairs: Sequence[PairFilter | None] = (),
    alike: float = _ALIKE,
) -> Chart | None:
    """Return a chart of one bar a row; None if there are not two, or all are alike."""
    numbers = [count for _, count in counts]
    if len(numbers) < 2 or max(numbers) - min(numbers) <= alike * max(numbers):
        return None
    most = max(numbers)
    filters = [*pairs, *[None] * (len(counts) - len(pairs))]
    rows = [
        (Cell(name, pairs=which), Cell(f"{count:,}", count / most))
        for (name, count), which in zip(counts, filters, strict=True)
    ]
    return Chart(question, answer, columns, rows)


def _failures(overview: Overview) -> Chart | None:
    """Return how often the rejected attempts of each model fail each kind of constraint."""
    totals = Tally()
    for tally in overview.asked.values():
        totals.merge(tally)
    models = list(totals.as_json())[: _MOST_NAMES // 2]
    columns: tuple[str, ...] = ("constraint", *models)
    rows: list[tuple[Cell, ...]] = []
    worst = (0.0, "", "")
    for kind in in_order(overview.asked):
        asked, failed = overview.asked[kind].counts, overview.failed.get(kind, Tally()).counts
        cells = []
        for model in models:
            rate = failed[model] / asked[model] if asked[model] else None
            cells.append(Cell("-" if rate is None else f"{rate:.0%}", rate))
            worst = max(worst, (rate or 0.0, kind, model))
        rows.append((Cell(kind), *cells))
    if worst[0] == 0:
        return None
    is_all_mended = all(
        overview.repaired[kind] == tally.counts.total() for kind, tally in overview.failed.items()
    )
    if is_all_mended:
        mended = "Chosen mends all of them."
    else:
        mended = "The last column: in how many of the failing pairs chosen mends all of that kind."
        columns += ("repaired",)
        rows = [
            (*row, Cell(share(overview.repaired[row[0].text], _failing(overview, row[0].text))))
            for row in rows
        ]
    answer = (
        f"Most often {worst[1]}: {worst[0]:.0%} of the rejected attempts of {worst[2]} at such "
        f"constraints. {mended}"
    )
    return Chart("Which constraints does each model fail?", answer, columns, rows)


def _failing(overview: Overview, kind: str) -> int:
    return overview.failed[kind].counts.total() if kind in overview.failed else 0


def _length_gaps(overview: Overview) -> Chart | None:
    gaps, bins = overview.training.gaps, overview.training.gap_bins
    names = sorted(gaps)
    told = []
    for name in names:
        counts = bins[name]
        longer = sum(count for at, count in counts.items() if at >= len(GAP_EDGES) // 2 + 1)
        median = gaps[name].quantile(0.5) or 0
        told.append(f"dpo_*_{name}: longer in {share(longer, counts.total())}, median {median:+,}")
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


def _coverage(overview: Overview) -> Chart | None:
    """Return how many of the outcomes an audit could decide, and by what."""
    counts, sides = overview.grounds, ("rejected", "chosen")
    totals = {side: sum(n for (of, _), n in counts.items() if of == side) for side in sides}
    if not all(totals.values()):
        return None
    rows = []
    for ground in (*GROUNDS, NO_GROUND):
        if not any(counts[side, ground] for side in sides):
            continue
        meaning = GROUND_MEANINGS[ground] if ground in GROUNDS else "nothing decides"
        shares = [counts[side, ground] / totals[side] for side in sides]
        cells = [
            Cell(share(counts[side, ground], totals[side]), part)
            for side, part in zip(sides, shares, strict=True)
        ]
        filters = PairFilter(ground=ground)
        rows.append((Cell(f"{ground.replace('_', ' ')}: {meaning}", pairs=filters), *cells))
    weak = sum(counts[side, name] for side in sides for name in ("own_reading", NO_GROUND))
    total = sum(totals.values())
    answer = (
        f"{share(total - weak, total)} of the recorded outcomes are decided by more than what the "
        "attempt itself has read. A ground leads to the pairs that have nothing better somewhere."
    )
    question = "What do the audit's verdicts stand on?"
    return Chart(question, answer, ("ground", *sides), rows)


def _findings(overview: Overview) -> Chart | None:
    found = list(overview.statistics.audit_flags.as_json().items())[:_MOST_NAMES]
    if not found:
        return None
    most = found[0][1]
    levels: dict[str, str] = {name: rule.level for name, rule in RULES.items()}
    rows = [
        (
            Cell(f"{name} ({levels.get(name, 'not known')})", pairs=PairFilter(flag=name)),
            Cell(f"{count:,}", count / most if len(found) > 1 else None),
        )
        for name, count in found
    ]
    answer = (
        f"Most often {found[0][0]}: in {found[0][1]:,} of {overview.statistics.audited:,} pairs."
    )
    return Chart("Which rules of the audit found something?", answer, ("rule", "pairs"), rows)


def _pass_rates(attempts: dict[int, tuple[int, int]]) -> Chart | None:
    if len(attempts) < 2:
        return None
    rows = [
        (Cell(_attempt(index)), Cell(share(passed, total), passed / total), Cell(f"{total:,}"))
        for index, (passed, total) in sorted(attempts.items())
    ]
    passed, total = (sum(each[at] for each in attempts.values()) for at in (0, 1))
    answer = f"{share(passed, total)} of all {total:,} usable attempts pass, in a pair or not."
    question = "Does another attempt help?"
    return Chart(question, answer, ("attempt", "pass", "attempts"), rows)


def _passing_attempts(overview: Overview, known: dict[int, tuple[int, int]]) -> Chart | None:
    """Return which sides of pairs passed at which attempt, where not all attempts are known."""
    counts = overview.attempts
    indexes = sorted({index for index, _ in counts})
    if known or len(indexes) < 2:
        return None
    rows = []
    for index in indexes:
        passed, total = counts[index, True], counts[index, True] + counts[index, False]
        rows.append(
            (Cell(_attempt(index)), Cell(share(passed, total), passed / total), Cell(f"{total:,}"))
        )
    answer = (
        "Of the sides of these pairs, how many are a passing attempt; half of all are. Build with "
        "--attempts to see it of all attempts."
    )
    question = "At which attempt do miners pass?"
    return Chart(question, answer, ("attempt", "pass", "sides"), rows)


def _attempt(index: int) -> str:
    return f"{index} and later" if index == MOST_ATTEMPTS else str(index)


def _revision_times(overview: Overview) -> Chart | None:
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
    return _bars("How long do revisions take?", answer, ("time", "pairs"), counts)


def _similarities(overview: Overview) -> Chart | None:
    found = overview.similarities
    if not found:
        return None
    counts = [(f"{5 * at} to {5 * at + 5}%", found[at]) for at in range(min(found), max(found) + 1)]
    most = max(found, key=lambda at: (found[at], at))
    answer = f"Most often {5 * most} to {5 * most + 5}% of their words are in common."
    return _bars("How alike are the two sides?", answer, ("words", "pairs"), counts)


def _balance(noun: str, tally: Tally) -> Chart | None:
    counts = list(tally.as_json().items())
    if not counts:
        return None
    shown = counts[:_MOST_NAMES]
    filters: list[PairFilter | None] = [
        PairFilter(domain=name) if noun == "domain" else PairFilter(model=name) for name, _ in shown
    ]
    if rest := sum(count for _, count in counts[_MOST_NAMES:]):
        shown = [*shown, (f"{len(counts) - _MOST_NAMES:,} others", rest)]
    answer = f"{shown[0][0]} has {share(shown[0][1], sum(count for _, count in counts))}."
    return _bars(
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
    return _bars("What became of the records?", answer, ("stage", "count"), stages)


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
    return _bars(question, answer, ("reason", "count"), found[:_MOST_NAMES])
