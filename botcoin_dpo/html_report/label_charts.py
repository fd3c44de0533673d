"""Charts of what the coordinator recorded, and of what an audit makes of it."""

from botcoin_dpo.constraints.kinds import in_order
from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.distributions import Tally
from botcoin_dpo.contract.verdicts import GROUND_MEANINGS, GROUNDS
from botcoin_dpo.html_report.chart import MOST_NAMES, Cell, Chart
from botcoin_dpo.html_report.checks import PairFilter, share
from botcoin_dpo.html_report.overview import MOST_ATTEMPTS, Overview
from botcoin_dpo.viewing.pair_facts import NO_GROUND


def failures(overview: Overview) -> Chart | None:
    """Return how often the rejected attempts of each model fail each kind of constraint."""
    totals = Tally()
    for tally in overview.asked.values():
        totals.merge(tally)
    models = list(totals.as_json())[: MOST_NAMES // 2]
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


def coverage(overview: Overview) -> Chart | None:
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


def findings(overview: Overview) -> Chart | None:
    """Return how many pairs each rule of the audit found something in."""
    found = list(overview.statistics.audit_flags.as_json().items())[:MOST_NAMES]
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


def pass_rates(attempts: dict[int, tuple[int, int]]) -> Chart | None:
    """Return which share of all usable attempts passes, by index."""
    if len(attempts) < 2:
        return None
    rows = [
        (Cell(_attempt(index)), Cell(share(passed, total), passed / total), Cell(f"{total:,}"))
        for index, (passed, total) in sorted(attempts.items())
    ]
    passed, total = (sum(each[at] for each in attempts.values()) for at in (0, 1))
    answer = f"{share(passed, total)} of all {total:,} usable attempts pass, in a pair or not."
    question = "Does the pass rate rise with attempts?"
    return Chart(question, answer, ("attempt", "pass", "attempts"), rows)


def passing_attempts(overview: Overview, known: dict[int, tuple[int, int]]) -> Chart | None:
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
