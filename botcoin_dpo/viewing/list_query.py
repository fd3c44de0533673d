"""What the list of a page asks a catalogue for: filters, words, and an order, as SQL.

Values are parameters of the statement; names of columns are ours. Filters mean the same as on a
page that has its pairs with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from botcoin_dpo.contract.audit_rules import LEVELS
from botcoin_dpo.viewing.list_facts import LARGE_GAP
from botcoin_dpo.viewing.signs import LEVELS_BY_SIDE

FILTERS = ("flag", "ground", "sign", "kind", "gain", "gap", "domain", "model", "type", "split")

DOMAIN, MODEL = "coalesce(domain_label, domain)", "coalesce(model_label, model)"

_GAPS = {
    "longer": "length_gap > 0",
    "shorter": "length_gap < 0",
    "equal": "length_gap = 0",
    "longer-100": f"length_gap >= {LARGE_GAP}",
    "shorter-100": f"length_gap <= -{LARGE_GAP}",
}
_EQUAL = {
    "ground": "ground", "gain": "CAST(gain AS TEXT)", "domain": DOMAIN, "model": MODEL,
    "type": "pair_type", "split": "split",
}  # fmt: skip
_SEVERAL = {"flag": "flags", "sign": "signs", "kind": "repaired"}
"""Columns of several values, with blanks between them."""

_LEVELS = {*LEVELS, *LEVELS_BY_SIDE}

_ORDERED_BY = {
    "pair": "number", "domain": "lower(domain)", "model": "lower(model)", "type": "pair_type",
    "split": "split", "repaired": "nullif(repaired, '')", "found": "nullif(flags, '')",
    "gain": "gain", "length": "length_gap", "time": "revision_time_ms", "alike": "similarity",
}  # fmt: skip
COLUMNS = tuple(_ORDERED_BY)
"""By which a list can be sorted."""

_SEARCHED = " || ' ' || ".join(
    ["number", "pair_id", "challenge_id", "rejected_id", "chosen_id", DOMAIN, MODEL,
     "pair_type", "split", "repaired", "coalesce(flags, '')"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which pairs a list has, and in which order."""

    filters: tuple[tuple[str, str], ...] = ()
    """Names of `FILTERS` with the value that a pair must have."""
    words: tuple[str, ...] = ()
    """Texts that stand somewhere in what a list shows of a pair, or in its ids."""
    ids: tuple[str, ...] | None = None
    """The ids of the only pairs that are wanted."""
    column: str | None = None
    """Of `COLUMNS`; None for pairs first that are worth a look."""
    is_descending: bool = False

    def where(self) -> tuple[str, Sequence[str]]:
        """Return the condition, empty for any pair, and the values of its parameters."""
        terms: list[str] = []
        values: list[str] = []
        for name, value in self.filters:
            if name == "gap":
                terms.append(_GAPS.get(value, "0"))
            elif name in _SEVERAL:
                column = "levels" if value in _LEVELS else _SEVERAL[name]
                terms.append(f"{column} > '' AND instr(' ' || {column} || ' ', ' ' || ? || ' ')")
                values.append(value)
            else:
                terms.append(f"{_EQUAL[name]} = ?")
                values.append(value)
        for word in self.words:
            terms.append(f"instr(lower({_SEARCHED}), lower(?))")  # both know ASCII alone
            values.append(word)
        if self.ids is not None:
            terms.append(f"pair_id IN ({', '.join('?' * len(self.ids))})")
            values += self.ids
        return (f"WHERE {' AND '.join(terms)}" if terms else ""), values

    def order(self) -> str:
        """Return by what to order; what is not known comes last."""
        if self.column is None:
            return "rank, number"
        value = _ORDERED_BY[self.column]
        direction = " DESC" if self.is_descending else ""
        if self.column == "pair":  # without more, so that an index is used
            return f"{value}{direction}"
        return f"{value} IS NULL, {value}{direction}, number"
