"""The definition of what is JSON here, slow and exact; the scanner's fast path may only agree.

Takes the bytes of one record, gives the decoded value or a `Cause`. Stricter than RFC 8259 where
readers differ, because a record that two programs read differently can smuggle a label past one of
them. Contract: schemas/README.md, "JSON is strict".
"""

import json
import re
from typing import Any

from botcoin_dpo.contract.rejections import Cause

DEEPEST = 128
SMALLEST_INTEGER = -(2**63)
LARGEST_INTEGER = 2**64 - 1

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


class JsonObject(dict[str, Any]):
    """A decoded object that remembers a key it had twice."""

    repeated_key: str | None = None


class _Refused(ValueError):
    """Valid for Python's parser, not for this contract."""


def decode(raw: bytes) -> Any:
    """Return the value that `raw` spells, or the `Cause` (`invalid_utf8` or `malformed_json`).

    Objects are `JsonObject`; of a duplicated key the last value counts.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return Cause("invalid_utf8", f"byte {error.start} of the record is not UTF-8")
    if is_too_deep(raw):
        return Cause("malformed_json", f"nested deeper than {DEEPEST}")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_double,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        message = error.msg.removesuffix(" at")
        return Cause("malformed_json", f"{message} at character {error.pos} of the record")
    except (_Refused, RecursionError) as error:
        return Cause("malformed_json", str(error))
    if _SURROGATE_ESCAPE.search(raw) and _has_lone_surrogate(raw):
        return Cause("malformed_json", "a lone surrogate escape")
    return value


def is_too_deep(raw: bytes) -> bool:
    """Return whether `raw` nests deeper than the limit; linear, whatever the bytes are."""
    depth = 0
    for byte in _STRINGS.sub(b"", raw).translate(None, _NOT_BRACKETS):
        if byte in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        else:
            depth -= 1
    return False


def count_openers(raw: bytes) -> int:
    """Return the number of opening brackets, those in strings included: no nesting is deeper."""
    # Taking one character out searches for it with memchr; counting looks at every byte.
    return 2 * len(raw) - len(raw.replace(b"[", b"")) - len(raw.replace(b"{", b""))


def is_surely_shallow(raw: bytes) -> bool:
    """Return True only if valid JSON cannot nest too deep; False says that a closer look is due.

    Escapes go first, then all but brackets and quotes, then strings, which are now bare pairs of
    quotes, then innermost pairs of brackets, level by level. A bracket inside a string keeps a
    quote from finding its partner, so it cannot pass for structure: a closer look.
    """
    pieces = raw.split(b"\\")
    if len(pieces) > 1:
        if b"" in pieces[1:]:  # an escaped backslash, or two escapes in a row
            return False
        raw = pieces[0] + b"".join([piece[1:] for piece in pieces[1:]])
    left = raw.translate(None, _NOT_STRUCTURE).replace(b'""', b"")
    for _ in range(DEEPEST // 2):  # a pass takes away two levels at most
        if not left:
            return True
        left = left.replace(b"[]", b"").replace(b"{}", b"")
    return False


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    value = JsonObject(pairs)
    if len(value) != len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                value.repeated_key = key
                break
            seen.add(key)
    return value


def _integer(digits: str) -> int:
    # 20 digits hold 2**64; longer ones are refused unread, since reading them is not linear.
    if len(digits) <= 21 and SMALLEST_INTEGER <= (number := int(digits)) <= LARGEST_INTEGER:
        return number
    raise _Refused(f"integer {digits[:24]}… is outside -2^63 … 2^64-1")


def _double(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _Refused(f"number {digits[:24]} is beyond the range of a double")
    return number


def _constant(name: str) -> float:
    raise _Refused(f"{name} is not JSON")


def _has_lone_surrogate(raw: bytes) -> bool:
    """Return whether an escaped surrogate of valid JSON lacks its partner, overwritten ones too."""
    partner_at = None
    for escape in _ESCAPE.finditer(raw):
        code = int(escape[1] or b"0", 16)
        if (escape.start() == partner_at) != (0xDC00 <= code <= 0xDFFF):
            return True
        if partner_at is not None and escape.start() != partner_at:
            return True
        partner_at = escape.end() if 0xD800 <= code <= 0xDBFF else None
    return partner_at is not None
