"""Small attempt records, and ways to damage them that a quick reader might not notice."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from botcoin_dpo.contract import schemas
from tests.builders import attempt, compute, context, extract

LONGEST = 4096

_FREE = {"a": [1, {"b": "c"}], "n": None}
_VALUES: dict[str, Any] = {
    "constraints_passed": [0, 2],
    "constraints_failed": [1],
    "constraint_pass_count": 2,
    "constraint_fail_count": 1,
    "coarse_progress_bucket": "lt_50",
    "path_a_would_have_passed": False,
    "operator": "0xaa",
    "rigId": "7",
    "model_version": "1",
    "modelVersion": "1",
    "quality_schema_version": 2,
    "trace_stats": {"total_steps": 2, "extract_fact_steps": 1, "more": [1.5, -0.0]},
    "trace_validation": {"citation_match_rate": 0.5, "resolved": [{"a": 1}]},
    "session_expires_at": 1_774_000_900_000,
    "time_since_previous_attempt_ms": None,
    "timestamp": "2026-03-20T10:00:00.000Z",
}


def small_records() -> list[bytes]:
    """Return records of at most `LONGEST` bytes, all beyond doubt, with all fields between them."""
    free = {
        name: _FREE
        for name, field in schemas.load("attempt")["properties"].items()
        if name not in _VALUES and name not in attempt()
    }
    tiny = {
        "document": "A – “b”\n\n\U0001f600 [paragraph_1]",
        "questions": ["q"],
        "constraints": [],
    }
    one = attempt(challenge_context=tiny | {"paragraph_count": 1, "question_metadata": [{"a": 1}]})
    other = attempt(challenge_context=None, trap_metadata=None, constraint_results=None)
    steps = [
        extract(note="x"),
        {"action": "revise", "step": 1.0, "deep": [[{"k": ["v"]}]]},
        compute(),
    ]
    other["submission"]["reasoning_trace"] = steps
    records = [
        json.dumps(one | _VALUES | free, ensure_ascii=False),
        json.dumps(other | _VALUES, separators=(",", ":")),
        json.dumps(attempt(), ensure_ascii=True),
        json.dumps(attempt(passed=True, challenge_context=context()), indent=1, sort_keys=True),
    ]
    return [record.encode() for record in records]


PIECES = [
    b'"',
    b"\\",
    b'\\"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"{}",
    b"[]",
    b"null",
    b"true",
    b"false",
    b"-",
    b"0",
    b"-0",
    b"1.0",
    b"2e0",
    b"1e308",
    b"1e309",
    b"9" * 18,
    b"9" * 19,
    b"18446744073709551616",
    b"-9223372036854775809",
    b"0.1",
    b"1e-400",
    b"1e",
    b"01",
    b"+1",
    b".5",
    b"NaN",
    b"\\u0000",
    b"\\u003c",
    b"\\ud83d\\ude00",
    b"\\ud83d",
    b"\\ude00",
    b"\\ud83d\\u0041",
    b"\\/",
    b"\\b",
    b"\\f",
    b"\\n",
    b"\\x",
    b"\xc3\xa9",
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\x80",
    b"\xff",
    b"\x7f",
    b"\x00",
    b"\x1f",
    b"\t",
    b"\r",
    b" ",
    b"\xef\xbb\xbf",
    b"<",
    b"<s>",
    b"<think>",
    b"<|a|>",
    b"[INST]",
    b"[/inst]",
    b"[\\/INST]",
    b"inst",
    b"INST ",
    b"inst]",
    b'"inst"',
    b'"a":1,',
    b'"a":1,"a":1,',
    b'"pass":true,',
    b'"document":"x",',
    b'"record_id":"r",',
    b'"submission":{},',
    b'"quote_match":"EXACT",',
    b'"quote_match":"<s>",',
    b'"semantic_zone":1,',
    b'"attempts":[],',
    b'"coordinator_provenance":"x",',
    b'"\\u0061":1,',
    b'"trace\\u005fstats":1,',
    b'"constraint_results":null,',
    b'"constraints_failed":[0],',
    b'"constraint_total":1,',
    b'"credit_eligible":false,',
    b'"miner_id":null,',
    b'"challenge_context":null,',
    b"\\u0054ip:",
    b"Tip:",
    b"\xe2\x80\xa8",
    b"[" * 130,
    b"]" * 130,
    b'{"a":' * 63 + b"1" + b"}" * 63,
    b'{"a":' * 127 + b"1" + b"}" * 127,
    b'"x":' + b"[" * 126 + b"]" * 126 + b",",
]


OTHER_VALUES: list[Any] = [
    "2026-02-28T23:59:59Z", "2024-02-29T00:00:00.1Z", "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00.000+23:59",
    "9999-12-31T23:59:59.9999999-23:59", "2026-03-20t10:00:00z", "2026-03-20T10:00:60Z",
    "2026-03-20T24:00:00Z", "2026-03-20T10:00:00",
    "2026-03-20T10:00:00.Z", "2026-03-20T10:00:00+24:00", "1900-02-29T00:00:00Z",
    "2000-02-29T00:00:00-00:01", "A", "B", "Tip: x", "Tip", "Ti\\u0070:", "", "a\u2028b", "[INST]",
    0, 1, -1, 1000, 1001, 2**53 - 1, 2**53, 1 - 2**53, -(2**53), 2.0, 0.5, 9007199254740990.5, 1e15,
    253402300799999, 253402300800000, True, False, None, [], {}, [0, 1, 63], [64], [1000], [1001],
    [1, 1, 2], [1.0], [None], {"0": {"pass": True}}, {"0": {"pass": None}}, {"0": {}}, {"0": None},
    {"63": {"pass": False}}, {"64": {"pass": True}}, {"1000": None}, {"1001": None}, {"00": None},
    {"1": {"pass": 1}}, {"trap_count": 0, "traps": []}, {"trap_count": 0, "traps": [1]}, ["q"] * 64,
    ["Tip: a", "b"], ["q"] * 65,
]  # fmt: skip
"""Values at the edges of what the contract allows."""


class Damage:
    """Makes damaged records, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._records = small_records()
        self._values = [value for raw in self._records for value in _all_values(json.loads(raw))]
        self._values += OTHER_VALUES * 4

    def record(self) -> bytes:
        """Return one record with a few things wrong, or changed."""
        draw = self._random
        raw = draw.choice(self._records)
        while draw.random() < 0.4:
            raw = self._with_other_value(raw)
        for _ in range(draw.choice((0, 1, 1, 1, 2, 3))):
            at = draw.randrange(len(raw) + 1)
            if draw.random() < 0.5:  # where structure is
                at = max(raw.find(draw.choice((b'"', b",", b":", b"{", b"[", b"]")), at), 0)
            gone = draw.choice((0, 0, 1, 1, 2, draw.randrange(40)))
            piece = draw.choice(
                (b"", draw.choice(PIECES), draw.choice(PIECES), bytes([draw.randrange(256)]))
            )
            raw = raw[:at] + piece + raw[at + gone :]
        return raw[:LONGEST].strip()

    def _with_other_value(self, raw: bytes) -> bytes:
        """Put some value in the place of another one."""
        draw = self._random
        value = json.loads(raw)
        holders = [
            inner for inner in _all_values(value) if isinstance(inner, dict | list) and inner
        ]
        holder = draw.choice(holders)
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        holder[draw.choice(keys)] = draw.choice(self._values)
        text = json.dumps(value, ensure_ascii=draw.random() < 0.5)
        return text.encode(errors="surrogatepass")


def _all_values(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(each for one in inner for each in _all_values(one))]
