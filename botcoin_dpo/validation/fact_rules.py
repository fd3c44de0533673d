"""Checks one attempt object or challenge object by itself: its schema, then what it says twice.

Contract: schemas/README.md, "Attempts and challenges".
"""

from collections.abc import Iterator

import orjson

from botcoin_dpo.attempts.facts import input_key
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.outcomes import is_credited
from botcoin_dpo.contract.record_types import JsonObject
from botcoin_dpo.contract.schemas import SchemaName
from botcoin_dpo.contract.splits import Shares, split_of
from botcoin_dpo.logs.unsafe_text import may_be_unsafe, unsafe_prompt, unsafe_submission
from botcoin_dpo.validation.row_rules import RowFinding

SCHEMA_OF: dict[FactKind, SchemaName] = {
    "attempts": "attempt_facts",
    "challenges": "challenge_facts",
}
_TWICE = ("record_id", "attempt_index", "pass", "model")
"""What an attempt object says, and its metadata as well."""


def check_fact(value: object, kind: FactKind, shares: Shares | None) -> list[RowFinding]:
    """Return what is wrong with a decoded object; empty if nothing is.

    Raises:
        TypeError: it nests too deep.
    """
    name = SCHEMA_OF[kind]
    if not schemas.is_valid(name, value):
        return [
            RowFinding(problem.pointer, "attempt_schema", problem.message)
            for problem in schemas.explain(name, value)
        ]
    assert isinstance(value, dict)
    return list(_attempt(value) if kind == "attempts" else _challenge(value, shares))


def unsafe_facts(value: JsonObject, kind: FactKind) -> Iterator[RowFinding]:
    """Yield the text of an object that fits its schema for which it would be quarantined."""
    if kind == "challenges":
        found = unsafe_prompt(value["document"], value["questions"], value["constraints"])
    else:
        steps = value["steps"] if may_be_unsafe(orjson.dumps(value["steps"])) else []
        found = unsafe_submission(value["artifact"], value["model"], steps)
    if found:
        yield RowFinding("", "unsafe_text", found)


def _attempt(facts: JsonObject) -> Iterator[RowFinding]:
    metadata, outcomes = facts["metadata"], facts["constraint_outcomes"]
    for name in _TWICE:
        if facts[name] != metadata[name]:
            message = f"is {facts[name]!r:.80}, the metadata says {metadata[name]!r:.80}"
            yield RowFinding(f"/{name}", "attempt_facts", message)
    credited = is_credited(facts["pass"], metadata["credit_eligible"], metadata["acceptance_path"])
    if facts["is_credited"] != credited:
        message = f"is {facts['is_credited']}, the metadata makes it {credited}"
        yield RowFinding("/is_credited", "attempt_facts", message)
    checked = outcomes[: int(facts["constraint_count"])]  # the schema takes 4.0 as well
    for name, counted in (
        ("constraint_pass_count", checked.count(True)),
        ("constraint_fail_count", checked.count(False)),
    ):
        if metadata[name] != counted:
            message = f"is {metadata[name]}, the outcomes make it {counted}"
            yield RowFinding(f"/metadata/{name}", "attempt_facts", message)
    if len(checked) < facts["constraint_count"]:
        message = f"is {facts['constraint_count']}, there are {len(outcomes)} outcomes"
        yield RowFinding("/constraint_count", "attempt_facts", message)


def _challenge(facts: JsonObject, shares: Shares | None) -> Iterator[RowFinding]:
    key = input_key(facts)
    if facts["input"] != key:
        message = f"is {facts['input']}, its content makes it {key}"
        yield RowFinding("/input", "attempt_facts", message)
    if shares is not None:
        expected = split_of(facts["document"], shares)
        if facts["split"] != expected:
            message = f"is {facts['split']}, the document's hash decides {expected}"
            yield RowFinding("/split", "split_hash", message)
