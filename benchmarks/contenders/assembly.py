"""What every contender shares: which attempts pair, and the row of a pair.

Written as someone would who has read the format and trusts the logs: whatever the records carry is
carried over, nothing is derived or checked.
"""

import hashlib
import json
from typing import Any

Record = dict[str, Any]

_INSTRUCTION = (
    "You are solving a deterministic reasoning challenge. Read the document carefully, answer the "
    "questions, and construct a single artifact string satisfying all constraints."
)
_CARRIED = (
    "record_id", "attempt_index", "acceptance_path", "trap_classification", "pass",
    "credit_eligible", "constraint_pass_count", "constraint_fail_count", "coarse_progress_bucket",
)  # fmt: skip
_ALSO_CARRIED = (
    "trace_spatial_summary", "error_annotation", "time_since_previous_attempt_ms",
    "feedback_shown", "constraint_flip_summary", "retry_metadata", "timestamp",
)  # fmt: skip


def is_credited(record: Record) -> bool:
    """Return whether an attempt is a credited pass."""
    return (
        record["pass"]
        and record.get("credit_eligible") is not False
        and record.get("acceptance_path") != "A"
    )


def pairs_of(session: list[Record]) -> list[tuple[Record, Record]]:
    """Return the sequential pairs of a session, whatever of each attempt is at hand."""
    by_index = {record["attempt_index"]: record for record in session}
    pairs = []
    for index, chosen in sorted(by_index.items()):
        rejected = by_index.get(index - 1)
        if rejected is not None and is_credited(chosen) and not is_credited(rejected):
            pairs.append((rejected, chosen))
    return pairs


def row_of(rejected: Record, chosen: Record, session: list[Record]) -> Record:
    """Return the row of a pair."""
    context, domain = chosen["challenge_context"], chosen["challenge_domain"]
    document = context["document"]
    sides = {"rejected": rejected, "chosen": chosen}
    texts = {side: _think(record) for side, record in sides.items()}
    metadata = {side: _metadata(record) for side, record in sides.items()}
    last = max(session, key=lambda record: record["attempt_index"])
    row: Record = {
        "example_type": "session_revision_pair_sequential",
        "storage_schema_version": "hf_export/v1",
        "dataset_namespace": chosen["dataset_namespace"],
        "split": _split(document),
        "challenge_id": chosen["challenge_id"],
        "challenge_seed": chosen["challenge_seed"],
        "challenge_domain": domain,
        "document": document,
        "questions": context["questions"],
        "constraints": context["constraints"],
        "trap_metadata": chosen["trap_metadata"],
        "prompt": _prompt(context),
        "prompt_metadata": {
            "paragraph_count": context["paragraph_count"],
            "question_count": len(context["questions"]),
            "constraint_count": chosen["constraint_total"],
            "trap_count": chosen["trap_metadata"]["trap_count"],
            "challenge_domain": domain,
        },
    }
    for side, record in sides.items():
        artifact = record["submission"]["artifact"]
        row[side] = {"think": texts[side], "artifact": artifact}
        row[f"{side}_text"] = f'<think>\n{texts[side]}\n</think>\nArtifact: "{artifact}"'
        row[f"{side}_metadata"] = metadata[side]
    row["pair_annotations"] = _annotations(rejected, chosen, metadata)
    row["metadata"] = {
        "miner_id": chosen["miner_id"],
        "model": chosen["submission"]["model"],
        "session_attempts_total": len(session),
        "session_final_status": last["session_status"],
    }
    return row


def _split(document: str) -> str:
    share = int.from_bytes(hashlib.sha256(document.encode()).digest()[:8], "big") / 2**64
    return "train" if share < 0.9 else "validation" if share < 0.9 + 0.05 else "test"


def _prompt(context: Record) -> str:
    questions = [f"Q{number}: {text}" for number, text in enumerate(context["questions"], 1)]
    constraints = [f"{number}. {text}" for number, text in enumerate(context["constraints"], 1)]
    return "\n".join(
        (
            _INSTRUCTION, "", "=== DOCUMENT ===", context["document"], "",
            "=== QUESTIONS ===", *questions, "", "=== CONSTRAINTS ===", *constraints, "",
        )
    )  # fmt: skip


