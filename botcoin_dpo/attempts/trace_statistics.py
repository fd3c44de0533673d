"""Numbers about a trace that follow from its steps alone.

Contract: schemas/README.md, "Trace statistics". On the published records they equal what is stored.
"""

from itertools import pairwise

from botcoin_dpo.attempts.citations import Citation
from botcoin_dpo.contract import numbers
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_text import COMPUTE, EXTRACT, PROVENANCE


def step_counts(trace: list[JsonObject]) -> JsonObject:
    """Return `trace_stats`."""
    actions = [step.get("action") for step in trace]
    extract, compute = actions.count(EXTRACT), actions.count(COMPUTE)
    return {
        "total_steps": len(actions),
        "extract_fact_steps": extract,
        "compute_logic_steps": compute,
        "reasoning_steps": len(actions) - extract - compute,
    }


def spatial_summary(citations: list[Citation]) -> JsonObject:
    """Return `trace_spatial_summary`: where in the document the extract steps read."""
    cited = [each.paragraph for each in citations if each.paragraph is not None]
    provenances = [
        provenance
        for each in citations
        if isinstance(provenance := each.step.get(PROVENANCE), dict)
    ]
    touched = sorted(set(cited))
    jumps = [later - earlier for earlier, later in pairwise(cited)]
    zones = [provenance.get("semantic_zone") for provenance in provenances]
    return {
        "paragraphs_touched": touched,
        "unique_paragraphs_count": len(touched),
        "paragraph_span": touched[-1] - touched[0] if touched else 0,
        "extraction_order_correlation": order_correlation(cited),
        "max_forward_jump": max(0, *jumps, 0),
        "max_backward_jump": -min(0, *jumps, 0),
        "trap_paragraph_touched": "TRAP" in zones,
        "truth_paragraph_touched": "GROUND_TRUTH" in zones,
        "unverified_quote_count": [
            provenance.get("quote_match") for provenance in provenances
        ].count("UNVERIFIED"),
    }


def order_correlation(cited: list[int]) -> float | int:
    """Return Spearman's rho between position and paragraph, rounded to 2 decimals.

    Ties rank in order of appearance (`1 - 6 Σd² / (n (n² - 1))`); 0 for fewer than two.
    """
    count = len(cited)
    if count < 2:
        return 0
    by_paragraph = sorted(range(count), key=cited.__getitem__)
    distance = sum((position - rank) ** 2 for rank, position in enumerate(by_paragraph))
    return numbers.round_half_up(1 - 6 * distance / (count * (count**2 - 1)), 2)
