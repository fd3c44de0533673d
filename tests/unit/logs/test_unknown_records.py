"""A record of an unknown kind is described by what it looks like."""

from typing import Any

import pytest

from botcoin_dpo.logs.unknown_records import describe

MARKS = "attempt_index, pass, submission"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"example_type": "x", "rejected_text": "", "chosen_text": ""}, "a row of a dataset"),
        ({"prompt": "", "chosen": "", "rejected": ""}, "looks like a DPO row"),
        ({"prompt": "", "completion": "", "label": True}, "looks like a row for a trainer"),
        ({"messages": []}, "looks like a chat messages record"),
        ({"conversations": []}, "looks like a chat messages record"),
        ({"schema_version": 1, "funnel": {}, "shards": []}, "looks like a manifest"),
        ({"file": "", "byte_offset": 0, "reason": "", "detail": ""}, "an entry of a quarantine"),
        ({"simulated_logs": 1}, "looks like the ledger"),
        ({"attempts": []}, "a session record without attempts"),
        ({"session_id": "s", "attempts": 3}, "a session record whose attempts are no array"),
        ({"miner_id": "m", "record_id": "r"}, f"looks like an attempt without {MARKS}"),
        ({"challenge_id": "c"}, "looks like a challenge record without challenge_context"),
        ({}, f"has no keys, and none of {MARKS}, challenge_context"),
        ({"pass": None, "b": 1}, "has the keys 'pass', 'b', and none of"),
        ({str(n): n for n in range(9)}, "has the keys '0', '1', '2', '3', '4' and 4 more, and"),
        ({"\x1b[31m" + "x" * 99: 1}, r"has the keys '\x1b[31m" + "x" * 34 + r"\u2026', and none"),
    ],
)
def test_it_looks_like(record: dict[str, Any], expected: str) -> None:
    assert expected in describe(record)
    assert len(describe(record)) < 500
