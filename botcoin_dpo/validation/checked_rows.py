"""Checks the rows of a segment, each by itself, and keeps what later rows are compared with.

This is what takes time, and needs no other row: it can be done anywhere, in any order.
"""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from botcoin_dpo.contract.identifiers import challenge_hash, normalize_miner
from botcoin_dpo.contract.record_types import ATTEMPT_MARKS
from botcoin_dpo.contract.splits import Shares, split_of_digest
from botcoin_dpo.dataset.reading import SegmentRows, StoredRow
from botcoin_dpo.files.segments import Segment
from botcoin_dpo.rows.row import pair_identity
from botcoin_dpo.validation.attempt_entries import SideEntry, side_entries
from botcoin_dpo.validation.near_duplicates import Sketches
from botcoin_dpo.validation.row_rules import RowFinding, check_row, unsafe_texts

RowOrder = tuple[bytes, str, int, int]
"""SHA-256 of the challenge; miner and index of the chosen attempt; index of the rejected one, or 0
where that is another miner's, whom the row does not name."""


@dataclass(slots=True)
class CheckedRow:
    """A row, checked by itself, in some 300 bytes."""

    line: int
    """In its segment, from 1."""
    findings: list[RowFinding] = field(default_factory=list)
    document: bytes | None = None
    """Of its SHA-256, 16 bytes; None where the row does not fit its schema."""
    split: str = ""
    pair_type: str = ""
    identity: bytes | None = None
    """None where it has none that could be compared."""
    order: RowOrder | None = None
    sides: list[SideEntry] = field(default_factory=list)
    """What attempt objects are to say as well; empty where there are none."""

    is_attempt: bool = False
    """Whether it is an attempt record, and no row at all."""


@dataclass(slots=True)
class CheckedSegment:
    """The rows of a segment that need more than counting."""

    rows: list[CheckedRow] = field(default_factory=list)
    row_count: int = 0
    unlisted: Counter[str] = field(default_factory=Counter)
    """Findings by rule that are too many to be listed with their rows."""
    documents: Sketches = field(default_factory=Sketches)
    lines_ended: int = 0
    damage: str | None = None
    """Why there may be more that could not be read."""


@dataclass(frozen=True, slots=True)
class RowChecker:
    """Checks the rows of segments."""

    shares: Shares | None
    """Of the splits, where they are known."""
    is_build: bool
    allows_unsafe_text: bool
    """Whether rows may have texts that a build quarantines if it is not asked for them."""
    most_listed: int
    """Findings of a segment that are listed; all are counted."""
    has_attempts: bool = False
    """Whether the build has attempt objects, which its rows are to be compared with."""

    def check(self, segment: Segment) -> CheckedSegment:
        """Check the rows of one segment."""
        result = CheckedSegment()
        rows = SegmentRows(segment)
        left = self.most_listed
        for stored in rows:
            result.row_count += 1
            checked = self._check(stored)
            if checked.document is not None:
                row = stored.row
                result.documents.add(row["document"], row["split"], row["challenge_id"])
            result.unlisted.update(finding.rule for finding in checked.findings[left:])
            del checked.findings[left:]
            left -= len(checked.findings)
            if checked.document is not None or checked.findings or checked.is_attempt:
                result.rows.append(checked)
        result.lines_ended, result.damage = rows.lines_ended, rows.damage
        return result

    def _check(self, stored: StoredRow) -> CheckedRow:
        checked = CheckedRow(stored.line)
        row = stored.row
        if stored.problem is not None:
            checked.findings.append(RowFinding("", "malformed_row", stored.problem))
            return checked
        checked.is_attempt = not self.is_build and _is_attempt(row)
        checked.findings += check_row(row)
        if any(finding.rule == "schema" for finding in checked.findings):
            return checked
        if not self.allows_unsafe_text:
            checked.findings += unsafe_texts(row)
        notes = row["pair_annotations"]
        checked.split, checked.pair_type = row["split"], notes["pair_type"]
        digest = sha256(row["document"].encode()).digest()
        checked.document = digest[:16]
        if self.shares is not None:
            expected = split_of_digest(digest, self.shares)
            if row["split"] != expected:
                message = f"is {row['split']}, the document's hash decides {expected}"
                checked.findings.append(RowFinding("/split", "split_hash", message))
        try:
            if self.has_attempts and all(
                finding.rule != "constraint_flips" for finding in checked.findings
            ):
                checked.sides = side_entries(row)
            checked.identity = pair_identity(row)
        except TypeError:  # orjson writes no deeper than it must
            checked.findings.append(RowFinding("", "malformed_row", "nested too deep"))
            return checked
        checked.order = (
            challenge_hash(row["challenge_id"]),
            normalize_miner(row["metadata"]["miner_id"]),
            notes["chosen_attempt_index"],
            notes["rejected_attempt_index"] if notes["pair_family"] == "session" else 0,
        )
        return checked


def _is_attempt(record: Any) -> bool:
    return "example_type" not in record and not ATTEMPT_MARKS.isdisjoint(record)
