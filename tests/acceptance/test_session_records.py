"""Session records: the same attempts in another wrapping, each element a record of its own."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import InputError, build, read_attempts, stats
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.logs import record_decoder
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.scan_logs import scan_logs
from tests.builders import (
    SHARED,
    all_bytes,
    as_lines,
    attempt,
    challenge,
    context,
    quarantine,
    read_rows,
    reasons,
    recovery,
    session,
    shard_bytes,
    write_log,
)

_sessions = st.lists(
    st.tuples(
        st.integers(1, 3),  # challenge
        st.sampled_from(["0xaa", "0xAB", "carol", "0xAB/rig 1"]),
        st.lists(st.booleans(), min_size=1, max_size=4),  # attempts that pass
        st.sets(st.sampled_from(SHARED)),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: (each[0], each[1].lower()),
)


def write_sessions(folder: Path, made: list[dict[str, Any]], seed: int) -> None:
    """Write session records into files of random formats, some pretty-printed."""
    rng = random.Random(seed)
    folder.mkdir()
    for number, record in enumerate(made):
        kind = rng.choice(["jsonl", "jsonl.gz", "jsonl.zst", "json", "array.json", "json.gz"])
        data = as_lines([record])
        if kind.startswith(("json.", "array")) or kind == "json":
            value = [record, {"attempts": []}][: rng.randint(1, 2)] if "array" in kind else record
            data = json.dumps(value, indent=rng.choice([None, 1])).encode()
        if kind.endswith(".gz"):
            data = gzip.compress(data)
        elif kind.endswith(".zst"):
            data = zstandard.compress(data)
        (folder / f"{rng.choice('abc')}{number}.{kind}").write_bytes(data)


@given(_sessions, st.integers(0, 10**6))
def test_sessions_give_the_rows_of_their_attempts(
    tmp_path_factory: pytest.TempPathFactory, sessions: list[Any], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("sessions")
    plain, made = [], []
    for number, miner, passes, shared in sessions:
        own = [
            attempt(index, passed=passed, challenge=f"0x{number:02}", miner=miner, number=number)
            for index, passed in enumerate(passes, start=1)
        ]
        plain += own
        made.append(session(own, shared))
    write_log(folder / "plain/a.jsonl", plain)
    write_sessions(folder / "logs", made, seed)
    kinds = list(PAIR_TYPES)
    build(folder / "plain", folder / "expected", pairs=kinds)
    result = build(folder / "logs", folder / "out", pairs=kinds)
    assert shard_bytes(folder / "out") == shard_bytes(folder / "expected")
    assert result.funnel.attempts.total == len(plain)
    assert set(reasons(folder / "out")) <= {"unknown_record"}  # sessions without attempts


@pytest.mark.parametrize("name", ["attempts_v2.jsonl", "session_0x37289055.attempts.jsonl"])
def test_real_records_as_sessions_give_the_same_rows(
    reference: Path, tmp_path: Path, name: str
) -> None:
    real = [json.loads(line) for line in (reference / name).read_bytes().splitlines()]
    kinds = list(PAIR_TYPES)
    failing = [
        record | {"record_id": f"{record['record_id']}-0", "attempt_index": 99, "pass": False,
                  "credit_eligible": False, "acceptance_path": "NONE",
                  "submission": record["submission"] | {"artifact": "x"}}
        for record in real
    ]  # fmt: skip
    made = []
    for record in real:
        same = [
            each for each in (*real, *failing)
            if [each[key] for key in ("challenge_id", "miner_id")]
            == [record[key] for key in ("challenge_id", "miner_id")]
        ]  # fmt: skip
        if record is same[0]:
            made.append(session(same))
    for kind, logs in (("plain", [*real, *failing]), ("sessions", made)):
        write_log(tmp_path / kind / "a.jsonl", logs)
        build(tmp_path / kind, tmp_path / f"out-{kind}", pairs=kinds)
    assert len(json.dumps(made)) < len(json.dumps([*real, *failing]))
    assert shard_bytes(tmp_path / "out-plain") == shard_bytes(tmp_path / "out-sessions")
    assert reasons(tmp_path / "out-plain") == reasons(tmp_path / "out-sessions")


def test_a_usual_session_and_its_elements_take_the_fast_way() -> None:
    brackets = "".join(f"[paragraph_{n}]\n" for n in range(200))
    (raw,) = as_lines(
        [session(recovery(challenge_context=context(document=brackets)))]
    ).splitlines()
    found = record_decoder._scan_fast(raw)
    assert isinstance(found, record_decoder.SessionRecord)
    for element in found.elements(10**6):
        assert record_decoder._scan_fast(element.raw, found.head) is not None


GOOD = session(recovery())


def with_elements(*elements: bytes, **changes: Any) -> bytes:
    """Return a session record whose elements are recovery()'s two and these."""
    head, _, tail = json.dumps(session(recovery(), **changes)).encode().rpartition(b"]")
    return head + b"".join(b", " + element for element in elements) + b"]" + tail


