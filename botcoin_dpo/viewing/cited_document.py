"""The document of a pair by paragraph, with who cites each and what the traps say of it."""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, TypeGuard

from botcoin_dpo.attempts.citations import citation_of
from botcoin_dpo.contract.paragraphs import split_paragraphs
from botcoin_dpo.contract.record_types import JsonObject

Zone = Literal["trap", "truth"]


class CitedParagraph(NamedTuple):
    """One paragraph."""

    number: int | None
    """As it is cited; None for text before the first, and for a number that was there before."""
    text: str
    by_rejected: bool
    """Whether the rejected trace cites it."""
    by_chosen: bool
    zone: Zone | None
    """Whether it states the superseded value of a trap, or the correct one."""


def cited_document(
    document: str,
    rejected: Iterable[JsonObject],
    chosen: Iterable[JsonObject],
    traps: Iterable[Any],
) -> list[CitedParagraph]:
    """Return the paragraphs of a document.

    Args:
        document: as in the row.
        rejected: the steps of the rejected trace.
        chosen: the steps of the chosen trace.
        traps: `trap_metadata.traps`; paragraphs count from 0 there.
    """
    cited = [{citation_of(step).paragraph for step in steps} for steps in (rejected, chosen)]
    zones = _zones(traps)
    paragraphs: list[CitedParagraph] = []
    seen: set[int] = set()
    before, numbered = split_paragraphs(document)
    for name, text in ((None, before), *numbered):
        number = None if name in seen else name
        if number is not None:
            seen.add(number)
        elif not text.strip():
            continue
        by_rejected, by_chosen = (number is not None and number in each for each in cited)
        zone = None if number is None else zones.get(number)
        paragraphs.append(CitedParagraph(number, text.strip(), by_rejected, by_chosen, zone))
    return paragraphs


def _zones(traps: Iterable[Any]) -> dict[int, Zone]:
    """Return the zone of paragraphs that traps name, by the number they are cited by."""
    zones: dict[int, Zone] = {}
    for trap in traps:
        if not isinstance(trap, dict):
            continue
        wrong = trap.get("wrong_paragraphs")
        for index in wrong if isinstance(wrong, list) else ():
            if _is_index(index):
                zones[index + 1] = "trap"
        if _is_index(correct := trap.get("correct_paragraph")):
            zones[correct + 1] = "truth"
    return zones


def _is_index(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
