"""What the elements of a session record take from it, decoded once for all of them.

A field of the session that is not valid is a fault of the elements that take it, and of no other.
Contract: schemas/README.md, "Session record".
"""

from functools import cached_property
from typing import Any

import msgspec
import orjson
import xxhash

from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.identifiers import miner_of
from botcoin_dpo.contract.numbers import integral_as_integer, number_of
from botcoin_dpo.contract.record_types import (
    JOINED_FIELDS,
    MOST_SHARED_CONSTRAINTS,
    SESSION_MARK,
    AttemptShape,
    DecodedSession,
    JsonObject,
    ScannedSession,
    SessionShape,
)
from botcoin_dpo.logs import strict_json

_scan_session = msgspec.json.Decoder(ScannedSession)
_decode_session = msgspec.json.Decoder(DecodedSession, float_hook=number_of)


class SessionHead:
    """The head of a session record."""

    def __init__(self, raw: bytes) -> None:
        """Read the record without its elements; by the strict reading it is an object."""
        self.raw = raw
        self.digest = xxhash.xxh3_64_intdigest(raw)
        self.faults: dict[str, str] = {}
        """What is wrong with fields that are not valid."""
        self._fields = raw
        session = _scanned(raw)
        if session is None:
            self._fields = self._sound_fields()
            session = _scan_session.decode(self._fields)
        self.scanned: ScannedSession = session

    @cached_property
    def decoded(self) -> DecodedSession:
        """The valid fields, decoded in full."""
        return _decode_session.decode(self._fields)

    def fault_of(self, record: AttemptShape[Any, Any, Any, Any, Any, Any, Any]) -> str | None:
        """Return what is wrong with what an element takes, before it is completed."""
        if not self.faults:
            return None
        return next((self.faults[name] for name in lacking(record) if name in self.faults), None)

    def stand_ins(self, value: JsonObject) -> JsonObject:
        """Return ids that an element takes, or what stands for one that is not valid.

        For its schema; the rest of what it takes need not be there.
        """
        session, faults = self.scanned, self.faults
        taken = {}
        if value.get("challenge_id") is None:
            taken["challenge_id"] = session.challenge_id or faults.get("challenge_id")
        if value.get("miner_id") is None and not value.get("operator"):
            cause = faults.get("miner_id") or faults.get("operator")
            taken["miner_id"] = session.miner_id or session.operator or cause
        return {name: text for name, text in taken.items() if text}

    def _sound_fields(self) -> bytes:
        """Return the fields that are valid by the schema as JSON, and note the faults of others."""
        value = strict_json.decode(self.raw)
        sound = {}
        for name in SessionShape.__struct_fields__:
            given = value.get(name)
            if given is None:
                continue
            alone = {name: given, SESSION_MARK: [None]}
            if schemas.is_valid("session", alone):
                sound[name] = given
            else:
                problem = schemas.first_violation("session", alone)
                cause = f"{problem.pointer}: {problem.message}, in the session record"
                self.faults[name] = cause
        return orjson.dumps(integral_as_integer(sound))


def complete(
    record: AttemptShape[Any, Any, Any, Any, Any, Any, Any],
    session: SessionShape[Any, Any, Any] | None,
) -> None:
    """Give an attempt what it lacks: from its session, then from the fields that stand in."""
    if session is not None:
        for name in lacking(record):
            value = getattr(session, name)
            if value is not None:
                setattr(record.submission if name == "model" else record, name, value)
    if not record.miner_id and record.operator:
        record.miner_id = miner_of(record.operator, record.rigId)
    submission = record.submission
    if submission.model is None:
        model = record.model_version
        submission.model = record.modelVersion if model is None else model


def lacking(record: AttemptShape[Any, Any, Any, Any, Any, Any, Any]) -> list[str]:
    """Return the names of the fields that an element takes from its session."""
    names = [name for name in JOINED_FIELDS if getattr(record, name) is None]
    if not record.challenge_id:
        names.append("challenge_id")
    if not record.miner_id:
        if not record.operator:
            names += ("miner_id", "operator")
        if not record.rigId:
            names.append("rigId")
    is_named = record.submission.model is not None or record.model_version is not None
    if not is_named and record.modelVersion is None:
        names += ("model", "model_version", "modelVersion")
    return names


def _scanned(raw: bytes) -> ScannedSession | None:
    """Return the scanned fields if all are valid beyond doubt."""
    try:
        session = _scan_session.decode(raw)
    except msgspec.ValidationError:
        return None
    context = session.challenge_context
    if context is not None:
        document = bytes(context.document)
        if not document.startswith(b'"') or document == b'""':
            return None
        if len(context.constraints) > MOST_SHARED_CONSTRAINTS:
            return None
    return session
