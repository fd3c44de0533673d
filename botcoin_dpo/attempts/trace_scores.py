"""The scores that a coordinator gives a trace.

Rows carry them and never derive them; the simulator computes them, and an audit can do so again.
Contract: schemas/README.md, "Trace scores". On the published records they equal what is stored.
"""

from botcoin_dpo.contract.numbers import ratio, round_half_up
from botcoin_dpo.contract.record_types import JsonObject

_FULL_COVERAGE = 8
"""Different paragraphs cited that count as full coverage."""


def trace_quality(stats: JsonObject, summary: JsonObject, match_rate: float) -> JsonObject:
    """Return `trace_quality`.

    Args:
        stats: `trace_stats`.
        summary: `trace_spatial_summary`.
        match_rate: matched citations / extract steps.
    """
    total, other = stats["total_steps"], stats["reasoning_steps"]
    unmatched = round(stats["extract_fact_steps"] * (1 - match_rate))
    verified = total - unmatched - other
    coverage = min(1, summary["unique_paragraphs_count"] / _FULL_COVERAGE)
    zones = (summary["truth_paragraph_touched"] + summary["trap_paragraph_touched"]) / 2
    score = (
        0.30 * match_rate
        + 0.20 * coverage
        + 0.15 * ratio(other, total)
        + 0.15 * zones
        + 0.15 * ratio(verified, total)
    )
    return {
        "total_steps": total,
        "verified_steps": verified,
        "unverified_steps": total - verified,
        "citation_match_rate": match_rate,
        "unique_paragraphs": summary["unique_paragraphs_count"],
        "paragraph_coverage": round_half_up(coverage, 3),
        "reasoning_step_ratio": round_half_up(ratio(other, total), 3),
        "trap_engagement": round_half_up(zones, 3),
        "revision_signal": 0,
        "extraction_order_correlation": summary["extraction_order_correlation"],
        "verified_step_ratio": round_half_up(ratio(verified, total), 3),
        "reasoning_trace_quality_score": round_half_up(score, 3),
    }


def reasoning_depth(stats: JsonObject, summary: JsonObject, paragraph_count: int) -> JsonObject:
    """Return `reasoning_depth`; the arguments are as in `trace_quality`."""
    parts = {
        "paragraph_coverage": ratio(summary["unique_paragraphs_count"], paragraph_count),
        "non_monotonic_access": (1 - summary["extraction_order_correlation"]) / 2,
        "reasoning_step_ratio": ratio(stats["reasoning_steps"], stats["total_steps"]),
        "compute_ratio": min(1, ratio(stats["compute_logic_steps"], stats["extract_fact_steps"])),
        "dual_zone_engagement": int(
            summary["trap_paragraph_touched"] and summary["truth_paragraph_touched"]
        ),
    }
    score = sum(parts.values()) / len(parts)
    return {
        "reasoning_depth_score": round_half_up(score, 3),
        **{name: round_half_up(part, 3) for name, part in parts.items()},
    }
