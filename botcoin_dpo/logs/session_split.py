"""Splits a session record into its head and its elements; each of them is read on its own.

The exact way follows brackets and strings only, so that a bad element is one bad record and the
rest stands. Valid JSON of a usual size is split by msgspec, into the same parts.
Contract: schemas/README.md, "Session record".
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from botcoin_dpo.contract.record_types import SESSION_MARK
from botcoin_dpo.files.json_lines import RawRecord, oversized
from botcoin_dpo.files.json_values import INSIDE, split_values

_MARK = f'"{SESSION_MARK}"'.encode()

_USUAL = 10**6
"""Bytes of a session record whose elements may all be held at once."""

# Possessive quantifiers: nothing is ever tried twice, so time is linear in the input.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TO_VALUE = re.compile(rb"[ \t\r\n,]*+(" + _STRING + rb")[ \t\r\n]*+:[ \t\r\n]*+", re.DOTALL)
_SCALAR = re.compile(_STRING + rb'|[^ \t\r\n{}\[\],:"]++', re.DOTALL)
_AFTER = re.compile(rb"[ \t\r\n]*+([,}\]])")
_BLANKS_AND_COMMAS = re.compile(rb"[ \t\r\n,]*+")

_decode_values = msgspec.json.Decoder(dict[str, msgspec.Raw])
_decode_elements = msgspec.json.Decoder(list[msgspec.Raw])


class SessionText(NamedTuple):
    """A session record, split."""

    head: bytes
    """The record without its elements."""
    elements: Callable[[int], Iterator[RawRecord]]
    """Takes the most bytes of an element, and yields the elements; offsets count from the record's
    first byte, lines mean nothing."""


def split_valid(raw: bytes) -> SessionText | None:
    """Split a record that is valid JSON, without duplicated keys, and has the mark of a session.

    None if it is large, has no elements, or something else than an array there.
    """
    if len(raw) > _USUAL:
        return None
    try:
        values = _decode_values.decode(raw)
        array = bytes(values[SESSION_MARK])
        texts = _decode_elements.decode(array)
    except (KeyError, RecursionError, msgspec.MsgspecError):
        return None
    if not texts:
        return None
    start = _start_of_array(raw, values)
    elements = [bytes(text) for text in texts]
    return SessionText(
        _without_elements(raw, start, start + len(array)),
        lambda limit: _located(raw, start + 1, elements, limit),
    )


def split_exactly(raw: bytes) -> SessionText | None:
    """Split whatever has the structure of a session record; None where the structure breaks."""
    array = _find_array(raw)
    if array is None:
        return None
    start, end = array
    cause = None
    count = -1
    for record in split_values([raw[start:end]], len(raw)):
        cause = record.cause
        count += 1
    if cause is not None or not count:
        return None
    return SessionText(
        _without_elements(raw, start, end), lambda limit: _followed(raw, start, end, limit)
    )


def _without_elements(raw: bytes, start: int, end: int) -> bytes:
    return b"".join((raw[: start + 1], raw[end - 1 :]))


def _start_of_array(raw: bytes, values: dict[str, msgspec.Raw]) -> int:
    """Return where the array of elements starts, by the lengths of the values before it."""
    position = 1
    for name, value in values.items():
        position = _end(_TO_VALUE, raw, position)
        if name == SESSION_MARK:
            break
        position += len(memoryview(value))
    return position


def _located(raw: bytes, position: int, elements: list[bytes], limit: int) -> Iterator[RawRecord]:
    """Yield elements that are known, with their places."""
    for element in elements:
        start = _end(_BLANKS_AND_COMMAS, raw, position)
        position = start + len(element)
        size = _end(_AFTER, raw, position) - 1 - start
        if size > limit:
            yield RawRecord(0, start, b"", oversized(limit))
        else:
            yield RawRecord(0, start, element)


def _followed(raw: bytes, start: int, end: int, limit: int) -> Iterator[RawRecord]:
    """Yield the elements of an array by following its structure."""
    for record in split_values([raw[start:end]], limit):
        if not record.is_tail:
            yield record._replace(offset=record.offset + start)


def _find_array(raw: bytes) -> tuple[int, int] | None:
    """Return where the array under the mark of a session starts and ends; linear in any input."""
    if _MARK not in raw and b"\\u" not in raw:
        return None
    found = None
    position = 1
    while key := _TO_VALUE.match(raw, position):
        start = key.end()
        end = _end_of_value(raw, start)
        after = _AFTER.match(raw, end)
        if end == start or after is None:
            return None
        if raw[start : start + 1] == b"[" and _is_mark(key[1]):
            found = (start, end)
        position = after.end()
        if after[1] != b",":
            break
    return found


def _is_mark(key: bytes) -> bool:
    """Return whether the JSON of a key spells the mark of a session."""
    if b"\\" not in key:
        return key == _MARK
    try:
        return bool(json.loads(key) == SESSION_MARK)
    except ValueError:
        return False


def _end_of_value(raw: bytes, start: int) -> int:
    """Return where a value ends; where it starts if it does not end."""
    if raw[start : start + 1] not in (b"{", b"["):
        return _end(_SCALAR, raw, start)
    depth = 0
    position = start
    while True:
        position = _end(INSIDE, raw, position)
        bracket = raw[position : position + 1]
        if bracket in (b"{", b"["):
            depth += 1
        elif bracket in (b"}", b"]"):
            depth -= 1
        else:
            return start
        position += 1
        if not depth:
            return position


def _end(pattern: re.Pattern[bytes], raw: bytes, position: int) -> int:
    match = pattern.match(raw, position)
    return match.end() if match else position
