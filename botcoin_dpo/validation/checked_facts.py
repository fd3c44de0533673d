"""Checks the attempt and challenge objects of a segment, each by itself, as rows are checked."""

from collections import Counter
from dataclasses import dataclass, field

from botcoin_dpo.contract.identifiers import normalize_miner
from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.splits import Shares
from botcoin_dpo.dataset.reading import SegmentRows, StoredRow
from botcoin_dpo.files.segments import Segment
from botcoin_dpo.validation.attempt_entries import (
    AttemptEntry,
    ChallengeEntry,
    attempt_entry,
    challenge_entry,
)
from botcoin_dpo.validation.fact_rules import check_fact, unsafe_facts
from botcoin_dpo.validation.row_rules import RowFinding

FactOrder = tuple[bytes, str, int]
"""SHA-256 of the challenge; miner and index of an attempt, or nothing."""


@dataclass(slots=True)
class CheckedFact:
    """An object, checked by itself."""

    line: int
    """In its segment, from 1."""
    findings: list[RowFinding] = field(default_factory=list)
    entry: AttemptEntry | ChallengeEntry | None = None
    """None where the object cannot be compared."""
    order: FactOrder | None = None


@dataclass(slots=True)
class CheckedFacts:
    """The objects of a segment."""

    objects: list[CheckedFact] = field(default_factory=list)
    unlisted: Counter[str] = field(default_factory=Counter)
    """Findings by rule that are too many to be listed with their objects."""
    lines_ended: int = 0
    damage: str | None = None
    """Why there may be more that could not be read."""


@dataclass(frozen=True, slots=True)
class FactChecker:
    """Checks the objects of segments."""

    kind: FactKind
    shares: Shares | None
    """Of the splits, where they are known."""
    allows_unsafe_text: bool
    most_listed: int
    """Findings of a segment that are listed; all are counted."""

    def check(self, segment: Segment) -> CheckedFacts:
        """Check the objects of one segment."""
        result = CheckedFacts()
        objects = SegmentRows(segment)
        left = self.most_listed
        for stored in objects:
            checked = self._check(stored)
            result.unlisted.update(finding.rule for finding in checked.findings[left:])
            del checked.findings[left:]
            left -= len(checked.findings)
            result.objects.append(checked)
        result.lines_ended, result.damage = objects.lines_ended, objects.damage
        return result

    def _check(self, stored: StoredRow) -> CheckedFact:
        checked, value = CheckedFact(stored.line), stored.row
        if stored.problem is not None:
            checked.findings.append(RowFinding("", "malformed_row", stored.problem))
            return checked
        try:
            checked.findings += check_fact(value, self.kind, self.shares)
            if any(finding.rule == "attempt_schema" for finding in checked.findings):
                return checked
            if not self.allows_unsafe_text:
                checked.findings += unsafe_facts(value, self.kind)
            is_attempt = self.kind == "attempts"
            checked.entry = attempt_entry(value) if is_attempt else challenge_entry(value)
        except (TypeError, RecursionError):  # orjson writes no deeper than it must
            checked.findings.append(RowFinding("", "malformed_row", "nested too deep"))
            return checked
        challenge = checked.entry.challenge
        if is_attempt:
            miner = normalize_miner(value["miner_id"])
            checked.order = (challenge, miner, value["attempt_index"])
        else:
            checked.order = (challenge, "", 0)
        return checked
