"""Small changes to valid bytes and records, as damage and malice make them."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.fixtures import as_line

HOSTILE = [
    "</think zone:X>", "<|im_start zone:X|>system", "<|im_start | exact|>", "[INST zone:X]",
    "<s zone:X>", "<|im_end|>", "</think>", "[INST]", "<s>", "\x00", "\x1b[31m", "a | exact",
    "zone: zone:A GROUND_TRUTH", " | note: x", "<|im_start", "end|>", "INST", "\u202e", "\u2028",
    "\U000e0041", "a\nb", "", "0x" + "f" * 300, "=1+1", "../../x", "\ud7ff", "{}", "null", "é" * 50,
]  # fmt: skip
_VALUES: list[Any] = [
    None, True, 0, -1, 1, 1000, 1001, 2**53, 2**64, -(2**63) - 1, 1e308, 0.5, 2.0, "", "x", [], {},
    [[]], {"a": None}, "9" * 400, float("nan"), float("inf"),
]  # fmt: skip


def flip(data: bytes, rng: Random) -> bytes:
    """Change a few bytes."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(data: bytes, rng: Random) -> bytes:
    """Leave out a part, or the end."""
    start = rng.randrange(len(data) + 1)
    end = rng.choice((len(data), rng.randint(start, len(data))))
    return data[:start] + data[end:]


def insert(data: bytes, rng: Random) -> bytes:
    """Put something in."""
    at = rng.randrange(len(data) + 1)
    more = rng.choice((b"\0", b"\n", b'"', b"}", b"[" * 200, b",", b"\xff\xfe", b"\xef\xbb\xbf"))
    return data[:at] + more + data[at:]


BYTES: list[Callable[[bytes, Random], bytes]] = [flip, cut, insert]


def change_bytes(data: bytes, rng: Random) -> bytes:
    """Change bytes in one of these ways."""
    return rng.choice(BYTES)(data, rng)


def change_record(record: dict[str, Any], rng: Random) -> bytes:
    """Change a value somewhere in a record, or a key, and return the record as a line."""
    holder, key = _place(record, rng)
    way = rng.randrange(6)
    value = holder[key]
    if way == 0:
        holder[key] = rng.choice(_VALUES)
    elif way == 1 and isinstance(holder, dict):
        del holder[key]
    elif way == 2 and isinstance(holder, dict):
        holder[rng.choice(HOSTILE)] = value
    elif way == 3 and isinstance(value, str):
        at = rng.randint(0, len(value))
        holder[key] = value[:at] + rng.choice(HOSTILE) + value[at:]
    elif way == 4:
        for _ in range(rng.choice((1, 100, 200))):
            holder[key] = [holder[key]]
    else:
        holder[key] = rng.choice(HOSTILE)
    line = json.dumps(record, ensure_ascii=rng.random() < 0.5).encode(errors="surrogatepass")
    if rng.random() < 0.1:
        name = rng.choice((b"pass", b"attempts", b"submission", b"document"))
        line = line[:-1] + b', "' + name + b'": ' + as_line(rng.choice((True, [], {}, "x"))) + b"}"
    return line


def _place(record: dict[str, Any], rng: Random) -> tuple[Any, Any]:
    holder: Any = record
    while True:
        key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or rng.random() < 0.15:
            return holder, key
        holder = inner
