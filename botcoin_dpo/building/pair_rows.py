"""Rows of the pairs of one challenge by one strategy, and which of these pairs stay.

Contract: schemas/README.md, "The row", "Choosing pairs".
"""

from collections import Counter

from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.building.options import BuildOptions
from botcoin_dpo.contract.pair_types import EXCLUDED
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.rejections import Cause, Rejection
from botcoin_dpo.contract.schemas import Schema
from botcoin_dpo.pairing.strategy import Pair, Strategy
from botcoin_dpo.rows.row import make_row
from botcoin_dpo.sessions.candidates import Candidate

_HELD = 16
"""Rows held at once; those of other pairs are made again, since a row may have megabytes."""


class PairRows:
    """Makes rows, and decides by them which pairs stay."""

    def __init__(
        self,
        strategy: Strategy,
        loader: AttemptLoader,
        options: BuildOptions,
        schema: Schema,
        dropped: Counter[str],
    ) -> None:
        """Make rows of pairs.

        Args:
            strategy: made the pairs.
            loader: decodes their attempts.
            options: what shapes the rows, and which pairs stay.
            schema: of the rows.
            dropped: counts dropped pairs by reason.
        """
        self._strategy, self._loader, self._options = strategy, loader, options
        self._schema, self._dropped = schema, dropped
        self._held: dict[Pair, JsonObject] = {}
        self.unfit: dict[Candidate, Rejection] = {}
        """Chosen attempts with a row that does not fit its schema, and why the first does not."""

    def stays(self, pair: Pair) -> bool:
        """Return whether a pair stays, and count it if not: conditions, ids, schema."""
        row, audit = self._make(pair)
        reason = self._options.choice.reason_to_drop(row, audit)
        if reason is None and self._options.exclude.holds(row):
            reason = EXCLUDED
        if reason is None and not self._schema.is_valid(row):
            reason = "row_schema_violation"
            if pair.chosen not in self.unfit:
                self.unfit[pair.chosen] = self._rejection_of(row, pair.chosen)
        if reason is not None:
            self._dropped[reason] += 1
        elif len(self._held) < _HELD:
            self._held[pair] = row
        return reason is None

    def pop(self, pair: Pair) -> JsonObject:
        """Return the row of a pair that stays; it is not held any more."""
        return self._held.pop(pair, None) or self._make(pair)[0]

    def _make(self, pair: Pair) -> tuple[JsonObject, JsonObject | None]:
        """Return the row of a pair, and its audit if something asks for it."""
        rejected, chosen = self._loader.load(pair.rejected), self._loader.load(pair.chosen)
        options = self._options
        row = make_row(rejected, chosen, self._strategy, options.splits)
        if not options.audit and options.choice.first_that_needs_audit is None:
            return row, None
        audit = self._audit(row, rejected, chosen)
        if options.audit:
            row["audit"] = audit
        return row, audit

    def _audit(self, row: JsonObject, rejected: Attempt, chosen: Attempt) -> JsonObject:
        from botcoin_dpo.auditing.pair_audit import audit_pair  # builds without it start faster

        elapsed = row["pair_annotations"]["revision_time_ms"]
        return audit_pair(rejected, chosen, elapsed, self._loader.previous).as_json()

    def _rejection_of(self, row: JsonObject, chosen: Candidate) -> Rejection:
        """Return the entry of a row that does not fit its schema."""
        problem = self._schema.first_violation(row)
        cause = Cause("row_schema_violation", f"{problem.pointer}: {problem.message}")
        return Rejection(chosen.ref.location.place, cause, row["chosen_metadata"]["record_id"])
