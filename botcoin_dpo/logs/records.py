"""The bytes of one record in, what it is out: a scanned attempt, a challenge, or a fault.

Two ways lead to the answer. The fast way checks syntax and UTF-8 of the whole record (simdjson)
and the types of all known fields (msgspec) without building the values; it may only say yes. What
it does not accept goes the exact way, which is the definition: `strict_json`, then the JSON Schema.
So a record is never refused by a shortcut, and never accepted by one that the definition refuses.
"""

from typing import Any, Literal, NamedTuple, TypeVar, cast

import msgspec
import orjson
import simdjson

from botcoin_dpo import schemas
from botcoin_dpo.logs import strict_json
from botcoin_dpo.logs.documents import STAND_IN, take_out_document, without_document
from botcoin_dpo.logs.fields import (
    ATTEMPT_MARKS,
    CHALLENGE_MARK,
    GUARDED_OBJECTS,
    INDEX_NAMES,
    AttemptRecord,
    AttemptShape,
    ChallengeRecord,
    ScannedAttempt,
    ScannedChallenge,
    Skipped,
)
from botcoin_dpo.logs.places import Fault
from botcoin_dpo.logs.timestamps import to_milliseconds
from botcoin_dpo.numbers import integral_as_integer, plain

Scanned = TypeVar("Scanned", ScannedAttempt, ScannedChallenge)


def _number(digits: str) -> float | int:
    return plain(float(digits))


_parser = simdjson.Parser()
_scan_attempt = msgspec.json.Decoder(ScannedAttempt)
_scan_trace = msgspec.json.Decoder(list[Skipped])
_scan_challenge = msgspec.json.Decoder(ScannedChallenge)
_decode_attempt = msgspec.json.Decoder(AttemptRecord, float_hook=_number)
_decode_challenge = msgspec.json.Decoder(ChallengeRecord, float_hook=_number)


class Unusable(NamedTuple):
    """A record that is set aside as soon as it is read."""

    fault: Fault
    kind: Literal["attempt", "challenge"] | None
    """`attempt` or `challenge`; None where that could not be told."""
    record_id: str | None


class _Identified(msgspec.Struct):
    record_id: Any = None


_decode_identified = msgspec.json.Decoder(_Identified)


def scan_record(raw: bytes) -> ScannedAttempt | ScannedChallenge | Unusable:
    """Check one record in full and return the fields that grouping needs.

    Contract: schemas/README.md, "JSON is strict", "Attempt record", "Challenge record".
    """
    return _scan_fast(raw) or _scan_exactly(raw)


def decode_attempt(raw: bytes) -> AttemptRecord:
    """Decode an attempt record that `scan_record` accepted; whole doubles become integers."""
    try:
        return _decode_attempt.decode(raw)
    except msgspec.ValidationError:
        return _decode_attempt.decode(_plain(strict_json.decode(raw)))


def rescan_attempt(raw: bytes) -> ScannedAttempt:
    """Return the scanned fields, but for the document, of a record that `scan_record` accepted.

    That is a fraction of the work of decoding it in full.
    """
    try:
        return _scan_attempt.decode(take_out_document(raw)[0])
    except msgspec.ValidationError:
        return _scan_attempt.decode(_plain(strict_json.decode(raw)))


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


def _scan_fast(raw: bytes) -> ScannedAttempt | ScannedChallenge | None:
    """Return the scanned record if it is beyond doubt, None if the exact way must decide."""
    record: ScannedAttempt | ScannedChallenge
    try:
        keys = _check_syntax(raw)
        short, document = take_out_document(raw)
        if keys.isdisjoint(ATTEMPT_MARKS):
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
    return record if is_whole and not is_empty and _is_shallow(short, record) else None


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


def _scan_exactly(raw: bytes) -> ScannedAttempt | ScannedChallenge | Unusable:
    """Return what the record is by definition."""
    value = strict_json.decode(raw)
    if isinstance(value, Fault):
        return Unusable(value, None, None)
    if not isinstance(value, strict_json.JsonObject):
        return Unusable(Fault("not_an_object", "a record must be a JSON object"), None, None)
    record_id = value.get("record_id")
    record_id = record_id if isinstance(record_id, str) and record_id else None
    for name, guarded in (
        ("the record", value),
        *((name, value.get(name)) for name in GUARDED_OBJECTS),
    ):
        if isinstance(guarded, strict_json.JsonObject) and guarded.repeated_key is not None:
            detail = f"duplicated key {guarded.repeated_key[:80]!a} in {name}"
            return Unusable(Fault("malformed_json", detail), None, record_id)
    present = {key for key, inner in value.items() if inner is not None}
    if not present.isdisjoint(ATTEMPT_MARKS):
        return _by_schema("attempt", value, record_id, _scan_attempt)
    if CHALLENGE_MARK in present:
        return _by_schema("challenge", value, record_id, _scan_challenge)
    detail = f"has none of {', '.join(sorted(ATTEMPT_MARKS))}, {CHALLENGE_MARK}"
    return Unusable(Fault("unknown_record", detail), None, record_id)


def _by_schema(
    kind: Literal["attempt", "challenge"],
    value: strict_json.JsonObject,
    record_id: str | None,
    decoder: msgspec.json.Decoder[Scanned],
) -> Scanned | Unusable:
    if schemas.is_valid(kind, value):
        return decoder.decode(_plain(value))
    problem = schemas.first_problem(kind, value)
    detail = f"{problem.pointer or '/'}: {problem.message}"
    return Unusable(Fault("schema_violation", detail), kind, record_id)


def _plain(value: Any) -> bytes:
    return orjson.dumps(integral_as_integer(value))
