"""What of a single pair may be worth a look: by these signs warnings count, and lists are filtered.

They follow from what every row has, so that they are known without an audit. Contract:
schemas/README.md, "Looking at pairs".
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from botcoin_dpo.contract.audit_rules import FAST_RETRY_MS, LEVELS, RULES
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import has_revision
from botcoin_dpo.viewing.pair_facts import PairFacts

NEARLY_EQUAL = 0.98
"""Share of words in common from which the two sides hardly differ."""


class Sign(NamedTuple):
    """A property of a pair."""

    meaning: str
    """As a filter names it."""
    drop_if: str
    """The condition of `--drop-if` that drops such pairs."""
    is_rare: bool
    """Whether such pairs are shown before others."""


SIGNS = {
    "fast": Sign("retried within 10 s", f"revision_time_ms:lt:{FAST_RETRY_MS}", True),
    "unmatched": Sign("a chosen citation does not match", "unmatched_citations:gt:0", False),
    "equal_artifacts": Sign("the same artifact twice", "equal_artifacts:eq:1", True),
    "nearly_equal": Sign("98% of the words in common", f"edit_similarity:ge:{NEARLY_EQUAL}", True),
    "speaks_of_before": Sign("chosen speaks of the attempt before", "revision_steps:gt:0", False),
}


def signs_of(row: JsonObject, facts: PairFacts) -> list[str]:
    """Return the signs of a row that fits its schema, in the order of `SIGNS`."""
    elapsed = facts.revision_time_ms
    rate = row["chosen_metadata"]["trace_validation"].get("citation_match_rate")
    has = {
        "fast": elapsed is not None and elapsed < FAST_RETRY_MS,
        "unmatched": isinstance(rate, int | float) and rate < 1,
        "equal_artifacts": row["chosen"]["artifact"] == row["rejected"]["artifact"],
        "nearly_equal": facts.similarity is not None and facts.similarity >= NEARLY_EQUAL,
        "speaks_of_before": has_revision(row["chosen"]["think"]),
    }
    return [name for name in SIGNS if has[name]]


def levels_of(flags: str | None) -> set[str]:
    """Return the levels of the rules by which an audit found something."""
    return {RULES[rule].level for rule in RULES if rule in (flags or "").split()}


def levels_found(found_in: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the levels of what an audit found, then for each whether chosen has such a finding.

    If it has none, rejected alone has one: see `LEVELS_BY_SIDE`.
    """
    rejected, chosen = (levels_of(" ".join(found_in[side])) for side in ("rejected", "chosen"))
    return [
        *(level for level in LEVELS if level in rejected | chosen),
        *(f"chosen:{level}" for level in LEVELS if level in chosen),
        *(f"only_rejected:{level}" for level in LEVELS if level in rejected - chosen),
    ]


LEVELS_BY_SIDE = {
    **{f"chosen:{level}": f"{level}, in chosen" for level in LEVELS},
    **{f"only_rejected:{level}": f"{level}, in rejected alone" for level in LEVELS},
}
"""What `levels_found` says of sides, as a filter names it."""


def rank_of(facts: PairFacts, signs: list[str]) -> int:
    """Return how early a pair is shown: 0 where a recorded label is wrong, 3 where all is usual."""
    levels = levels_of(facts.flags)
    if levels:
        return 0 if "contradicted" in levels else 1
    return 2 if any(SIGNS[name].is_rare for name in signs) else USUAL


USUAL = 3
"""The rank of a pair of which nothing is worth a look."""
