"""What tasks tell each other, as JSON with a digest of its own.

It is read strictly, since others may write to a store as well.
"""

from collections import Counter
from typing import Any, TypeVar, get_args, get_origin

import msgspec
import xxhash

Value = TypeVar("Value")


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value, and the XXH3-128 of its JSON."""

    value: msgspec.Raw
    xxh3_128: str


def encode(value: Any) -> bytes:
    """Return a value as JSON; equal values have equal bytes."""
    content = msgspec.json.encode(value, order="deterministic")
    return msgspec.json.encode(_Sealed(msgspec.Raw(content), xxhash.xxh3_128_hexdigest(content)))


def decode(content: bytes, kind: type[Value]) -> Value | None:
    """Return the value of a type that was encoded; None if it is damaged, or of another type."""
    try:
        found = msgspec.json.decode(content, type=_Sealed)
        if xxhash.xxh3_128_hexdigest(found.value) != found.xxh3_128:
            return None
        return msgspec.json.decode(found.value, type=kind, dec_hook=_counter)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _counter(kind: Any, value: Any) -> Any:
    """Return a counter, the one type of ours that the library does not know."""
    assert get_origin(kind) is Counter
    names, counts = msgspec.convert(value, dict[str, int]), Counter[Any]()
    for name, count in names.items():
        counts[msgspec.convert(name, get_args(kind)[0])] = count
    return counts
