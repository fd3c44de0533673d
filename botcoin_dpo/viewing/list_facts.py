"""What a row is filtered and ordered by in the list of a page, beside its `PairFacts`."""

from typing import NamedTuple

from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.sanitize import sanitize_start
from botcoin_dpo.exporting.lengths import Estimate
from botcoin_dpo.exporting.texts import Texts
from botcoin_dpo.viewing.pair_facts import PairFacts
from botcoin_dpo.viewing.signs import levels_found, rank_of, signs_of

LARGE_GAP = 100
"""Tokens of a difference of lengths that a filter asks for."""

_MOST_OF_A_NAME = 60

_estimate = Estimate()


class ListFacts(NamedTuple):
    """What a catalogue keeps for the list of a page."""

    rank: int
    """0 for pairs that are listed first, see `rank_of`."""
    levels: str
    """Of the rules by which its audit found something, also by side, separated by blanks."""
    signs: str
    """Names of `SIGNS`, separated by blanks."""
    length_gap: int | None
    """Tokens by which the chosen text is longer."""
    domain_label: str | None
    """What filters call the domain, if that is not its name."""
    model_label: str | None


def list_facts(row: JsonObject, facts: PairFacts) -> ListFacts:
    """Return what a list needs of a row that fits its schema."""
    signs = signs_of(row, facts)
    return ListFacts(
        rank=rank_of(facts, signs),
        levels=" ".join(levels_found(row["audit"]["found_in"])) if "audit" in row else "",
        signs=" ".join(signs),
        length_gap=length_gap(Texts(row, "clean")),
        domain_label=_label(facts.domain),
        model_label=_label(facts.model),
    )


def length_gap(texts: Texts) -> int | None:
    """Return by how many tokens the chosen text is longer, by estimate; None if not known."""
    if texts.chosen is None or texts.rejected is None:
        return None
    return _estimate.prompt(texts.chosen) - _estimate.prompt(texts.rejected)


def gap_class(gap: int) -> str:
    """Return by how many tokens chosen is longer, as the filter has it."""
    side = "longer" if gap > 0 else "shorter" if gap < 0 else "equal"
    return f"{side} {side}-100" if abs(gap) >= LARGE_GAP else side


def filter_value(name: str | None) -> str:
    """Return what a filter of the page calls a name from the data."""
    return "(unknown)" if name is None else sanitize_start(name, _MOST_OF_A_NAME)


def _label(name: str | None) -> str | None:
    label = filter_value(name)
    return None if label == name else label