def _think(record: Record) -> str:
    return "\n".join(map(_step, record["submission"]["reasoning_trace"]))


def _step(step: Record) -> str:
    action = step["action"]
    if action == "extract_fact":
        provenance = step["coordinator_provenance"]
        return (
            f"> extract: {step['targetEntity']} | {step['attribute']} | "
            f"{_value(step['valueExtracted'])} | {step['source']} | "
            f"{provenance['quote_match'].lower()} | zone:{provenance['semantic_zone']}"
        )
    if action == "compute_logic":
        inputs = ",".join(map(_value, step["inputs"]))
        return (
            f"> compute: {step['operation']} | inputs=[{inputs}] | result={_value(step['result'])}"
        )
    return f"> {action}: {step['note']}"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _metadata(record: Record) -> Record:
    validation, answers = record["trace_validation"], record["answer_verification"]
    metadata = {name: record[name] for name in _CARRIED}
    metadata["model"] = record["submission"]["model"]
    metadata["trace_stats"] = record["trace_stats"]
    metadata["trace_validation"] = {
        name: validation[name] for name in ("ok", "citation_match_rate", "programmatic_score")
    }
    metadata |= {name: record.get(name) for name in _ALSO_CARRIED}
    if metadata["constraint_flip_summary"] is None:
        del metadata["constraint_flip_summary"]
    metadata["trace_quality"] = record["trace_quality"]
    metadata["reasoning_depth"] = record["reasoning_depth"]
    metadata["answer_verification"] = {
        name: answers[name] for name in ("correct", "total", "required", "passed_threshold")
    }
    return metadata


def _annotations(rejected: Record, chosen: Record, metadata: dict[str, Record]) -> Record:
    before, after = metadata["rejected"], metadata["chosen"]
    failed = [set(record["constraints_failed"]) for record in (rejected, chosen)]
    flips: dict[str, list[int]] = {
        name: [] for name in ("flipped_to_pass", "flipped_to_fail", "stayed_pass", "stayed_fail")
    }
    for index in range(len(chosen["challenge_context"]["constraints"])):
        was, now = index not in failed[0], index not in failed[1]
        how = "stayed" if was == now else "flipped_to"
        flips[f"{how}_{'pass' if now else 'fail'}"].append(index)
    gain = after["constraint_pass_count"] - before["constraint_pass_count"]
    if gain > 0:
        basis = "constraint_count_increase"
    elif before["pass"] and before["acceptance_path"] == "A":
        basis = "acceptance_path_upgrade"
    elif not before["answer_verification"]["passed_threshold"]:
        basis = "answer_threshold_met"
    elif not before["trace_validation"]["ok"]:
        basis = "trace_validation_recovered"
    else:
        basis = "acceptance"
    stats = [side["trace_stats"] for side in (before, after)]
    rates = [side["trace_validation"]["citation_match_rate"] for side in (before, after)]
    return {
        "pair_family": "session",
        "pair_type": "sequential",
        "rejected_attempt_index": rejected["attempt_index"],
        "chosen_attempt_index": chosen["attempt_index"],
        "constraint_pass_delta": gain,
        "constraint_total": chosen["constraint_total"],
        "feedback_between_attempts": chosen["feedback_shown"],
        "constraint_flips": flips,
        "revision_time_ms": chosen["attempt_submitted_at"] - rejected["attempt_submitted_at"],
        "trace_shape_delta": {
            "total_steps": stats[1]["total_steps"] - stats[0]["total_steps"],
            "extract_steps": stats[1]["extract_fact_steps"] - stats[0]["extract_fact_steps"],
            "compute_steps": stats[1]["compute_logic_steps"] - stats[0]["compute_logic_steps"],
            "citation_rate_delta": round(rates[1] - rates[0], 6),
        },
        "acceptance_path_transition": f"{before['acceptance_path']} -> {after['acceptance_path']}",
        "trap_classification_transition": (
            f"{before['trap_classification']} -> {after['trap_classification']}"
        ),
        "same_input_verified": True,
        "improvement_basis": basis,
        "derived_from_observed_data_only": True,
    }
