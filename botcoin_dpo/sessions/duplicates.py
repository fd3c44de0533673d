"""Which records of a session say the same, and which contradict each other.

Uploads are at-least-once, and an attempt may be there both raw and annotated. Contract:
schemas/README.md, "Duplicates and conflicts".
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import orjson

from botcoin_dpo.contract.identifiers import miner_of, normalize, normalize_miner
from botcoin_dpo.contract.record_types import (
    JOINED_FIELDS,
    STAND_INS,
    AttemptRecord,
    AttemptShape,
    ChallengeRecord,
)
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.references import AttemptRef, ChallengeRef
from botcoin_dpo.logs.undecoded import decode_value

Ref = TypeVar("Ref", AttemptRef, ChallengeRef)

_IDENTIFIERS = {
    "record_id": normalize,
    "challenge_id": normalize,
    "miner_id": normalize_miner,
    "operator": normalize,
}
_NESTED = {
    "submission": ("artifact", "reasoning_trace", "model"),
    "challenge_context": (
        "document",
        "questions",
        "constraints",
        "paragraph_count",
        "question_metadata",
    ),
    "trap_metadata": ("trap_count", "traps"),
}
_ORDER_MATTERS = "submission.reasoning_trace"


@dataclass(slots=True)
class Resolved:
    """The records of one session: kept, duplicate or conflicting."""

    kept: list[AttemptRef] = field(default_factory=list)
    duplicates: int = 0
    conflicting: list[tuple[AttemptRef, str]] = field(default_factory=list)
    """With what they contradict."""


@dataclass(slots=True)
class _Copies:
    """All records of a session with one record id."""

    refs: list[AttemptRef]
    fullest: AttemptRef | None


def resolve(refs: Iterable[AttemptRef], reader: RecordReader) -> Resolved:
    """Tell the records of one session apart; which one is kept depends on content alone."""
    refs = list(refs)
    indices = {ref.attempt_index for ref in refs}
    if len(indices) == len({ref.record_key for ref in refs}) == len(refs):  # as nearly always
        return Resolved(kept=refs)
    by_key: dict[int, list[AttemptRef]] = defaultdict(list)
    for ref in refs:
        by_key[ref.record_key].append(ref)
    copies = [group for same in by_key.values() for group in _copies(same, reader)]
    sharing: dict[int, set[int]] = defaultdict(set)
    for number, group in enumerate(copies):
        for ref in group.refs:
            sharing[ref.attempt_index].add(number)
    resolved = Resolved()
    for group in copies:
        others = any(len(sharing[ref.attempt_index]) > 1 for ref in group.refs)
        if others:
            index = group.refs[0].attempt_index
            problem = f"another record of the session has attempt_index {index}"
        elif group.fullest is None:
            problem = "another record with this record_id says something else"
        else:
            resolved.kept.append(group.fullest)
            resolved.duplicates += len(group.refs) - 1
            continue
        resolved.conflicting += [(ref, problem) for ref in group.refs]
    return resolved


def resolve_challenges(
    refs: list[ChallengeRef], reader: RecordReader
) -> tuple[ChallengeRef | None, list[ChallengeRef]]:
    """Return the record of a challenge, or, if its records contradict each other, all of them."""
    if len(refs) < 2:
        return (refs[0] if refs else None), []
    versions = [same[0] for same in _same_bytes(refs, reader)]
    fields = comparable(reader.challenge(versions[0]), reader)
    if any(comparable(reader.challenge(ref), reader) != fields for ref in versions[1:]):
        return None, refs
    return min(versions, key=lambda ref: _spelling(reader.challenge(ref), reader)), []


def comparable(record: AttemptRecord | ChallengeRecord, reader: RecordReader) -> dict[str, bytes]:
    """Return the fields of a record in the form in which equal values are equal bytes.

    Absent and null are the same; ids are normalised, and numbers compare by value. Inside trace
    steps nulls and the order of keys count, because they show in the text. What stands in for
    another field is left out where it says the same.
    """
    fields: dict[str, bytes] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if value is None or (name in STAND_INS and _says_what_it_stands_for(record, name)):
            continue
        if name in _IDENTIFIERS:
            fields[name] = _IDENTIFIERS[name](value).encode()
        elif name in JOINED_FIELDS:
            fields |= reader.once(_parts, name, value)
        else:
            fields |= _parts(name, value)
    return fields


def _parts(name: str, value: Any) -> dict[str, bytes]:
    """Return the comparable form of one field, or of each known field in it."""
    value = _as_json(value)
    parts = {name: value}
    if name in _NESTED:
        parts = {f"{name}.{part}": value.get(part) for part in _NESTED[name]}
    fields = {}
    for path, part in parts.items():
        if path == _ORDER_MATTERS:
            fields[path] = orjson.dumps(_by_value(part, keep_nulls=True))
        elif part is not None:
            plain = _by_value(part, keep_nulls=False)
            fields[path] = orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
    return fields


def _says_what_it_stands_for(record: AttemptRecord | ChallengeRecord, name: str) -> bool:
    """Return whether a field that may stand in for another says no more than the other does."""
    assert isinstance(record, AttemptShape)  # challenge records have no such field
    if name in ("model_version", "modelVersion"):
        return bool(getattr(record, name) == record.submission.model)
    if not record.operator or not getattr(record, name):
        return not getattr(record, name)
    miner = miner_of(record.operator, record.rigId)
    return normalize_miner(miner) == normalize_miner(record.miner_id)


def _copies(refs: list[AttemptRef], reader: RecordReader) -> list[_Copies]:
    """Return the groups of one record id among records whose ids have the same hash."""
    if len(refs) == 1:
        return [_Copies(refs, refs[0])]
    by_id: dict[str, list[list[AttemptRef]]] = defaultdict(list)
    for same in _same_bytes(refs, reader):
        by_id[normalize(reader.attempt(same[0]).record_id)].append(same)
    return [
        _Copies(
            [ref for same in versions for ref in same],
            _fullest([same[0] for same in versions], reader),
        )
        for versions in by_id.values()
    ]


def _same_bytes(refs: list[Ref], reader: RecordReader) -> Iterable[list[Ref]]:
    """Group records by their bytes; only one record is held at a time."""
    groups: dict[tuple[int, int, int], list[Ref]] = {}
    for ref in refs:
        key = (ref.location.digest, ref.location.length, 0)
        while key in groups and not reader.is_same(groups[key][0], ref):
            key = (key[0], key[1], key[2] + 1)  # a hash collision
        groups.setdefault(key, []).append(ref)
    return groups.values()


def _fullest(versions: list[AttemptRef], reader: RecordReader) -> AttemptRef | None:
    """Return the copy whose fields are a superset of every other copy's, None if there is none.

    Records that say the same may still differ in spelling, which shows in a row: the content
    decides between them. Versions are read twice so that none needs to be held.
    """
    if len(versions) == 1:
        return versions[0]

    def rank(ref: AttemptRef) -> tuple[int, tuple[bytes, ...]]:
        record = reader.attempt(ref)
        return -len(comparable(record, reader)), _spelling(record, reader)

    fullest = min(versions, key=rank)
    fields = comparable(reader.attempt(fullest), reader)
    if all(comparable(reader.attempt(ref), reader).items() <= fields.items() for ref in versions):
        return fullest
    return None


def _spelling(record: AttemptRecord | ChallengeRecord, reader: RecordReader) -> tuple[bytes, ...]:
    """Return compact JSON, field by field: what elements of one session share is spelled once."""
    return tuple(
        reader.once(_spelled, name, getattr(record, name))
        if name in JOINED_FIELDS
        else _spelled(name, getattr(record, name))
        for name in record.__struct_fields__
    )


def _spelled(_: str, value: Any) -> bytes:
    return orjson.dumps(_as_json(value)) + b","


def _as_json(value: Any) -> Any:
    """Return the JSON value of a field."""
    return msgspec.to_builtins(value, enc_hook=decode_value)


def _by_value(value: Any, *, keep_nulls: bool) -> Any:
    """Return a JSON value in which equal numbers are spelled alike, null members kept or not."""
    if isinstance(value, dict):
        return {
            key: _by_value(inner, keep_nulls=keep_nulls)
            for key, inner in value.items()
            if keep_nulls or inner is not None
        }
    if isinstance(value, list):
        return [_by_value(inner, keep_nulls=keep_nulls) for inner in value]
    if isinstance(value, float) and value.is_integer() and -(2**63) <= value < 2**64:
        return int(value)
    return value