def element(**changes: Any) -> bytes:
    (record,) = session([attempt(3, **changes)])["attempts"]
    return json.dumps(record).encode()


DEEP = b"[" * 127 + b"]" * 127


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"7", "not_an_object"),
        (b"null", "not_an_object"),
        (b"[]", "not_an_object"),
        (b"nul", "malformed_json"),
        (b'{"a": NaN}', "malformed_json"),
        (b'{"a": "\\ud800"}', "malformed_json"),
        (element().replace(b'"artifact"', b'"artifact": "x", "artifact"'), "malformed_json"),
        (element().replace(b'"pass"', b'"pass": true, "pass"'), "malformed_json"),
        (b'{"pass": true, "x": ' + DEEP + b"}", "schema_violation"),
        (b'{"pass": true, "x": [' + DEEP + b"]}", "malformed_json"),
        (b'{"a": "\xff"}', "invalid_utf8"),
        (b"{}", "unknown_record"),
        (json.dumps(challenge()).encode(), "unknown_record"),
        (json.dumps(GOOD).encode(), "unknown_record"),
        (element(attempt_index="3"), "schema_violation"),
        (element(record_id=...), "schema_violation"),
        (element().replace(b'"record_id"', b'"miner_id": "", "record_id"'), "schema_violation"),
        (element().replace(b'"record_id"', b'"miner_id": [], "record_id"'), "schema_violation"),
        (element(constraint_pass_count=9), "inconsistent_outcomes"),
        (element(submission={"artifact": "<s>", "reasoning_trace": []}), "unsafe_text"),
        (element(record_id="0x01-0xaa-2"), "conflicting_attempts"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz"])
def test_a_bad_element_is_one_entry_at_its_own_place(
    tmp_path: Path, name: str, bad: bytes, reason: str
) -> None:
    data = b"\n\n" + with_elements(bad) + b"\n"
    whole = gzip.compress(data) if name.endswith("gz") else data
    (tmp_path / name).write_bytes(whole)
    result = build(tmp_path / name, tmp_path / "out")
    entries = quarantine(tmp_path / "out")
    entry = next(each for each in entries if each["byte_offset"] == data.rindex(bad))
    assert (entry["reason"], entry["line"], entry["file"]) == (reason, 3, name)
    if reason == "conflicting_attempts":
        assert len(entries) == 2
        return
    assert len(entries) == 1
    assert result.funnel.records == 3
    assert len(read_rows(tmp_path / "out")) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"attempts": []}', "unknown_record"),
        (b'{"attempts": [], "challenge_context": {}}', "unknown_record"),
        (b'{"attempts": null}', "unknown_record"),
        (b'{"attempts": 7}', "unknown_record"),
        (b'{"attempts": [1], "attempts": [1]}', "malformed_json"),
        (b'{"attempts": [1], "\\u0061ttempts": []}', "malformed_json"),
        (b'{"miner_id": "a", "attempts": [1], "miner_id": "b"}', "malformed_json"),
        (b'{"attempts": [1], "challenge_context": {"a": 1, "a": 1}}', "malformed_json"),
        (b'{"attempts": [1], "a": "\xff"}', "invalid_utf8"),
        (b'{"attempts": [1], "a": NaN}', "malformed_json"),
        (b'{"attempts": [1], "a": [' + DEEP + b"]}", "malformed_json"),
        (b'{"attempts": [1,]}', "malformed_json"),
        (b'{"attempts": [1]', "malformed_json"),
        (b'{"attempts": [1}', "malformed_json"),
        (b'{"attempts": [1], "pass": true}', "schema_violation"),
        (b'{"attempts": {}, "challenge_context": {}}', "schema_violation"),
    ],
)
def test_what_is_wrong_with_a_session_itself_is_one_entry(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    log = write_log(tmp_path / "a.jsonl", [*recovery(), data])
    result = build(log, tmp_path / "out")
    (entry,) = quarantine(tmp_path / "out")
    assert (entry["reason"], entry["line"]) == (reason, 3)
    assert entry["byte_offset"] == len(as_lines(recovery()))
    assert result.funnel.records == 3


def test_an_attempt_and_a_challenge_record_may_have_attempts_of_their_own(tmp_path: Path) -> None:
    bare = recovery(challenge_context=..., attempts=[{"pass": True}])
    log = write_log(tmp_path / "a.jsonl", [*bare, challenge(attempts={"used": 2})])
    assert build(log, tmp_path / "out").funnel.rows == 1


def test_an_element_takes_what_it_lacks_and_nothing_else(tmp_path: Path) -> None:
    failing, passing = recovery()
    whole = session(
        [failing, passing], (), challenge_seed="99", challenge_domain=None, miner_id="0xff",
        operator="o", rigId="r", model="other", challenge_context=context(2),
        trap_metadata={"trap_count": 0, "traps": []},
    )  # fmt: skip
    for record in whole["attempts"]:
        record["challenge_seed"] = None
        del record["submission"]["model"]
    build(write_log(tmp_path / "a.jsonl", [whole]), tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    assert row["challenge_seed"] == "99"
    assert row["metadata"]["model"] == "other"
    assert row["metadata"]["miner_id"] == "0xaa"
    assert row["document"] == context()["document"]
    assert row["trap_metadata"]["trap_count"] == 1


def test_an_element_with_a_context_of_its_own_has_another_input(tmp_path: Path) -> None:
    whole = session(recovery())
    whole["attempts"][1]["challenge_context"] = context(2)
    build(write_log(tmp_path / "a.jsonl", [whole]), tmp_path / "out")
    assert reasons(tmp_path / "out") == ["input_mismatch"] * 2


def test_what_a_session_lacks_comes_from_a_challenge_record(tmp_path: Path) -> None:
    whole = session(recovery(), challenge_context=..., challenge_seed=...)
    log = write_log(tmp_path / "a.jsonl", [whole, challenge(challenge_seed="5")])
    build(log, tmp_path / "out")
    assert read_rows(tmp_path / "out")[0]["challenge_seed"] == "5"


@pytest.mark.parametrize(
    ("changes", "rows", "own", "expected"),
    [
        ({"miner_id": ..., "operator": "0xEE"}, 1, {}, "0xEE"),
        ({"miner_id": ..., "operator": "0xEE", "rigId": "r1"}, 1, {}, "0xEE/r1"),
        ({"miner_id": ..., "operator": "0xEE", "rigId": "r1"}, 1, {"rigId": "r2"}, "0xEE/r2"),
        ({"operator": "x", "rigId": "r1"}, 1, {}, "0xaa"),
        ({"rigId": "r1"}, 1, {"operator": "own"}, "own/r1"),
        ({"miner_id": ...}, 0, {}, None),
        ({"miner_id": ..., "rigId": "r1"}, 0, {}, None),
    ],
)
def test_the_miner_is_the_elements_or_else_the_sessions(
    tmp_path: Path, changes: dict[str, Any], rows: int, own: dict[str, Any], expected: str | None
) -> None:
    whole = session(recovery(), **changes)
    whole["attempts"] = [record | own for record in whole["attempts"]]
    build(write_log(tmp_path / "a.jsonl", [whole]), tmp_path / "out")
    found = [row["metadata"]["miner_id"] for row in read_rows(tmp_path / "out")]
    assert found == [expected] * rows
    assert reasons(tmp_path / "out") == ["schema_violation"] * (0 if rows else 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("challenge_id", 7), ("challenge_id", ""), ("miner_id", []), ("operator", 1),
        ("challenge_context", {"document": "", "questions": [], "constraints": []}),
        ("challenge_context", {"document": "d", "questions": [], "constraints": [""] * 1002}),
        ("challenge_seed", 7), ("challenge_domain", "x" * 1001), ("trap_metadata", {}),
        ("model_version", 3),
    ],
)  # fmt: skip
def test_a_bad_field_of_a_session_is_a_fault_of_those_who_take_it(
    tmp_path: Path, name: str, value: Any
) -> None:
    failing, passing = recovery()
    taking = attempt(3, record_id="taking")
    whole = session([failing, passing, taking], **{name: value})
    if name == "operator":
        del whole["miner_id"]
    for record, full in zip(whole["attempts"][:2], (failing, passing), strict=True):
        record.update({key: full[key] for key in SHARED})
    if name == "model_version":
        del whole["attempts"][2]["submission"]["model"]
    build(write_log(tmp_path / "a.jsonl", [whole]), tmp_path / "out")
    (entry,) = quarantine(tmp_path / "out")
    assert (entry["reason"], entry["record_id"]) == ("schema_violation", "taking")
    assert entry["detail"].startswith(f"/{name}")
    assert len(read_rows(tmp_path / "out")) == 1
    assert not schemas.is_valid("session", whole)


def test_integral_doubles_and_nulls_in_a_session_count_as_elsewhere(tmp_path: Path) -> None:
    whole = session(recovery(), operator=None, trap_metadata=None)
    whole["challenge_context"]["paragraph_count"] = 4.0
    for record in whole["attempts"]:
        record |= {"challenge_context": None, "miner_id": None, "challenge_id": None}
    text = json.dumps(whole).replace('"attempt_index": 2', '"attempt_index": 2.0')
    build(write_log(tmp_path / "a.jsonl", [text.encode()]), tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    assert row["prompt_metadata"]["paragraph_count"] == 4
    assert row["trap_metadata"] == {"trap_count": 0, "traps": []}


class TestLimits:
    @pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
    def test_the_limit_of_a_record_holds_for_elements(self, tmp_path: Path, name: str) -> None:
        long = element(x="y" * 20_000)
        (tmp_path / name).write_bytes(with_elements(long, *[element(miner_id="m")] * 20))
        build(tmp_path / name, tmp_path / "out", max_record_mb=0.01)
        (entry,) = quarantine(tmp_path / "out")
        assert entry["reason"] == "oversized_record"
        assert entry["byte_offset"] == (tmp_path / name).read_bytes().index(long)
        assert len(read_rows(tmp_path / "out")) == 1

    def test_what_is_too_long_and_no_session_is_refused_unread(self, tmp_path: Path) -> None:
        long = b'{"attempts": [1], "pass": 1, "x": "' + b"y" * 20_000 + b'"}'
        log = write_log(tmp_path / "a.jsonl", [long, b'{"a": "' + b"y" * 20_000, *recovery()])
        build(log, tmp_path / "out", max_record_mb=0.01)
        assert reasons(tmp_path / "out") == ["oversized_record"] * 2

    def test_a_large_session_is_split_as_a_small_one(self, tmp_path: Path) -> None:
        many = [record for n in range(300) for record in recovery(miner=f"m{n:03}")]
        shared = tuple(name for name in SHARED if name != "miner_id")
        large = session(many, shared, junk="z" * 10**6)
        assert record_decoder._scan_fast(json.dumps(large).encode()) is None
        for name, logs in (("plain", many), ("large", [large])):
            write_log(tmp_path / name / "a.jsonl", logs)
            build(tmp_path / name, tmp_path / f"out-{name}")
        assert shard_bytes(tmp_path / "out-plain") == shard_bytes(tmp_path / "out-large")


class TestTheSameAttemptTwice:
    def test_an_element_and_the_same_ordinary_record_are_duplicates(self, tmp_path: Path) -> None:
        logs = [*recovery(), session(recovery()), session(recovery(), challenge_seed=...)]
        result = build(write_log(tmp_path / "a.jsonl", logs), tmp_path / "out")
        assert result.funnel.attempts.duplicates == 4
        assert result.funnel.rows == 1

    def test_equal_elements_of_sessions_that_differ_contradict_each_other(
        self, tmp_path: Path
    ) -> None:
        logs = [session(recovery()), session(recovery(), challenge_domain="other")]
        build(write_log(tmp_path / "a.jsonl", logs), tmp_path / "out")
        assert reasons(tmp_path / "out") == ["conflicting_attempts"] * 4


class TestEverywhere:
    def test_with_any_number_of_workers_and_an_update(self, tmp_path: Path) -> None:
        logs = tmp_path / "logs"
        for n in range(6):
            write_log(logs / f"{n}.jsonl", [session(recovery(miner=f"m{n}")), {"attempts": [n]}])
        build(logs, tmp_path / "one", workers=1)
        build(logs, tmp_path / "two", workers=2)
        write_log(logs / "9.jsonl", [session(recovery(miner="m9"))])
        build(logs, tmp_path / "all")
        build(logs, tmp_path / "two", update=True)
        assert all_bytes(tmp_path / "two") == all_bytes(tmp_path / "all")
        assert len(read_rows(tmp_path / "one")) == 6

    def test_from_standard_input(self, tmp_path: Path) -> None:
        subprocess.run(
            [sys.executable, "-m", "botcoin_dpo", "build", "-", "-o", tmp_path / "out"],
            input=with_elements(b"7"),
            check=True,
            capture_output=True,
        )
        assert len(read_rows(tmp_path / "out")) == 1
        assert reasons(tmp_path / "out") == ["not_an_object"]

    def test_whoever_reads_logs_sees_them(self, tmp_path: Path) -> None:
        plain = write_log(tmp_path / "plain/a.jsonl", recovery())
        log = write_log(tmp_path / "sessions/a.jsonl", [session(recovery())])
        attempts = list(read_attempts(log))
        assert [each.record for each in attempts] == [each.record for each in read_attempts(plain)]
        for look in (stats, audit):
            seen, expected = look(log).as_json(), look(plain).as_json()
            assert {**seen, "path": None} == {**expected, "path": None}


class TestReadingAgain:
    def test_elements_share_what_they_take(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "a.jsonl", [session(recovery())])
        first, second = (each.record for each in read_attempts(log))
        assert first.challenge_context is second.challenge_context
        assert first.trap_metadata is second.trap_metadata

    def test_a_session_that_changes_meanwhile_is_noticed(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "a.jsonl", [session(recovery())])
        data = log.read_bytes()
        found = find_logs([log]).files
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        with scan_logs(found, scratch, SingleProcess(), record_limit=10**6) as scanned:
            (references,) = scanned.references()
            reader = RecordReader(references.records(scanned.in_place))
            (ref, _) = references.attempts()
            for changed in (
                data.replace(b"packet", b"PACKET"),
                data.replace(b'"attempts"', b'"x"       '),
            ):
                log.write_bytes(changed)
                with pytest.raises(InputError, match=r"a\.jsonl:1: changed while it was read"):
                    reader.attempt(ref)

    def test_elements_of_the_same_bytes_are_the_same_if_their_sessions_are(
        self, tmp_path: Path
    ) -> None:
        one, other = session(recovery()), session(recovery(), challenge_domain="other")
        log = write_log(tmp_path / "a.jsonl", [one, other, one])
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        with scan_logs(
            find_logs([log]).files, scratch, SingleProcess(), record_limit=10**6
        ) as scan:
            (references,) = scan.references()
            reader = RecordReader(references.records(scan.in_place))
            first, second, third = sorted(
                (ref for ref in references.attempts() if ref.attempt_index == 1),
                key=lambda ref: ref.location.line,
            )
            assert reader.read(first) == reader.read(second)
            assert not reader.is_same(first, second)
            assert reader.is_same(first, third)
