"""The values that filters of a list may have: those that some pair of the dataset has."""

from collections.abc import Iterator

from botcoin_dpo.contract.audit_rules import LEVELS, RULES
from botcoin_dpo.contract.verdicts import GROUNDS
from botcoin_dpo.viewing.list_facts import ListFacts, gap_class
from botcoin_dpo.viewing.list_query import FILTERS
from botcoin_dpo.viewing.pair_facts import NO_GROUND, PairFacts
from botcoin_dpo.viewing.signs import LEVELS_BY_SIDE, SIGNS

_MOST_SEEN = 10_000
_MOST_CHOICES = 200
"""Of names from the data; all others can be searched for."""

_IN_ORDER = {
    "flag": (*LEVELS, *LEVELS_BY_SIDE, *RULES),
    "ground": (*GROUNDS, NO_GROUND),
    "sign": tuple(SIGNS),
}


class ListChoices:
    """Collects values row by row; memory does not grow with rows."""

    def __init__(self) -> None:
        """Know no row yet."""
        self._seen: dict[str, set[str]] = {name: set() for name in FILTERS}

    def add(self, facts: PairFacts, listed: ListFacts) -> None:
        """Add what one row has; values with blanks between them are taken apart later."""
        gap = listed.length_gap
        values = (
            f"{listed.levels} {facts.flags or ''}", facts.ground or "", listed.signs,
            facts.repaired, str(facts.gain),
            "" if gap is None else gap_class(gap), listed.domain_label or facts.domain or "",
            listed.model_label or facts.model or "", facts.pair_type, facts.split,
        )  # fmt: skip
        for seen, value in zip(self._seen.values(), values, strict=True):
            if value not in seen and len(seen) < _MOST_SEEN:
                seen.add(value)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each filter with each of its values, in the order of a page."""
        for name, seen in self._seen.items():
            yield from ((name, value) for value in in_order(name, seen)[:_MOST_CHOICES])


def in_order(name: str, seen: set[str]) -> list[str]:
    """Return the values of a filter that stand in those of pairs; names may have blanks."""
    if name in ("domain", "model"):
        return sorted(seen - {""})
    values = {value for several in seen for value in several.split()}
    known = _IN_ORDER.get(name)
    return sorted(values) if known is None else [each for each in known if each in values]
