"""What an audit found, in the terminal."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.contract.audit_rules import LEVELS, RULES, SIGNALS
from botcoin_dpo.contract.distributions import Distribution
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.contract.verdicts import GROUNDS, STATUSES, UNCHECKED_REASONS
from botcoin_dpo.terminal.tables import make_table, spark_line

if TYPE_CHECKING:
    from botcoin_dpo.auditing.result import AuditResult, OutcomeCounts

_SHOWN = 12
"""Findings and groups in the terminal; `--json` has all that are listed."""


def audit_view(result: "AuditResult") -> Iterator[RenderableType]:
    """Yield what to print after an audit."""
    found = [
        (rule, of.level, result.findings_by_rule[rule], result.attempts_by_rule[rule],
         _percent(result.attempts_by_rule[rule], result.attempts))
        for rule, of in RULES.items()
        if result.findings_by_rule[rule]
    ]  # fmt: skip
    if found:
        columns = ("rule", "level", "findings", "attempts", "rate")
        yield make_table("Findings", columns, found, words=2)
    yield from _outcomes(result.outcomes, "")
    if result.path_a.verdicts:
        yield from _outcomes(result.path_a, ", attempts accepted on path A")
    for title, groups in (
        ("path", result.by_path),
        ("domain", result.by_domain),
        ("model", result.by_model),
    ):
        yield _groups(title, groups.as_json())
    if result.signals:
        yield signals_table(result.signals, result.pairs)
    if result.listed:
        rows = [
            (listed.record_id, finding.rule, finding.subject, _short(finding.recorded),
             _short(finding.recomputed))
            for listed in result.listed[:_SHOWN]
            if (finding := listed.finding)
        ]  # fmt: skip
        columns = ("record", "rule", "what", "recorded", "recomputed")
        yield make_table("The first findings", columns, rows, words=5)
    counts = ", ".join(f"{result.count(level):,} {level}" for level in LEVELS)
    yield Text(f"audited {result.attempts:,} attempts: {counts}")


def _outcomes(outcomes: "OutcomeCounts", whose: str) -> Iterator[RenderableType]:
    """Yield what the verdicts on recorded outcomes are, and what they stand on."""
    yield make_table(
        f"Constraints: is the recorded outcome right?{whose}",
        ("kind", *STATUSES),
        [
            (kind, *(outcomes.verdicts[kind, status] for status in STATUSES))
            for kind in outcomes.kinds
        ],
    )
    grounds = {ground for _, ground in outcomes.grounds}
    yield make_table(
        f"What the verdicts stand on{whose}",
        ("ground", *STATUSES),
        [
            (ground.replace("_", " "), *(outcomes.grounds[status, ground] for status in STATUSES))
            for ground in GROUNDS
            if ground in grounds
        ],
    )
    if outcomes.unchecked:
        yield make_table(
            f"Why outcomes are unchecked{whose}",
            ("kind", "because", "constraints"),
            [
                (kind, UNCHECKED_REASONS[reason], count)
                for (kind, reason), count in sorted(outcomes.unchecked.items())
            ],
            words=2,
        )


def _groups(title: str, groups: dict[str, Any]) -> RenderableType:
    rows = [
        (name, of["attempts"], *(f"{of[level]['rate']:.1%}" for level in LEVELS))
        for name, of in list(groups.items())[:_SHOWN]
    ]
    return make_table(f"Attempts with findings, by {title}", (title, "attempts", *LEVELS), rows)


def signals_table(signals: Mapping[str, Distribution], pairs: int) -> RenderableType:
    """Return the distributions of the signals of so many pairs."""
    rows = []
    for name in SIGNALS:
        if name in signals and signals[name].count:
            numbers = signals[name].as_json()
            values = (numbers[key] for key in ("min", "p25", "median", "p75", "max"))
            rows.append((name, *values, spark_line(numbers["histogram"])))
    columns = ("signal", "min", "25%", "median", "75%", "max", "")
    return make_table(f"Signals of {pairs:,} pairs", columns, rows)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _short(value: object) -> str:
    return sanitize_line(str(value))[:40]
