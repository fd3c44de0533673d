"""What tasks tell each other, as JSON: read strictly, since others may write to a store as well."""

from collections import Counter
from typing import Any, TypeVar, get_args, get_origin

import msgspec

Value = TypeVar("Value")


def encode(value: Any) -> bytes:
    """Return a value as JSON; equal values have equal bytes."""
    return msgspec.json.encode(value, order="deterministic")


def decode(content: bytes, kind: type[Value]) -> Value | None:
    """Return the value of a type that JSON holds, None if it does not hold one."""
    try:
        return msgspec.json.decode(content, type=kind, dec_hook=_counter)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _counter(kind: Any, value: Any) -> Any:
    """Return a counter, the one type of ours that the library does not know."""
    assert get_origin(kind) is Counter
    names, counts = msgspec.convert(value, dict[str, int]), Counter[Any]()
    for name, count in names.items():
        counts[msgspec.convert(name, get_args(kind)[0])] = count
    return counts
