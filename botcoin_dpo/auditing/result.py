"""What an audit of many attempts found: counts that add up, and the first findings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from botcoin_dpo.auditing.attempt_audit import AttemptAudit
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.details import in_json
from botcoin_dpo.auditing.findings import Finding
from botcoin_dpo.auditing.verdict import Verdict
from botcoin_dpo.constraints.kinds import in_order
from botcoin_dpo.contract.audit_rules import LEVELS, RULES, SIGNALS, Level, RuleId
from botcoin_dpo.contract.distributions import Distribution, Tally
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import GROUNDS, STATUSES, Ground, Status, UncheckedReason
from botcoin_dpo.readable import Readable


class Listed(NamedTuple):
    """A finding, and whose record it is in."""

    record_id: str
    attempt_index: int
    finding: Finding

    def as_json(self) -> dict[str, Any]:
        """Return it as `--json` prints it."""
        finding = self.finding
        return {
            "record_id": self.record_id,
            "attempt_index": self.attempt_index,
            "rule": finding.rule,
            "level": finding.level,
            "subject": finding.subject,
            "recorded": finding.recorded,
            "recomputed": in_json(finding.recomputed),
        }


class _Group:
    """Attempts of one domain or model, and how many of them something was found in."""

    def __init__(self) -> None:
        self.attempts = Tally()
        self.by_level: dict[Level, Tally] = {level: Tally() for level in LEVELS}

    def add(self, name: str | None, levels: set[Level]) -> None:
        self.attempts.add(name)
        for level in levels:
            self.by_level[level].add(name)

    def merge(self, other: "_Group") -> None:
        self.attempts.merge(other.attempts)
        for level, tally in other.by_level.items():
            self.by_level[level].merge(tally)

    def as_json(self) -> dict[str, Any]:
        return {
            name: {
                "attempts": count,
                **{
                    level: {
                        "attempts": (found := self.by_level[level].counts[name]),
                        "rate": found / count,
                    }
                    for level in LEVELS
                },
            }
            for name, count in self.attempts.as_json().items()
        }


@dataclass
class OutcomeCounts:
    """The verdicts on recorded outcomes of constraints, counted."""

    verdicts: Counter[tuple[str, Status]] = field(default_factory=Counter)
    """By kind of constraint."""
    unchecked: Counter[tuple[str, UncheckedReason]] = field(default_factory=Counter)
    grounds: Counter[tuple[Status, Ground]] = field(default_factory=Counter)

    def add(self, verdicts: Iterable[Verdict]) -> None:
        """Add the verdicts on an attempt."""
        for verdict in verdicts:
            self.verdicts[verdict.kind, verdict.status] += 1
            if verdict.reason is not None:
                self.unchecked[verdict.kind, verdict.reason] += 1
            if verdict.ground is not None:
                self.grounds[verdict.status, verdict.ground] += 1

    def merge(self, other: "OutcomeCounts") -> None:
        """Add the counts of another."""
        self.verdicts.update(other.verdicts)
        self.unchecked.update(other.unchecked)
        self.grounds.update(other.grounds)

    @property
    def kinds(self) -> list[str]:
        """The kinds of constraints that there are verdicts on."""
        return in_order({kind for kind, _ in self.verdicts})

    def as_json(self) -> dict[str, Any]:
        """Return the counts as `--json` prints them."""
        return {
            "constraints": {
                kind: {status: self.verdicts[kind, status] for status in STATUSES}
                for kind in self.kinds
            },
            "grounds": {
                status: {ground: self.grounds[status, ground] for ground in GROUNDS}
                for status in STATUSES
            },
            "unchecked": [
                {"kind": kind, "reason": reason, "constraints": count}
                for (kind, reason), count in sorted(self.unchecked.items())
            ],
        }


@dataclass(repr=False)
class AuditResult(Readable):
    """What an audit found."""

    most_listed: int = 100
    attempts: int = 0
    pairs: int = 0
    attempts_by_rule: Counter[RuleId] = field(default_factory=Counter)
    """Attempts that something was found in, by rule."""
    findings_by_rule: Counter[RuleId] = field(default_factory=Counter)
    outcomes: OutcomeCounts = field(default_factory=OutcomeCounts)
    """Of attempts that were not accepted on path A."""
    path_a: OutcomeCounts = field(default_factory=OutcomeCounts)
    """Of those that were."""
    by_path: _Group = field(default_factory=_Group)
    """By acceptance path."""
    by_domain: _Group = field(default_factory=_Group)
    by_model: _Group = field(default_factory=_Group)
    signals: dict[str, Distribution] = field(default_factory=dict)
    """Of pairs, by name; what is true or false counts as 1 or 0."""
    listed: list[Listed] = field(default_factory=list)
    """The first findings."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "attempts": self.attempts,
            "pairs": self.pairs,
            **{level: self.count(level) for level in LEVELS},
            "rules": dict(self.findings_by_rule),
        }

    def add(self, subject: AuditedAttempt, audit: AttemptAudit) -> None:
        """Add the audit of an attempt."""
        self.attempts += 1
        outcomes = self.path_a if subject.acceptance_path == "A" else self.outcomes
        outcomes.add(audit.verdicts)
        rules = {finding.rule for finding in audit.findings}
        self.attempts_by_rule.update(rules)
        self.findings_by_rule.update(finding.rule for finding in audit.findings)
        levels = {RULES[rule].level for rule in rules}
        self.by_path.add(subject.acceptance_path, levels)
        self.by_domain.add(subject.domain, levels)
        self.by_model.add(subject.model, levels)
        room = self.most_listed - len(self.listed)
        self.listed += (
            Listed(subject.record_id, subject.attempt_index, finding)
            for finding in audit.findings[:room]
        )

    def add_signals(self, signals: JsonObject) -> None:
        """Add the signals of a pair."""
        self.pairs += 1
        for name in SIGNALS:
            value = signals.get(name)
            if value is not None:
                self.signals.setdefault(name, Distribution()).add(float(value))

    def merge(self, other: "AuditResult") -> None:
        """Add all that another has found, after what is here."""
        self.attempts += other.attempts
        self.pairs += other.pairs
        for mine, more in (
            (self.attempts_by_rule, other.attempts_by_rule),
            (self.findings_by_rule, other.findings_by_rule),
        ):
            mine.update(more)
        self.outcomes.merge(other.outcomes)
        self.path_a.merge(other.path_a)
        self.by_path.merge(other.by_path)
        self.by_domain.merge(other.by_domain)
        self.by_model.merge(other.by_model)
        for name, distribution in other.signals.items():
            self.signals.setdefault(name, Distribution()).merge(distribution)
        self.listed += other.listed[: self.most_listed - len(self.listed)]

    def count(self, level: Level) -> int:
        """Return the findings of a level."""
        return sum(
            count for rule, count in self.findings_by_rule.items() if RULES[rule].level == level
        )

    def fails(self, level: Level) -> bool:
        """Return whether something of a level, or of a worse one, was found."""
        return any(self.count(each) for each in LEVELS[: LEVELS.index(level) + 1])

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "attempts": self.attempts,
            "pairs": self.pairs,
            "findings": {level: self.count(level) for level in LEVELS},
            "by_rule": {
                rule: {
                    "level": RULES[rule].level,
                    "findings": self.findings_by_rule[rule],
                    "attempts": self.attempts_by_rule[rule],
                    "rate": self.attempts_by_rule[rule] / self.attempts if self.attempts else 0,
                }
                for rule in RULES
                if self.findings_by_rule[rule]
            },
            **self.outcomes.as_json(),
            "path_a": self.path_a.as_json(),
            "by_path": self.by_path.as_json(),
            "by_domain": self.by_domain.as_json(),
            "by_model": self.by_model.as_json(),
            "signals": {
                name: self.signals[name].as_json() for name in SIGNALS if name in self.signals
            },
            "listed": [listed.as_json() for listed in self.listed],
        }
