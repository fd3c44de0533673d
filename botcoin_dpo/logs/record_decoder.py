"""Decodes the bytes of one record: an attempt, a challenge, a session, or the cause to reject it.

Two ways lead to the answer. The fast way checks syntax and UTF-8 of the whole record (simdjson)
and the types of all known fields (msgspec) without building the values; it may only say yes. What
it does not accept goes the exact way, which is the definition: `strict_json`, then the JSON Schema.
So a record is never refused by a shortcut, and never accepted by one that the definition refuses.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple, TypeVar, cast

import msgspec
import orjson
import simdjson

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.numbers import integral_as_integer, number_of
from botcoin_dpo.contract.record_types import (
    ATTEMPT_MARKS,
    CHALLENGE_MARK,
    GUARDED_OBJECTS,
    INDEX_NAMES,
    SESSION_MARK,
    AttemptRecord,
    AttemptShape,
    ChallengeRecord,
    ScannedAttempt,
    ScannedChallenge,
    Skipped,
)
from botcoin_dpo.contract.rejections import Cause
from botcoin_dpo.contract.timestamps import to_milliseconds
from botcoin_dpo.files.json_lines import RawRecord
from botcoin_dpo.logs import strict_json
from botcoin_dpo.logs.document_placeholder import STAND_IN, take_out_document, without_document
from botcoin_dpo.logs.session_heads import SessionHead, complete
from botcoin_dpo.logs.session_split import SessionText, split_exactly, split_valid
from botcoin_dpo.logs.unknown_records import describe, describe_element

Scanned = TypeVar("Scanned", ScannedAttempt, ScannedChallenge)


_parser = simdjson.Parser()
_scan_attempt = msgspec.json.Decoder(ScannedAttempt)
_scan_trace = msgspec.json.Decoder(list[Skipped])
_scan_challenge = msgspec.json.Decoder(ScannedChallenge)
_decode_attempt = msgspec.json.Decoder(AttemptRecord, float_hook=number_of)
_LEFT_AS_JSON = ("trace_validation", "answer_verification", "submitted_answers")
_decode_challenge = msgspec.json.Decoder(ChallengeRecord, float_hook=number_of)


class RejectedRecord(NamedTuple):
    """A record that is quarantined as soon as it is read."""

    cause: Cause
    kind: Literal["attempt", "challenge"] | None
    """`attempt` or `challenge`; None where that is not known."""
    record_id: str | None


class SessionRecord(NamedTuple):
    """A session record: its elements are the records, it is not one itself."""

    head: SessionHead
    elements: Callable[[int], Iterator[RawRecord]]
    """Takes the most bytes of an element; see `SessionText`."""


class _Identified(msgspec.Struct):
    record_id: Any = None


_decode_identified = msgspec.json.Decoder(_Identified)


def scan_record(raw: bytes) -> ScannedAttempt | ScannedChallenge | SessionRecord | RejectedRecord:
    """Check one record in full and return the fields that grouping needs.

    Of a session record only what its elements share is checked. Contract: schemas/README.md, "JSON
    is strict", "Attempt record", "Challenge record", "Session record".
    """
    return _scan_fast(raw) or scan_session(raw) or _scan_exactly(raw)


def scan_session(raw: bytes) -> SessionRecord | None:
    """Return a session record by definition; None if it is not one, or cannot be taken apart."""
    text = split_exactly(raw)
    if text is None:
        return None
    head = strict_json.decode(text.head)
    if not isinstance(head, strict_json.JsonObject) or _duplicated_key(head) is not None:
        return None
    return _session(text) if _present(head).isdisjoint(ATTEMPT_MARKS) else None


def scan_element(raw: bytes, head: SessionHead) -> ScannedAttempt | RejectedRecord:
    """Check one element of a session record, completed by what it takes from the session."""
    record = _scan_fast(raw, head)
    return record if isinstance(record, AttemptShape) else _scan_element_exactly(raw, head)


def read_head(raw: bytes) -> SessionHead | None:
    """Return the head of a session record that `scan_record` accepted; None if it has changed."""
    session = _scan_fast(raw) or scan_session(raw)
    return session.head if isinstance(session, SessionRecord) else None


def decode_attempt(raw: bytes, head: SessionHead | None = None) -> AttemptRecord:
    """Decode an attempt record that was accepted, but for the parts that are left as JSON.

    These are the trace and objects with details of each step or question; see `undecoded.py`. Whole
    doubles become integers.

    Args:
        raw: its bytes.
        head: that of the session record whose element it is.
    """
    try:
        record = _decode_attempt.decode(raw)
    except msgspec.ValidationError:
        record = _decode_attempt.decode(_plain(_without_nulls(strict_json.decode(raw))))
    # Copies let go of the record's bytes.
    record.submission.reasoning_trace = record.submission.reasoning_trace.copy()
    for name in _LEFT_AS_JSON:
        json: msgspec.Raw | None = getattr(record, name)
        if json is not None:
            setattr(record, name, json.copy())
    complete(record, head.decoded if head else None)
    return record


def rescan_attempt(raw: bytes, head: SessionHead | None = None) -> ScannedAttempt:
    """Return the scanned fields, but for the document, of a record that was accepted.

    That is a fraction of the work of decoding it in full.
    """
    try:
        record = _scan_attempt.decode(take_out_document(raw)[0])
    except msgspec.ValidationError:
        record = _scan_attempt.decode(_plain(_without_nulls(strict_json.decode(raw))))
    complete(record, head.scanned if head else None)
    return record


def decode_challenge(raw: bytes) -> ChallengeRecord:
    """Decode a challenge record that `scan_record` accepted; whole doubles become integers."""
    try:
        return _decode_challenge.decode(raw)
    except msgspec.ValidationError:
        return _decode_challenge.decode(_plain(strict_json.decode(raw)))


def read_record_id(raw: bytes) -> str | None:
    """Return the record id of a record that `scan_record` accepted; challenges have none."""
    record_id = _decode_identified.decode(raw).record_id
    return record_id if isinstance(record_id, str) else None


def _scan_fast(
    raw: bytes, head: SessionHead | None = None
) -> ScannedAttempt | ScannedChallenge | SessionRecord | None:
    """Return the scanned record if it is beyond doubt, None if the exact way must decide."""
    record: ScannedAttempt | ScannedChallenge
    try:
        keys = _check_syntax(raw)
        is_attempt = not keys.isdisjoint(ATTEMPT_MARKS)
        if not is_attempt and SESSION_MARK in keys:
            return _session_fast(raw)
        short, document = take_out_document(raw)
        if not is_attempt:
            record = _scan_challenge.decode(short)
        else:
            record = _scan_attempt.decode(short)
            _scan_trace.decode(record.submission.reasoning_trace)
            if record.constraint_results and not record.constraint_results.keys() <= INDEX_NAMES:
                return None
            if record.timestamp is not None and to_milliseconds(record.timestamp) is None:
                return None
    except (ValueError, RuntimeError, msgspec.MsgspecError):
        return None
    context = record.challenge_context
    if context is None:
        is_whole = not document
    elif document:
        is_whole = bytes(context.document) == STAND_IN
        context.document = msgspec.Raw(document)
    else:
        document = bytes(context.document)
        is_whole = document[:1] == b'"'
        short = without_document(raw, document)
    is_empty = document == b'""'
    if not is_whole or is_empty or not _is_shallow(short, record):
        return None
    return record if not isinstance(record, AttemptShape) or _is_complete(record, head) else None


def _is_complete(record: ScannedAttempt, head: SessionHead | None = None) -> bool:
    """Give an attempt what it lacks, and return whether it now has all it needs."""
    if head is None and record.miner_id and record.submission.model is not None:  # as most do
        return bool(record.challenge_id)
    if head is not None and head.fault_of(record) is not None:
        return False
    complete(record, head.scanned if head else None)
    return bool(record.challenge_id and record.miner_id)


def _session_fast(raw: bytes) -> SessionRecord | None:
    """Return the session record that is valid JSON without duplicated keys where they matter."""
    text = split_valid(raw)
    if text is None:
        return None
    short = take_out_document(text.head)[0]  # a string, whichever it is: it nests nothing
    is_shallow = strict_json.count_openers(short) <= strict_json.DEEPEST
    return _session(text) if is_shallow or strict_json.is_surely_shallow(short) else None


def _session(text: SessionText) -> SessionRecord:
    return SessionRecord(SessionHead(text.head), text.elements)


def _is_shallow(short: bytes, record: ScannedAttempt | ScannedChallenge) -> bool:
    """Return whether nothing can nest too deep; takes a record without its document."""
    openers = strict_json.count_openers(short)
    if openers > strict_json.DEEPEST and isinstance(record, AttemptShape):
        # A nesting lies either within the trace or outside of it, never in both.
        within = strict_json.count_openers(bytes(record.submission.reasoning_trace))
        openers = max(openers - within, within + 2)
    return openers <= strict_json.DEEPEST or strict_json.is_surely_shallow(short)


def _check_syntax(raw: bytes) -> frozenset[str]:
    """Check that `raw` is one JSON object without duplicated keys where that matters.

    Raises ValueError or RuntimeError otherwise.
    """
    if raw[:1] != b"{":  # simdjson would skip a byte order mark
        raise ValueError("not an object")
    parsed = cast(simdjson.Object, _parser.parse(raw))
    keys = _distinct_keys(parsed)
    for name in GUARDED_OBJECTS:
        guarded = parsed[name] if name in keys else None
        if isinstance(guarded, simdjson.Object):
            _distinct_keys(guarded)
    return keys


def _distinct_keys(parsed: simdjson.Object) -> frozenset[str]:
    keys = list(parsed.keys())
    distinct = frozenset(keys)
    if len(keys) != len(distinct):
        raise ValueError("duplicated key")
    return distinct


def _scan_exactly(raw: bytes) -> ScannedAttempt | ScannedChallenge | RejectedRecord:
    """Return what the record is by definition, if it is no session record."""
    value = _decode_object(raw)
    if isinstance(value, RejectedRecord):
        return value
    present = _present(value)
    if not present.isdisjoint(ATTEMPT_MARKS):
        attempt = _by_schema("attempt", value, value, _scan_attempt)
        if isinstance(attempt, AttemptShape):
            complete(attempt, None)
        return attempt
    if CHALLENGE_MARK in present and not isinstance(value.get(SESSION_MARK), list):
        return _by_schema("challenge", value, value, _scan_challenge)
    return RejectedRecord(Cause("unknown_record", describe(value)), None, _id_of(value))


def _scan_element_exactly(raw: bytes, head: SessionHead) -> ScannedAttempt | RejectedRecord:
    """Return what an element of a session record is by definition."""
    value = _decode_object(raw)
    if isinstance(value, RejectedRecord):
        return value
    if _present(value).isdisjoint(ATTEMPT_MARKS):
        return RejectedRecord(Cause("unknown_record", describe_element(value)), None, _id_of(value))
    checked = value | head.stand_ins(value)
    attempt = _by_schema("attempt", value, checked, _scan_attempt)
    if isinstance(attempt, RejectedRecord):
        return attempt
    cause = head.fault_of(attempt)
    if cause is not None:
        return RejectedRecord(Cause("schema_violation", cause), "attempt", _id_of(value))
    complete(attempt, head.scanned)
    return attempt


def _decode_object(raw: bytes) -> strict_json.JsonObject | RejectedRecord:
    """Return the object that a record is by the strict reading."""
    value = strict_json.decode(raw)
    if isinstance(value, Cause):
        return RejectedRecord(value, None, None)
    if not isinstance(value, strict_json.JsonObject):
        return RejectedRecord(Cause("not_an_object", "a record must be a JSON object"), None, None)
    duplicated = _duplicated_key(value)
    if duplicated is not None:
        return RejectedRecord(Cause("malformed_json", duplicated), None, _id_of(value))
    return value


def _duplicated_key(value: strict_json.JsonObject) -> str | None:
    """Return which key of a record stands twice where that matters, in words."""
    for name, guarded in (
        ("the record", value),
        *((name, value.get(name)) for name in GUARDED_OBJECTS),
    ):
        if isinstance(guarded, strict_json.JsonObject) and guarded.repeated_key is not None:
            return f"duplicated key {guarded.repeated_key[:80]!a} in {name}"
    return None


def _id_of(value: strict_json.JsonObject) -> str | None:
    record_id = value.get("record_id")
    return record_id if isinstance(record_id, str) and record_id else None


def _present(value: strict_json.JsonObject) -> set[str]:
    return {key for key, inner in value.items() if inner is not None}


def _by_schema(
    kind: Literal["attempt", "challenge"],
    value: strict_json.JsonObject,
    checked: dict[str, Any],
    decoder: msgspec.json.Decoder[Scanned],
) -> Scanned | RejectedRecord:
    """Decode a record if its schema accepts it, or `checked` in its place."""
    if schemas.is_valid(kind, checked):
        return decoder.decode(_plain(_without_nulls(value)))
    problem = schemas.first_violation(kind, checked)
    detail = f"{problem.pointer or '/'}: {problem.message}"
    return RejectedRecord(Cause("schema_violation", detail), kind, _id_of(value))


def _without_nulls(value: dict[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if inner is not None}


def _plain(value: Any) -> bytes:
    return orjson.dumps(integral_as_integer(value))
