"""Stored fields that a careful reader could decide: a change of one is found under its rule."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import audit, simulate

Record = dict[str, Any]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    folder = tmp_path_factory.mktemp("simulated") / "logs"
    simulate(folder, challenges=3, miners=4, seed=9)
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _provenance(record: Record) -> Any:
    steps = record["submission"]["reasoning_trace"]
    return next(step["coordinator_provenance"] for step in steps if "targetEntity" in step)


def _used(record: Record) -> None:
    record["retry_metadata"]["attempts_used"] += 1


def _allowed(record: Record) -> None:
    record["retry_metadata"] |= {"attempts_remaining": 0, "retry_allowed": True}


def _bucket(record: Record) -> None:
    bucket = record["coarse_progress_bucket"]
    record["coarse_progress_bucket"] = "lt_50" if bucket == "gte_50" else "gte_50"


def _expiry(record: Record) -> None:
    record["session_expires_at"] = record["attempt_submitted_at"] - 60_000


def _timestamp(record: Record) -> None:
    record["timestamp"] = "2020-01-01T00:00:00.000Z"


def _total(record: Record) -> None:
    _provenance(record)["paragraph_total"] = 3


def _position(record: Record) -> None:
    position = _provenance(record)["document_position_pct"]
    _provenance(record)["document_position_pct"] = 0.1 if position > 0.5 else 0.9


def _bogus(record: Record) -> None:
    record["trace_validation"]["resolved_citations"].append({"stepId": "zz9", "matched": True})


def _doubled(record: Record) -> None:
    entries = record["trace_validation"]["resolved_citations"]
    entries.append(deepcopy(entries[0]))


def _answer(record: Record) -> None:
    next(iter(record["submitted_answers"].values()))["expected"] = "Nobody Corp"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (_used, "retry_counts"),
        (_allowed, "retry_counts"),
        (_bucket, "retry_counts"),
        (_expiry, "attempt_times"),
        (_timestamp, "attempt_times"),
        (_total, "citation_entry"),
        (_position, "citation_entry"),
        (_bogus, "citation_entry"),
        (_doubled, "citation_entry"),
        (_answer, "answer_counts"),
    ],
)
def test_a_changed_field_is_found_under_its_rule(
    records: list[Record], tmp_path: Path, change: Callable[[Record], None], rule: str
) -> None:
    changed = deepcopy(records[:8])
    for number, record in enumerate(changed):
        change(record)
        log = tmp_path / f"{number}.jsonl"
        log.write_text(json.dumps(record) + "\n", encoding="utf-8")
        assert rule in audit(log).findings_by_rule, number


def test_an_attempt_before_the_one_it_follows_is_found(
    records: list[Record], tmp_path: Path
) -> None:
    retry = next(record for record in records if record["attempt_index"] == 2)
    session = [
        deepcopy(record)
        for record in records
        if (record["challenge_id"], record["miner_id"])
        == (retry["challenge_id"], retry["miner_id"])
    ]
    for record in session:
        if record["attempt_index"] == 1:
            record["attempt_submitted_at"] = retry["attempt_submitted_at"] + 1
    log = tmp_path / "a.jsonl"
    log.write_text("".join(json.dumps(record) + "\n" for record in session), encoding="utf-8")
    assert "attempt_times" in audit(log).findings_by_rule
