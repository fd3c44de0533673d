"""The few facts of a row by which people look for pairs."""

from collections.abc import Iterable
from typing import NamedTuple

from botcoin_dpo.auditing.signals import edit_similarity
from botcoin_dpo.constraints.kinds import KINDS, Kinds, constraint_kind, in_order
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.verdicts import GROUNDS, Ground

NO_GROUND = "none"


class PairFacts(NamedTuple):
    """What a list of pairs shows."""

    pair_id: str
    challenge_id: str
    rejected_id: str
    chosen_id: str
    domain: str | None
    model: str | None
    split: str
    pair_type: str
    rejected_index: int
    chosen_index: int
    gain: int
    """Constraints passed, chosen - rejected."""
    revision_time_ms: int | None
    similarity: float | None
    """Of the words of the two texts, from 0 to 1."""
    repaired: str
    """Kinds of the constraints that flipped to pass, each once, separated by blanks."""
    basis: str
    """The row's `improvement_basis`."""
    flags: str | None
    """Rules by which its audit found something, separated by blanks; None without an audit."""
    ground: str | None
    """The worst that a verdict on an outcome stands on, `none` where one stands on nothing."""


def pair_facts(row: JsonObject, kinds: Kinds = KINDS) -> PairFacts:
    """Return the facts of a row that fits its schema."""
    notes = row["pair_annotations"]
    texts = row["constraints"]
    flipped = {
        constraint_kind(texts[index], kinds)
        for index in notes["constraint_flips"]["flipped_to_pass"]
        if index < len(texts)
    }
    return PairFacts(
        pair_id=pair_id_of(row),
        challenge_id=row["challenge_id"],
        rejected_id=row["rejected_metadata"]["record_id"],
        chosen_id=row["chosen_metadata"]["record_id"],
        domain=row["challenge_domain"],
        model=row["metadata"]["model"],
        split=row["split"],
        pair_type=notes["pair_type"],
        rejected_index=row["rejected_metadata"]["attempt_index"],
        chosen_index=row["chosen_metadata"]["attempt_index"],
        gain=notes["constraint_pass_delta"],
        revision_time_ms=notes["revision_time_ms"],
        similarity=edit_similarity(row["rejected_text"], row["chosen_text"]),
        repaired=" ".join(in_order(flipped)),
        basis=notes["improvement_basis"],
        flags=" ".join(row["audit"]["flags"]) if "audit" in row else None,
        ground=_worst_ground(row["audit"]) if "audit" in row else None,
    )


def worst_ground(grounds: Iterable[Ground | None]) -> str:
    """Return the worst of what verdicts stand on, `none` if one stands on nothing."""
    found = set(grounds)
    known = next((name for name in reversed(GROUNDS) if name in found), None)
    return NO_GROUND if None in found or known is None else known


def _worst_ground(audit: JsonObject) -> str:
    """Return the worst ground of a verdict of either side, `none` if one stands on nothing."""
    found: set[Ground | None] = set()
    for side, verdicts in audit["verdicts"].items():
        known = 0
        for counts in audit["grounds"][side].values():
            known += sum(counts.values())
            found.update(counts)
        if sum(verdicts.values()) > known:
            found.add(None)
    return worst_ground(found)
