"""Checks one row: first against the schema, then against itself.

A schema cannot see wrong numbers. What can be recomputed from the row alone is recomputed here, by
the functions that made it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.audit_rules import in_order_of_rules
from botcoin_dpo.contract.outcomes import is_credited
from botcoin_dpo.contract.pair_types import PAIR_FAMILIES, example_type
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.logs.unsafe_text import token_in, unsafe_artifact, unsafe_prompt
from botcoin_dpo.rows.annotations import (
    TRANSITIONS,
    improvement_basis,
    trace_shape_delta,
    transition,
)
from botcoin_dpo.rows.constraint_flips import FLIP_NAMES
from botcoin_dpo.rows.prompt import completion_text, prompt_text


class RowFinding(NamedTuple):
    """One thing that is wrong with a row."""

    pointer: str
    rule: str
    message: str


def check_row(row: object) -> list[RowFinding]:
    """Return what is wrong with a decoded row; empty if nothing is."""
    if not schemas.is_valid("pair", row):
        return [
            RowFinding(problem.pointer, "schema", problem.message)
            for problem in schemas.explain("pair", row)
        ]
    assert isinstance(row, dict)
    return [finding for check in _CHECKS for finding in check(row)]


def unsafe_texts(row: JsonObject) -> Iterator[RowFinding]:
    """Yield the texts of a row that fits its schema for which its attempts would be quarantined."""
    if found := unsafe_prompt(row["document"], row["questions"], row["constraints"]):
        yield RowFinding("/prompt", "unsafe_text", found)
    for side in ("rejected", "chosen"):
        for pointer, text in (
            (f"/{side}/think", row[side]["think"]),
            (f"/{side}_metadata/model", row[f"{side}_metadata"]["model"] or ""),
        ):
            if token := token_in(text):
                yield RowFinding(pointer, "unsafe_text", f"holds {token!a}")
        if found := unsafe_artifact(row[side]["artifact"]):
            yield RowFinding(f"/{side}/artifact", "unsafe_text", found)


def _prompt(row: JsonObject) -> Iterator[RowFinding]:
    if row["prompt"] != prompt_text(row["document"], row["questions"], row["constraints"]):
        yield RowFinding("/prompt", "prompt", "differs from document, questions and constraints")
    expected = {
        "question_count": len(row["questions"]),
        "constraint_count": row["pair_annotations"]["constraint_total"],
        "trap_count": row["trap_metadata"]["trap_count"],
        "challenge_domain": row["challenge_domain"],
    }
    for name, value in expected.items():
        yield from _equal(
            row["prompt_metadata"][name], value, f"/prompt_metadata/{name}", "prompt_metadata"
        )


def _texts(row: JsonObject) -> Iterator[RowFinding]:
    for side in ("rejected", "chosen"):
        if row[f"{side}_text"] != completion_text(row[side]["think"], row[side]["artifact"]):
            yield RowFinding(f"/{side}_text", "side_text", f"differs from the parts of {side}")


def _kind(row: JsonObject) -> Iterator[RowFinding]:
    notes = row["pair_annotations"]
    kind = notes["pair_type"]
    family, at = PAIR_FAMILIES[kind], "/pair_annotations"
    expected = example_type(kind, family)
    yield from _equal(row["example_type"], expected, "/example_type", "pair_kind")
    yield from _equal(notes["pair_family"], family, f"{at}/pair_family", "pair_kind")
    for side in ("rejected", "chosen"):
        name = f"{side}_attempt_index"
        index = row[f"{side}_metadata"]["attempt_index"]
        yield from _equal(notes[name], index, f"{at}/{name}", "pair_kind")
    rejected, chosen = notes["rejected_attempt_index"], notes["chosen_attempt_index"]
    if kind == "sequential" and rejected != chosen - 1:
        message = f"attempt {rejected} is not right before attempt {chosen}"
        yield RowFinding(f"{at}/rejected_attempt_index", "pair_kind", message)
    elif family == "session" and rejected >= chosen:
        message = f"attempt {rejected} is not before attempt {chosen}"
        yield RowFinding(f"{at}/rejected_attempt_index", "pair_kind", message)


def _label(row: JsonObject) -> Iterator[RowFinding]:
    for side, expected in (("rejected", False), ("chosen", True)):
        metadata = row[f"{side}_metadata"]
        if is_credited(*(metadata[name] for name in _CREDIT)) != expected:
            said = ", ".join(f"{name} {metadata[name]!r:.40}" for name in _CREDIT)
            yield RowFinding(f"/{side}_metadata", "label", f"cannot be {side}: {said}")
    if row["rejected"] == row["chosen"]:
        yield RowFinding("/rejected", "label", "both sides have the same trace and artifact")


_CREDIT = ("pass", "credit_eligible", "acceptance_path")


def _constraints(row: JsonObject) -> Iterator[RowFinding]:
    notes = row["pair_annotations"]
    flips = notes["constraint_flips"]
    at = "/pair_annotations/constraint_flips"
    listed = sorted(index for name in FLIP_NAMES.values() for index in flips[name])
    if listed != list(range(len(row["constraints"]))):
        message = f"lists {listed}, the constraints are 0 to {len(row['constraints']) - 1}"
        yield RowFinding(at, "constraint_flips", message)
        return
    for name in FLIP_NAMES.values():
        if flips[name] != sorted(flips[name]):
            yield RowFinding(f"{at}/{name}", "constraint_flips", "is not ascending")
    outcomes = {index: key for key, name in FLIP_NAMES.items() for index in flips[name]}
    for number, side in enumerate(("rejected", "chosen")):
        metadata = row[f"{side}_metadata"]
        passed, failed = metadata["constraint_pass_count"], metadata["constraint_fail_count"]
        checked = [outcomes[index][number] for index in sorted(outcomes)][: passed + failed]
        for name, recorded, counted in (
            ("constraint_pass_count", passed, checked.count(True)),
            ("constraint_fail_count", failed, checked.count(False)),
        ):
            yield from _equal(recorded, counted, f"/{side}_metadata/{name}", "constraint_counts")
    rejected, chosen = row["rejected_metadata"], row["chosen_metadata"]
    yield from _equal(
        notes["constraint_pass_delta"],
        chosen["constraint_pass_count"] - rejected["constraint_pass_count"],
        "/pair_annotations/constraint_pass_delta",
        "constraint_counts",
    )
    yield from _equal(
        notes["constraint_total"],
        chosen["constraint_pass_count"] + chosen["constraint_fail_count"],
        "/pair_annotations/constraint_total",
        "constraint_counts",
    )


def _deltas(row: JsonObject) -> Iterator[RowFinding]:
    notes = row["pair_annotations"]
    sides = row["rejected_metadata"], row["chosen_metadata"]
    for name, value in trace_shape_delta(*sides).items():
        at = f"/pair_annotations/trace_shape_delta/{name}"
        yield from _equal(notes["trace_shape_delta"][name], value, at, "trace_shape_delta")
    for kind in TRANSITIONS:
        name = f"{kind}_transition"
        value = transition(*sides, kind)
        yield from _equal(notes[name], value, f"/pair_annotations/{name}", "transition")
    yield from _equal(
        notes["improvement_basis"],
        improvement_basis(*sides),
        "/pair_annotations/improvement_basis",
        "improvement_basis",
    )


def _carried(row: JsonObject) -> Iterator[RowFinding]:
    chosen, notes = row["chosen_metadata"], row["pair_annotations"]
    is_session = notes["pair_family"] == "session"
    yield from _equal(
        notes["feedback_between_attempts"],
        chosen["feedback_shown"] if is_session else None,
        "/pair_annotations/feedback_between_attempts",
        "carried_field",
    )
    yield from _equal(row["metadata"]["model"], chosen["model"], "/metadata/model", "carried_field")
    if not is_session:
        yield from _equal(
            notes["revision_time_ms"],
            None,
            "/pair_annotations/revision_time_ms",
            "carried_field",
        )


def _audit(row: JsonObject) -> Iterator[RowFinding]:
    if "audit" not in row:
        return
    found_in = row["audit"]["found_in"]
    for side, rules in found_in.items():
        expected = in_order_of_rules(rules)
        yield from _equal(rules, expected, f"/audit/found_in/{side}", "audit_flags")
    flags = in_order_of_rules((*found_in["rejected"], *found_in["chosen"]))
    yield from _equal(row["audit"]["flags"], flags, "/audit/flags", "audit_flags")


_CHECKS = (_prompt, _texts, _kind, _label, _constraints, _deltas, _carried, _audit)


def _equal(found: object, expected: object, pointer: str, rule: str) -> Iterator[RowFinding]:
    if found != expected or isinstance(found, bool) != isinstance(expected, bool):
        yield RowFinding(pointer, rule, f"is {found!r:.80}, recomputed {expected!r:.80}")
