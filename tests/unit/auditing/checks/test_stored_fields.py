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
    simulate(folder, challenges=3, miners=4, seed=12)
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


def _missing(record: Record) -> None:
    record["trace_validation"]["resolved_citations"].pop()


def _quote(record: Record) -> None:
    record["trace_validation"]["resolved_citations"][0]["sourceQuote"] = "paragraph_9999"


def _other_quote(record: Record) -> None:
    record["trace_validation"]["resolved_citations"][0]["sourceQuote"] = "nobody wrote this"


def _method(record: Record) -> None:
    record["trace_validation"]["resolved_citations"][0]["matchMethod"] = _other_method(record)


def _provenance_method(record: Record) -> None:
    _provenance(record)["match_method"] = _other_method(record)


def _other_method(record: Record) -> str:
    is_exact = _provenance(record)["match_method"] == "paragraph_exact"
    return "paragraph_unverified" if is_exact else "paragraph_exact"


def _validity(record: Record) -> None:
    record["trace_validation"]["ok"] = not record["trace_validation"]["ok"]


def _score(record: Record) -> None:
    validation = record["trace_validation"]
    validation["programmatic_score"] = 0 if validation["programmatic_flags"] else 3


def _zone(record: Record) -> None:
    steps = record["submission"]["reasoning_trace"]
    owners = {trap["target_entity"] for trap in record["trap_metadata"]["traps"]}
    cited = [each for each in steps if "coordinator_provenance" in each]
    step = next(each for each in cited if each["targetEntity"] not in owners)
    step["coordinator_provenance"]["semantic_zone"] = "TRAP"


def _flag(record: Record) -> None:
    flags = ["missing_wrong_extraction:Nobody Corp:heads"]
    record["error_annotation"] = {"trap_trace_quality_flags": flags}


def _status(record: Record) -> None:
    record["session_status"] = "failed" if record["credit_eligible"] else "passed"


def _path(record: Record) -> None:
    record["acceptance_path"] = "NONE" if record["pass"] else "B"


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
        (_missing, "citation_entry"),
        (_quote, "citation_source"),
        (_other_quote, "citation_entry"),
        (_method, "citation_tier"),
        (_provenance_method, "citation_tier"),
        (_validity, "trace_validity"),
        (_score, "trace_validity"),
        (_zone, "trap_zone"),
        (_flag, "trap_zone"),
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


def _credit(record: Record) -> None:
    record["credit_eligible"] = True


def _failed(record: Record) -> None:
    record["session_status"] = "failed"


def _other_class(record: Record) -> None:
    is_a = record["trap_classification"] == "PATH_A"
    record["trap_classification"] = "PATH_B" if is_a else "PATH_A"


def _would_not(record: Record) -> None:
    record["path_a_would_have_passed"] = not record["path_a_would_have_passed"]


@pytest.mark.parametrize(
    ("path", "change", "rule"),
    [
        ("NONE", _credit, "acceptance"),
        ("NONE", _path, "acceptance"),
        ("B", _path, "pass_label"),
        ("B", _status, "acceptance"),
        ("B", _other_class, "acceptance"),
        ("A", _other_class, "acceptance"),
        ("A", _credit, "acceptance"),
        ("A", _failed, "acceptance"),
        ("A", _would_not, "path_claim"),
    ],
)
def test_acceptance_is_held_against_the_attempt(
    records: list[Record],
    tmp_path: Path,
    path: str,
    change: Callable[[Record], None],
    rule: str,
) -> None:
    record = deepcopy(next(each for each in records if each["acceptance_path"] == path))
    change(record)
    log = tmp_path / "a.jsonl"
    log.write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert rule in audit(log).findings_by_rule


def _note(record: Record) -> None:
    step = record["submission"]["reasoning_trace"][-1]
    assert step["note"].startswith("Previous attempt passed ")
    passed = record["feedback_shown"]["constraints_passed_shown"]
    step["note"] = f"Attempt 1 passed {(passed + 1) % 8} out of 8 constraints"


def _other_total(record: Record) -> None:
    record["submission"]["reasoning_trace"][-1]["note"] = "passed 2/5 of my own checks"


def _shown_bucket(record: Record) -> None:
    shown = record["feedback_shown"]
    bucket = shown["progress_bucket_shown"]
    shown["progress_bucket_shown"] = "lt_50" if bucket == "gte_50" else "gte_50"


def _shown_leave(record: Record) -> None:
    record["feedback_shown"]["retry_allowed_shown"] = False


def _shown_left(record: Record) -> None:
    record["feedback_shown"]["attempts_remaining_shown"] += 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_note, {"feedback"}),
        (_other_total, set()),
        (_shown_bucket, {"feedback"}),
        (_shown_leave, {"feedback"}),
        (_shown_left, {"retry_counts"}),
    ],
)
def test_what_is_said_of_the_attempt_before_is_held_against_it(
    records: list[Record], tmp_path: Path, change: Callable[[Record], None], expected: set[str]
) -> None:
    retry = next(
        deepcopy(record)
        for record in records
        if record["attempt_index"] == 2
        and "passed" in str(record["submission"]["reasoning_trace"][-1].get("note"))
    )
    before = next(
        record
        for record in records
        if record["attempt_index"] == 1
        and all(record[key] == retry[key] for key in ("challenge_id", "miner_id"))
    )
    change(retry)
    log = tmp_path / "a.jsonl"
    log.write_text(f"{json.dumps(before)}\n{json.dumps(retry)}\n", encoding="utf-8")
    found = audit(log).findings_by_rule
    assert {rule for rule in found if rule in ("feedback", "retry_counts")} == expected


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
