"""The two attempts of a row, as far as the row tells them.

A row has the traces as text: names of steps are not in it, nor are the coordinator's answers, so
less can be checked than in the logs. Contract: schemas/README.md, "Trace text", "Audit".
"""

import re
from dataclasses import replace
from typing import Any

from botcoin_dpo.attempts.attempt import PreviousAttempt
from botcoin_dpo.auditing.audited_attempt import AuditedAttempt
from botcoin_dpo.auditing.checks.computations import UNREAD
from botcoin_dpo.auditing.expected_texts.constraint_set import constraint_set_of
from botcoin_dpo.auditing.trace_evidence import TraceEvidence
from botcoin_dpo.constraints.kinds import KINDS, Kinds
from botcoin_dpo.contract.numbers import to_text
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.trace_lines import (
    COMPUTE_HEAD,
    EXTRACT_HEAD,
    action_of_line,
    lines_of,
    read_compute,
    read_extract,
)
from botcoin_dpo.contract.trace_text import COMPUTE, EXTRACT, PROVENANCE
from botcoin_dpo.rows.constraint_flips import FLIP_NAMES

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,15})?")
_THOUSANDS = re.compile(r"(?:^|,)[0-9]{1,3},[0-9]{3}(?:,|$)")
_OF_THE_TRACE = (
    "trace_validation",
    "trace_stats",
    "trace_spatial_summary",
    "trace_quality",
    "reasoning_depth",
)
_OF_THE_SESSION = (
    "answer_verification",
    "constraint_flip_summary",
    "time_since_previous_attempt_ms",
    "feedback_shown",
)
_TIERS = frozenset({"EXACT", "UNVERIFIED"})
"""Of citations that are matched as the contract says."""


def audited_attempts_of(
    row: JsonObject, kinds: Kinds = KINDS
) -> tuple[AuditedAttempt, AuditedAttempt]:
    """Return the rejected and the chosen attempt of a row that fits its schema."""
    rejected, chosen = (_subject(row, side, kinds) for side in ("rejected", "chosen"))
    notes = row["pair_annotations"]
    is_next = chosen.attempt_index == rejected.attempt_index + 1
    if notes["pair_family"] != "session" or not is_next:
        return rejected, chosen
    elapsed = notes["revision_time_ms"]
    if elapsed is not None and elapsed % 1000:  # else it may be that of clocks that tell seconds
        rejected, chosen = replace(rejected, submitted_at=0), replace(chosen, submitted_at=elapsed)
    return rejected, replace(
        chosen, previous=PreviousAttempt(rejected.outcomes, rejected.submitted_at)
    )


def _subject(row: JsonObject, side: str, kinds: Kinds) -> AuditedAttempt:
    metadata, notes = row[f"{side}_metadata"], row["pair_annotations"]
    is_one_miner = notes["pair_family"] == "session"  # else a row does not name the rejected one
    place = 0 if side == "rejected" else 1
    outcomes: list[bool | None] = [None] * len(row["constraints"])
    for held, name in FLIP_NAMES.items():
        for index in notes["constraint_flips"][name]:
            if index < len(outcomes):
                outcomes[index] = held[place]
    think = row[side]["think"]
    trace, is_whole = parsed_trace(think)
    # Where the text of a step is ambiguous, numbers over all steps are not checked.
    names = (*_OF_THE_TRACE, *_OF_THE_SESSION) if is_whole else _OF_THE_SESSION
    stored = {name: metadata[name] for name in names if metadata.get(name) is not None}
    if side == "chosen":  # whose record they are from
        stored["trap_metadata"] = row["trap_metadata"]
    checked = min(notes["constraint_total"], len(outcomes))
    return AuditedAttempt(
        record_id=metadata["record_id"],
        miner_id=row["metadata"]["miner_id"] if side == "chosen" or is_one_miner else "",
        attempt_index=metadata["attempt_index"],
        domain=row["challenge_domain"],
        model=metadata["model"],
        artifact=row[side]["artifact"],
        trace=trace,
        document=row["document"],
        questions=tuple(row["questions"]),
        constraints=row["constraints"],
        outcomes=outcomes,
        checked=checked,
        passed=metadata["pass"],
        is_credited=side == "chosen",
        answers=None,
        answers_are_ordered=False,
        traps=[trap for trap in row["trap_metadata"]["traps"] if isinstance(trap, dict)],
        acceptance_path=metadata["acceptance_path"],
        trap_classification=metadata["trap_classification"],
        paragraph_count=row["prompt_metadata"]["paragraph_count"],
        stored=stored,
        submitted_at=None,
        kinds=kinds,
        constraint_set=constraint_set_of(tuple(row["constraints"][:checked]), kinds),
        evidence=TraceEvidence(trace, row["document"]),
        trace_lines=lines_of(think),
    )


def parsed_trace(think: str) -> tuple[list[JsonObject], bool]:
    """Return the steps of a trace, one a line, and whether all could be read without doubt."""
    steps: list[JsonObject] = []
    is_whole = True
    for line in lines_of(think):
        step = _parsed_step(line)
        if step is None:
            is_whole = False
            step = {"action": f"{action_of_line(line) or ''} (unread)"}
        steps.append(step)
    return steps, is_whole


def _parsed_step(line: str) -> JsonObject | None:
    if line.startswith(EXTRACT_HEAD):
        return _extract_step(line)
    if line.startswith(COMPUTE_HEAD):
        return _compute_step(line)
    action = action_of_line(line)
    return None if action is None else {"action": action}


def _extract_step(line: str) -> JsonObject | None:
    read = read_extract(line)
    if read is None or "null" in (read.entity, read.attribute, read.value):
        return None  # nothing, or a text that says null
    provenance: JsonObject = {}
    if read.tier:
        provenance["quote_match"] = read.tier.upper()
        if read.tier.upper() not in _TIERS:  # of another way to match citations
            provenance["match_method"] = "untold"
    if read.zone:
        provenance["semantic_zone"] = read.zone
    return {
        "action": EXTRACT,
        "targetEntity": read.entity,
        "attribute": read.attribute,
        "valueExtracted": _value(read.value),
        "source": read.source,
        PROVENANCE: provenance or None,
    }


def _compute_step(line: str) -> JsonObject | None:
    read = read_compute(line)
    if read is None:
        return None
    inputs = [_value(text) for text in read.inputs.split(",")] if read.inputs else []
    is_plain = not _THOUSANDS.search(read.inputs)  # `1,200` may be one number or two
    if not is_plain or not all(isinstance(each, int | float) for each in inputs):
        return {"action": COMPUTE, "operation": UNREAD}  # it names steps, which a row does not
    return {
        "action": COMPUTE,
        "operation": read.operation,
        "inputs": inputs,
        "result": _value(read.result),
    }


def _value(text: str) -> Any:
    """Return the number that a text is, as traces write numbers; else the text itself."""
    if text in ("true", "false"):
        return text == "true"
    if not _NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text else int(text)
    return number if to_text(number) == text else text
