"""The numbers of a dataset, added up row by row."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botcoin_dpo.constraints.kinds import KINDS, Kinds, constraint_kind, in_order
from botcoin_dpo.contract.audit_rules import SIGNALS
from botcoin_dpo.contract.distributions import Distribution, Tally
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.readable import Readable
from botcoin_dpo.rows.constraint_flips import FLIP_NAMES
from botcoin_dpo.statistics.hidden_counts import HiddenCounts

DISTRIBUTIONS = {
    "revision_time_ms": "revision, ms",
    "rejected_steps": "rejected steps",
    "chosen_steps": "chosen steps",
    "prompt_characters": "prompt chars",
    "rejected_characters": "rejected chars",
    "chosen_characters": "chosen chars",
    "constraint_gain": "gain",
}
"""The distributions by key, as a person reads them."""


@dataclass(slots=True, repr=False)
class DatasetStatistics(Readable):
    """The numbers of a dataset."""

    rows: int = 0
    by_split: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By pair type."""
    by_domain: Tally = field(default_factory=Tally)
    by_model: Tally = field(default_factory=Tally)
    constraints: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By kind: how its outcome went from rejected to chosen."""
    distributions: dict[str, Distribution] = field(
        default_factory=lambda: {name: Distribution() for name in DISTRIBUTIONS}
    )
    acceptance_paths: Tally = field(default_factory=Tally)
    improvement_bases: Tally = field(default_factory=Tally)
    paragraphs_touched: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By side: whether the trace cites a trap or a truth paragraph."""
    hidden_text: HiddenCounts = field(default_factory=lambda: HiddenCounts("rejected", "chosen"))
    audited: int = 0
    """Rows that carry an audit."""
    audit_flags: Tally = field(default_factory=Tally)
    audit_verdicts: Tally = field(default_factory=Tally)
    """Of both sides."""
    audit_signals: dict[str, Distribution] = field(
        default_factory=lambda: {name: Distribution() for name in SIGNALS}
    )

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "rows": self.rows,
            "rows_by_type": {kind: splits.counts.total() for kind, splits in self.by_split.items()},
            "domains": len(self.by_domain.counts),
            "models": len(self.by_model.counts),
            "audited": self.audited,
        }

    def merge(self, other: "DatasetStatistics") -> None:
        """Add the numbers of other rows."""
        self.rows += other.rows
        self.audited += other.audited
        for name in (
            "by_domain", "by_model", "acceptance_paths", "improvement_bases", "audit_flags",
            "audit_verdicts", "hidden_text",
        ):  # fmt: skip
            getattr(self, name).merge(getattr(other, name))
        for name in (
            "by_split", "constraints", "distributions", "paragraphs_touched", "audit_signals",
        ):  # fmt: skip
            mine = getattr(self, name)
            for key, theirs in getattr(other, name).items():
                mine[key].merge(theirs)

    def add(self, row: JsonObject, kinds: Kinds = KINDS) -> None:
        """Add a row that fits the schema, whose constraints may be of some kinds."""
        notes = row["pair_annotations"]
        self.rows += 1
        self.by_split[notes["pair_type"]].add(row["split"])
        self.by_domain.add(row["challenge_domain"])
        self.by_model.add(row["metadata"]["model"])
        self.acceptance_paths.add(notes["acceptance_path_transition"])
        self.improvement_bases.add(notes["improvement_basis"])
        found = [constraint_kind(text, kinds) for text in row["constraints"]]
        for name in FLIP_NAMES.values():
            for index in notes["constraint_flips"][name]:
                if index < len(found):
                    self.constraints[found[index]].add(name)
        values = {
            "revision_time_ms": notes["revision_time_ms"],
            "rejected_steps": row["rejected_metadata"]["trace_stats"].get("total_steps"),
            "chosen_steps": row["chosen_metadata"]["trace_stats"].get("total_steps"),
            "prompt_characters": len(row["prompt"]),
            "rejected_characters": len(row["rejected_text"]),
            "chosen_characters": len(row["chosen_text"]),
            "constraint_gain": notes["constraint_pass_delta"],
        }
        for name, value in values.items():
            self.distributions[name].add(value)
        for side in ("rejected", "chosen"):
            summary = row[f"{side}_metadata"]["trace_spatial_summary"]
            for kind in ("trap", "truth"):
                self.paragraphs_touched[side].add(
                    kind, int(summary.get(f"{kind}_paragraph_touched") is True)
                )
            written = row[side]
            model = row[f"{side}_metadata"]["model"]
            self.hidden_text.add(side, written["artifact"], model, [written["think"]])

        if "audit" in row:
            self._add_audit(row["audit"])

    def _add_audit(self, audit: JsonObject) -> None:
        self.audited += 1
        for rule in audit["flags"]:
            self.audit_flags.add(rule)
        for verdicts in audit["verdicts"].values():
            for status, count in verdicts.items():
                self.audit_verdicts.add(status, count)
        for name, value in audit["signals"].items():
            self.audit_signals[name].add(None if value is None else float(value))

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as `--json` prints them."""
        return {
            "kind": "dataset",
            "rows": self.rows,
            "pairs": {name: tally.as_json() for name, tally in sorted(self.by_split.items())},
            "domains": self.by_domain.as_json(),
            "models": self.by_model.as_json(),
            "constraints": {
                kind: {name: self.constraints[kind].counts[name] for name in FLIP_NAMES.values()}
                for kind in in_order(self.constraints)
            },
            "distributions": {
                name: distribution.as_json() for name, distribution in self.distributions.items()
            },
            "acceptance_paths": self.acceptance_paths.as_json(),
            "improvement_bases": self.improvement_bases.as_json(),
            "paragraphs_touched": {
                side: dict(tally.counts) for side, tally in sorted(self.paragraphs_touched.items())
            },
            "hidden_text": self.hidden_text.as_json(),
            "audit": {
                "rows": self.audited,
                "flags": self.audit_flags.as_json(),
                "verdicts": self.audit_verdicts.as_json(),
                "signals": {
                    name: distribution.as_json()
                    for name, distribution in self.audit_signals.items()
                },
            }
            if self.audited
            else None,
        }
