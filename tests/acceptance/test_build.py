"""The build as a whole: what becomes of records, whatever the layout of the logs."""

import gzip
import json
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import xxhash
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import InputError, UsageError, UserError, build, validate
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.engines import bin_merging, file_bins
from botcoin_dpo.files import decompression, segments
from botcoin_dpo.logs import scan
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.scan_logs import scan_logs
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import (
    all_bytes,
    as_lines,
    attempt,
    challenge,
    context,
    quarantine,
    read_rows,
    reasons,
    recovery,
    shard_bytes,
    write_log,
)


def test_the_published_row_comes_back_equal_in_every_value_and_in_key_order(
    reference: Path, tmp_path: Path
) -> None:
    build(reference / "session_0x37289055.attempts.jsonl", tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    published = json.loads((reference / "pair_0x37289055.json").read_bytes())
    assert json.dumps(row) == json.dumps(published)


def test_a_failing_and_a_passing_attempt_make_one_row(tmp_path: Path) -> None:
    write_log(tmp_path / "logs/a.jsonl", recovery())
    result = build(tmp_path / "logs", tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    assert result.funnel.rows == 1
    assert row["rejected_metadata"]["attempt_index"] == 1
    assert row["chosen_metadata"]["attempt_index"] == 2
    assert row["pair_annotations"]["constraint_flips"] == {
        "flipped_to_pass": [1],
        "flipped_to_fail": [],
        "stayed_pass": [0, 2, 3],
        "stayed_fail": [],
    }
    assert row["pair_annotations"]["revision_time_ms"] == 60_000
    assert row["metadata"]["session_attempts_total"] == 2


def test_context_seed_domain_and_traps_are_joined_from_a_challenge_record(tmp_path: Path) -> None:
    bare: dict[str, Any] = {
        "challenge_context": ...,
        "challenge_seed": ...,
        "challenge_domain": ...,
        "trap_metadata": ...,
    }
    traps = {"trap_count": 1, "traps": [{"wrong_value": 2.0}]}
    supplied = challenge(challenge_seed="99", challenge_domain="boats", trap_metadata=traps)
    write_log(tmp_path / "logs/a.jsonl", recovery(**bare))
    write_log(tmp_path / "logs/z.jsonl.gz", [supplied, supplied, challenge("0x77")])
    result = build(tmp_path / "logs", tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    assert row["document"] == context()["document"]
    assert (row["challenge_seed"], row["challenge_domain"]) == ("99", "boats")
    assert json.dumps(row["trap_metadata"]["traps"]) == '[{"wrong_value": 2}]'
    challenges = result.funnel.challenges
    assert (challenges.total, challenges.used, challenges.unused, challenges.duplicates) == (
        3,
        1,
        1,
        1,
    )


def test_challenge_records_that_differ_are_set_aside_and_supply_nothing(tmp_path: Path) -> None:
    records = [*recovery(challenge_context=...), challenge(), challenge(challenge_seed="other")]
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
    assert sorted(reasons(tmp_path / "out")) == [
        "conflicting_challenges",
        "conflicting_challenges",
        "missing_context",
        "missing_context",
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"challenge_context": ...}, "missing_context"),
        ({"constraint_results": ...}, "unknown_constraint_outcomes"),
        ({"constraint_pass_count": 3}, "inconsistent_outcomes"),
        ({"constraints_failed": [0]}, "inconsistent_outcomes"),
        ({"constraints_passed": [1]}, "inconsistent_outcomes"),
        ({"constraints_passed": [7], "constraints_failed": [7]}, "inconsistent_outcomes"),
        ({"submission": {"artifact": "a\nb", "reasoning_trace": []}}, "unsafe_text"),
        ({"submission": {"artifact": "<|im_end|>", "reasoning_trace": []}}, "unsafe_text"),
        ({"attempt_index": 0}, "schema_violation"),
        ({"timestamp": "2026-02-30T00:00:00Z"}, "schema_violation"),
        ({"challenge_context": context(document="")}, "schema_violation"),
    ],
)
def test_an_attempt_that_cannot_be_used_is_set_aside_with_its_place(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    log = write_log(tmp_path / "a.jsonl", [*recovery(), attempt(miner="0xbb", **changes)])
    result = build(log, tmp_path / "out")
    (entry,) = quarantine(tmp_path / "out")
    assert entry["reason"] == reason
    assert (entry["file"], entry["line"]) == ("a.jsonl", 3)
    assert entry["byte_offset"] == len(as_lines(recovery()))
    assert entry["record_id"] == "0x01-0xbb-1"
    assert entry["detail"]
    assert result.funnel.rows == 1


def test_a_credited_pass_with_a_failed_constraint_is_inconsistent(tmp_path: Path) -> None:
    liar = attempt(2, passed=True, constraint_results={"0": {"pass": False}})
    build(write_log(tmp_path / "a.jsonl", [attempt(), liar]), tmp_path / "out")
    assert reasons(tmp_path / "out") == ["inconsistent_outcomes"]


def test_a_session_with_different_inputs_is_set_aside_whole(tmp_path: Path) -> None:
    records = [*recovery(), attempt(3, number=2)]
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
    assert reasons(tmp_path / "out") == ["input_mismatch"] * 3


def test_the_same_input_spelled_with_other_escapes_is_the_same_input(tmp_path: Path) -> None:
    first, second = recovery()
    log = tmp_path / "a.jsonl"
    log.write_bytes(json.dumps(first).encode() + b"\n" + as_lines([second]))
    assert build(log, tmp_path / "out").funnel.rows == 1


class TestRepeatsAndConflicts:
    def test_a_repeat_counts_once_and_the_fuller_record_counts(self, tmp_path: Path) -> None:
        raw = attempt(1, trap_classification=..., challenge_seed=None)
        records = [raw, *recovery(), attempt(2, passed=True)]
        result = build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
        (row,) = read_rows(tmp_path / "out")
        assert result.funnel.attempts.duplicates == 2
        assert row["rejected_metadata"]["trap_classification"] == "UNKNOWN"

    def test_ids_in_other_case_and_numbers_in_other_notation_are_repeats(
        self, tmp_path: Path
    ) -> None:
        same = attempt(1, miner="0xAA", record_id="0x01-0xaa-1", challenge_id="0x01")
        spelled = as_lines([same]).replace(b'"attempt_index": 1', b'"attempt_index": 1.0')
        records = [*recovery(), spelled.strip()]
        result = build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
        assert result.funnel.attempts.duplicates == 1
        assert result.funnel.rows == 1

    def test_records_that_share_an_id_and_differ_are_conflicts_every_copy(
        self, tmp_path: Path
    ) -> None:
        other = attempt(1, coarse_progress_bucket="lt_50")
        another = attempt(1, coarse_progress_bucket="gte_50")
        records = [other, another, other, attempt(2, passed=True)]
        build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
        assert reasons(tmp_path / "out") == ["conflicting_attempts"] * 3

    def test_two_records_at_one_index_are_conflicts_and_the_rest_stands(
        self, tmp_path: Path
    ) -> None:
        records = [attempt(1), attempt(1, record_id="other"), *recovery()[1:], attempt(3)]
        result = build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
        assert reasons(tmp_path / "out") == ["conflicting_attempts"] * 2
        assert result.funnel.attempts.usable == 2

    def test_one_record_id_at_two_indices_is_a_conflict(self, tmp_path: Path) -> None:
        records = [attempt(1, record_id="same"), attempt(2, passed=True, record_id="same")]
        build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
        assert reasons(tmp_path / "out") == ["conflicting_attempts"] * 2

    def test_of_records_that_say_the_same_the_content_decides(self, tmp_path: Path) -> None:
        one = attempt(1, retry_metadata={"a": 1, "b": 2}, error_annotation={"x": None})
        other = attempt(1, retry_metadata={"b": 2, "a": 1}, error_annotation={})
        passing = attempt(2, passed=True)
        for name, records in (("x", [one, other, passing]), ("y", [passing, other, one])):
            build(write_log(tmp_path / name / "a.jsonl", records), tmp_path / f"out-{name}")
        assert shard_bytes(tmp_path / "out-x") == shard_bytes(tmp_path / "out-y") != {}

    def test_the_order_of_keys_inside_a_step_is_no_repeat_elsewhere_it_is(
        self, tmp_path: Path
    ) -> None:
        step = {"action": "note", "b": 1, "a": 2}
        turned = {"action": "note", "a": 2, "b": 1}
        submission = {"artifact": "x", "reasoning_trace": [step]}
        records = [
            attempt(1, submission=submission),
            attempt(1, submission=submission | {"reasoning_trace": [turned]}),
            attempt(1, miner="0xbb", retry_metadata={"a": 1, "b": 2}),
            attempt(1, miner="0xbb", retry_metadata={"b": 2, "a": 1}),
        ]
        result = build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
        assert reasons(tmp_path / "out") == ["conflicting_attempts"] * 2
        assert result.funnel.attempts.duplicates == 1


def _layouts(records: list[dict[str, Any]], folder: Path, seed: int) -> None:
    """Write records, some twice, into files of random formats and names."""
    rng = random.Random(seed)
    records = records + rng.sample(records, k=rng.randint(0, len(records)))
    rng.shuffle(records)
    files: list[list[dict[str, Any]]] = [[] for _ in range(rng.randint(1, 5))]
    for record in records:
        rng.choice(files).append(record)
    for number, part in enumerate(files):
        name = f"{rng.choice('abcxyz')}{number}"
        kind = rng.choice(["jsonl", "ndjson", "JSONL.GZ", "jsonl.zst", "json", "json.gz", "values"])
        path = folder / rng.choice(["", "deep/er"]) / f"{name}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "values":
            text = "\n\n".join(json.dumps(record, indent=1) for record in part)
            path.with_suffix(".json").write_text(text, encoding="utf-8")
        elif kind.startswith("json") and not kind.startswith("jsonl"):
            data = json.dumps(part, indent=rng.choice([None, 2])).encode()
            path.write_bytes(gzip.compress(data) if kind.endswith("gz") else data)
        else:
            data = as_lines(part)
            if rng.random() < 0.3:
                data = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n\n")
            if kind == "JSONL.GZ":
                data = gzip.compress(data)
            elif kind == "jsonl.zst":
                data = zstandard.compress(data)
            path.write_bytes(data)


_sessions = st.lists(
    st.tuples(
        st.integers(1, 4),  # challenge
        st.sampled_from(["0xaa", "0xAB", "carol"]),
        st.lists(st.booleans(), min_size=1, max_size=4),  # attempts that pass
        st.booleans(),  # context inline
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda session: (session[0], session[1].lower()),
)


@given(_sessions, st.integers(0, 2**32))
def test_the_same_records_give_the_same_shards_in_any_layout(
    tmp_path_factory: pytest.TempPathFactory, sessions: list[Any], seed: int
) -> None:
    records = [challenge(f"0x{number}", number) for number in range(1, 5)]
    for number, miner, outcomes, inline in sessions:
        changes = {} if inline else {"challenge_context": ...}
        records += [
            attempt(index, passed=passed, challenge=f"0x{number}", miner=miner, number=number,
                    failed=[index % 3], **changes)
            for index, passed in enumerate(outcomes, start=1)
        ]  # fmt: skip
    folder = tmp_path_factory.mktemp("layouts")
    write_log(folder / "one/all.jsonl", records)
    _layouts(records, folder / "many", seed)
    for name in ("one", "many"):
        options: dict[str, Any] = {"pairs": PAIR_TYPES, "shard_mb": 0.01, "attempts": True}
        result = build(folder / name, folder / f"out-{name}", **options)
        assert not result.funnel.quarantined
    assert shard_bytes(folder / "out-one") == shard_bytes(folder / "out-many")
    assert validate(folder / "out-many").is_valid


def test_two_builds_of_the_same_logs_are_the_same_bytes(tmp_path: Path) -> None:
    write_log(tmp_path / "logs/a.jsonl.zst", [*recovery(), b"{", attempt(miner="0xbb")])
    for name in ("one", "two"):
        build(tmp_path / "logs", tmp_path / name, pairs=PAIR_TYPES)
    files = [
        {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
        for out in (tmp_path / "one", tmp_path / "two")
    ]
    assert files[0] == files[1]
    assert str(tmp_path) not in (tmp_path / "one/manifest.json").read_text()


def test_shards_are_cut_by_size_and_named_as_the_hub_expects(tmp_path: Path) -> None:
    records = [record for number in range(8) for record in recovery(f"0x{number:02x}")]
    log = write_log(tmp_path / "a.jsonl", records)
    result = build(log, tmp_path / "out", splits=(1, 0, 0), shard_mb=0.012)
    names = [shard.path for shard in result.shards]
    assert names[0] == f"sequential/train-00000-of-{len(names):05d}.jsonl"
    assert len(names) > 1
    assert all(shard.bytes <= 12_000 or shard.rows == 1 for shard in result.shards)
    whole = build(log, tmp_path / "whole", splits=(1, 0, 0))
    assert len(whole.shards) == 1
    assert b"".join(shard_bytes(tmp_path / "out").values()) == b"".join(
        shard_bytes(tmp_path / "whole").values()
    )


def test_a_challenge_record_that_nobody_needs_is_unused(tmp_path: Path) -> None:
    records = [*recovery(), challenge(challenge_seed="5")]
    challenges = build(write_log(tmp_path / "a.jsonl", records), tmp_path / "o").funnel.challenges
    assert (challenges.used, challenges.unused) == (0, 1)


def test_trap_metadata_is_carried_as_stored(tmp_path: Path) -> None:
    traps = {"note": {"a": 1.0}, "trap_count": 1, "traps": []}
    build(write_log(tmp_path / "a.jsonl", recovery(trap_metadata=traps)), tmp_path / "out")
    (row,) = read_rows(tmp_path / "out")
    assert list(row["trap_metadata"].items()) == list(traps.items())


def test_many_challenges_across_partitions_keep_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record for number in range(40) for record in recovery(f"0x{number:02x}")]
    log = write_log(tmp_path / "a.jsonl", records)
    build(log, tmp_path / "one", attempts=True)
    build(log, tmp_path / "many", attempts=True, memory_mb=0.01)
    build(log, tmp_path / "shared", attempts=True, memory_mb=0.01, workers=3)
    assert all_bytes(tmp_path / "one") == all_bytes(tmp_path / "many")
    assert all_bytes(tmp_path / "one") == all_bytes(tmp_path / "shared")


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("has_last_break", [True, False])
def test_a_large_file_is_scanned_in_ranges_and_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: bytes, has_last_break: bool
) -> None:
    lines = [json.dumps(record).encode() for n in range(6) for record in recovery(f"0x{n:02x}")]
    lines[3:3] = [b"{", b"", b"x" * 9000, b"[]"]  # an element longer than several ranges
    log = tmp_path / "a.jsonl"
    log.write_bytes(b"\xef\xbb\xbf" + ending.join(lines) + (ending if has_last_break else b""))
    build(log, tmp_path / "whole")
    places = quarantine(tmp_path / "whole")
    assert [entry["line"] for entry in places] == [4, 6, 7]
    inputs = json.loads((tmp_path / "whole/manifest.json").read_bytes())["inputs"]
    for block in (64, 1000, 4096, len(log.read_bytes()) - 1):
        monkeypatch.setattr(segments, "BLOCK", block)
        build(log, tmp_path / f"out{block}", workers=1 + block % 2)
        assert shard_bytes(tmp_path / f"out{block}") == shard_bytes(tmp_path / "whole")
        assert quarantine(tmp_path / f"out{block}") == places
        manifest = json.loads((tmp_path / f"out{block}/manifest.json").read_bytes())
        assert manifest["inputs"][0]["bytes"] == inputs[0]["bytes"]
        blocks = [log.read_bytes()[at : at + block] for at in range(0, inputs[0]["bytes"], block)]
        digest = xxhash.xxh3_128_hexdigest(b"".join(map(xxhash.xxh3_128_digest, blocks)))
        assert manifest["inputs"][0]["xxh3_128"] == digest


def test_a_worker_that_is_killed_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = os.getpid()

    def killed(*arguments: object) -> None:
        assert os.getpid() != this
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(scan, "_scan", killed)
    for name in ("a", "b"):
        write_log(tmp_path / f"logs/{name}.jsonl", recovery())
    with pytest.raises(UserError, match="a worker process was killed"):
        build(tmp_path / "logs", tmp_path / "out", workers=2)
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_the_quarantine_is_in_order_of_places(tmp_path: Path) -> None:
    orphan = attempt(challenge_context=...)
    write_log(tmp_path / "logs/b.jsonl", [orphan, b"{", *recovery("0x02")])
    write_log(tmp_path / "logs/a.jsonl", [orphan | {"miner_id": "0xbb"}, b"}"])
    build(tmp_path / "logs", tmp_path / "out")
    entries = quarantine(tmp_path / "out")
    places = [(entry["file"], entry["line"], entry["reason"]) for entry in entries]
    assert places == [
        ("a.jsonl", 1, "missing_context"),
        ("a.jsonl", 2, "malformed_json"),
        ("b.jsonl", 1, "missing_context"),
        ("b.jsonl", 2, "malformed_json"),
    ]


def test_the_funnel_accounts_for_every_record(tmp_path: Path) -> None:
    records = [
        *recovery(),
        *recovery(miner="0xbb"),
        recovery()[0],
        attempt(miner="0xcc", challenge_context=..., challenge="0x99"),
        attempt(miner="0xdd", attempt_index="one"),
        challenge("0x55"),
        challenge("0x56", challenge_context={}),
        {"hello": 1},
        [1],
        b"{",
    ]
    log = write_log(tmp_path / "a.jsonl", records)
    funnel = build(log, tmp_path / "out").funnel.as_json()
    attempts, challenges = funnel["attempts"], funnel["challenges"]
    assert funnel["records"] == len(records)
    assert attempts == {"total": 7, "repeats": 1, "set_aside": 2, "surviving": 4}
    assert challenges == {"total": 2, "used": 0, "unused": 1, "repeats": 0, "set_aside": 1}
    assert funnel["not_recognised"] == 3
    assert sum(funnel["set_aside"].values()) == len(quarantine(tmp_path / "out")) == 6


class TestOptions:
    def test_strict_publishes_nothing_if_a_record_is_set_aside(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "a.jsonl", [*recovery(), b"{"])
        result = build(log, tmp_path / "out", strict=True)
        assert result.is_refused
        assert result.first_quarantined[0]["reason"] == "malformed_json"
        assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]

    def test_a_dry_run_counts_the_same_and_writes_nothing(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "a.jsonl.gz", recovery())
        dry = build(log, tmp_path / "out", dry_run=True)
        assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl.gz"]
        assert dry.funnel == build(log, tmp_path / "out").funnel

    def test_unsafe_text_is_used_when_it_is_allowed(self, tmp_path: Path) -> None:
        failing, passing = recovery()
        failing["submission"]["artifact"] = "<think> \x1b[31m"
        log = write_log(tmp_path / "a.jsonl", [failing, passing])
        assert build(log, tmp_path / "out").funnel.rows == 0
        allowed = build(log, tmp_path / "allowed", allow_unsafe_text=True)
        assert allowed.funnel.rows == 1
        assert validate(tmp_path / "allowed").is_valid

    def test_a_record_over_the_limit_is_set_aside(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "a.jsonl", [*recovery(), attempt(miner="0x" + "b" * 9000)])
        build(log, tmp_path / "out", max_record_mb=0.005)
        assert reasons(tmp_path / "out") == ["oversized_record"]

    @pytest.mark.parametrize(
        "options",
        [
            {"splits": (0.5, 0.5)},
            {"splits": (0.5, 0.4, 0.05)},
            {"splits": (2, -1, 0)},
            {"splits": (float("nan"), 0.5, 0.5)},
            {"pairs": ("best",)},
            {"pairs": ()},
            {"max_per_prompt": 0},
            {"shard_mb": 0},
            {"shard_mb": float("nan")},
            {"max_record_mb": 10**6},
        ],
    )
    def test_options_that_make_no_sense_are_refused(
        self, tmp_path: Path, options: dict[str, Any]
    ) -> None:
        log = write_log(tmp_path / "a.jsonl", recovery())
        with pytest.raises(UsageError):
            build(log, tmp_path / "out", **options)


class TestAdvice:
    @pytest.mark.parametrize(
        ("records", "words"),
        [
            ([], "no attempt records"),
            ([challenge()], "no attempt records"),
            ([attempt(challenge_context=...)], "quarantined, most often as missing_context"),
            ([attempt()], "no session has a credited pass"),
            ([attempt(1, passed=True)], "--pairs cross_session"),
        ],
    )
    def test_an_empty_dataset_names_its_main_cause(
        self, tmp_path: Path, records: list[Any], words: str
    ) -> None:
        log = write_log(tmp_path / "a.jsonl", records)
        result = build(log, tmp_path / "out", allow_empty=True)
        assert words in (result.advice or "")
        assert result.out is not None
        assert validate(tmp_path / "out").is_valid

    def test_identical_sides_are_named(self, tmp_path: Path) -> None:
        failing, passing = recovery()
        failing["submission"] = passing["submission"]
        log = write_log(tmp_path / "a.jsonl", [failing, passing])
        result = build(log, tmp_path / "out")
        assert result.funnel.dropped == {"identical_sides": 1}
        assert "identical_sides" in (result.advice or "")


class TestInputs:
    def test_nothing_to_read_is_an_input_error(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        for path in ("empty", "missing.jsonl"):
            with pytest.raises(InputError, match=path):
                build(tmp_path / path, tmp_path / "out")

    def test_a_log_that_changes_while_it_is_read_is_an_input_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log = write_log(tmp_path / "a.jsonl", recovery())
        from botcoin_dpo.building import build as main_job

        @contextmanager
        def scan_then_damage(*args: Any, **options: Any) -> Iterator[Any]:
            with scan_logs(*args, **options) as scanned:
                log.write_bytes(log.read_bytes().replace(b"Alma", b"Elma"))
                yield scanned

        monkeypatch.setattr(main_job, "scan_logs", scan_then_damage)
        with pytest.raises(InputError, match=r"a\.jsonl:1: changed while it was read"):
            build(log, tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_several_arguments_are_told_apart_by_position(self, tmp_path: Path) -> None:
        one = write_log(tmp_path / "one/a.jsonl", recovery())
        two = write_log(tmp_path / "two/a.jsonl", [b"{"])
        build([one.parent, two.parent], tmp_path / "out")
        assert quarantine(tmp_path / "out")[0]["file"] == "2/a.jsonl"
        manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
        assert [entry["path"] for entry in manifest["inputs"]] == ["1/a.jsonl", "2/a.jsonl"]


class TestUpdate:
    def logs(self, folder: Path) -> Path:
        simulate(folder / "logs", challenges=8, miners=4, noise=0.2, format="mixed", files=4)
        (folder / "day2").mkdir()
        for name in ("attempts-00001.jsonl.gz", "attempts-00003.jsonl"):
            (folder / "logs" / name).rename(folder / "day2" / name)
        return folder / "logs"

    @pytest.mark.parametrize("workers", [1, 2])
    def test_it_gives_the_bytes_of_a_full_build_and_scans_only_what_is_new(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
    ) -> None:
        logs = self.logs(tmp_path)
        build(logs, tmp_path / "out", max_record_mb=1)
        for path in (tmp_path / "day2").iterdir():
            path.rename(logs / path.name)
        grown = logs / "attempts-00000.jsonl"
        grown.write_bytes(grown.read_bytes() + b"{}\n")
        build(logs, tmp_path / "full", max_record_mb=1)
        scanned: list[str] = []
        scan_it = scan._SegmentScan.scan

        def watched(segment_scan: Any) -> Any:
            scanned.append(segment_scan._segment.file.name)
            return scan_it(segment_scan)

        monkeypatch.setattr(scan._SegmentScan, "scan", watched)
        build(logs, tmp_path / "out", max_record_mb=1, update=True, workers=workers)
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")
        assert validate(tmp_path / "out").is_valid
        if workers == 1:
            new = {"attempts-00001.jsonl.gz", "attempts-00003.jsonl", "attempts-00000.jsonl"}
            assert set(scanned) == new | {"not-compressed.jsonl.gz"}  # it might be readable now

    def test_a_file_of_the_same_size_and_other_content_is_scanned(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "a.jsonl", recovery())
        build(log, tmp_path / "out")
        log.write_bytes(log.read_bytes().replace(b"Alma", b"Elma"))
        build(log, tmp_path / "out", update=True)
        build(log, tmp_path / "full")
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")

    @pytest.mark.parametrize("damage", ["cut", "changed", "gone", "other limit"])
    def test_an_index_that_cannot_be_trusted_is_not_used(self, tmp_path: Path, damage: str) -> None:
        log = write_log(tmp_path / "a.jsonl", recovery())
        build(log, tmp_path / "full")
        build(log, tmp_path / "out", max_record_mb=2 if damage == "other limit" else 64)
        index = tmp_path / "out/index/part-00000.bin"
        content = index.read_bytes()
        if damage == "cut":
            index.write_bytes(content[:-9])
        elif damage == "changed":
            index.write_bytes(content.replace(b"0xaa", b"0xab"))  # reads well, says another thing
        elif damage == "gone":
            index.unlink()
        build(log, tmp_path / "out", update=True)
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")

    def test_a_file_that_grew_while_it_was_scanned_is_scanned_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from botcoin_dpo.building import build as main_job

        monkeypatch.setattr(segments, "BLOCK", 1000)
        log = write_log(tmp_path / "a.jsonl", recovery())

        def find_then_grow(*arguments: Any) -> Any:
            found = find_logs(*arguments)
            more = [record for number in range(4) for record in recovery(f"0x{number}f")]
            log.write_bytes(log.read_bytes() + as_lines(more))
            return found

        with monkeypatch.context() as growing:
            growing.setattr(main_job, "find_logs", find_then_grow)
            build(log, tmp_path / "out")
        build(log, tmp_path / "full")
        build(log, tmp_path / "out", update=True)
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")

    def test_what_could_not_be_read_before_is_read_now(self, tmp_path: Path) -> None:
        write_log(tmp_path / "logs/a.jsonl", recovery())
        (tmp_path / "logs/b.jsonl").symlink_to(tmp_path / "later.jsonl")
        build(tmp_path / "logs", tmp_path / "out")
        assert len(quarantine(tmp_path / "out")) == 1
        (tmp_path / "later.jsonl").touch()
        build(tmp_path / "logs", tmp_path / "full")
        build(tmp_path / "logs", tmp_path / "out", update=True)
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")

    @pytest.mark.parametrize("left", [0, 1500])
    def test_a_large_file_that_vanishes_or_shrinks_is_one_entry_and_has_its_own_digest(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int
    ) -> None:
        from botcoin_dpo.building import build as main_job

        monkeypatch.setattr(segments, "BLOCK", 1000)
        write_log(tmp_path / "logs/b.jsonl", recovery())
        log = write_log(tmp_path / "logs/a.jsonl", recovery("0x02"))

        def find_then_cut(*arguments: Any) -> Any:
            found = find_logs(*arguments)
            if left:
                log.write_bytes(log.read_bytes()[:left])
            else:
                log.unlink()
            return found

        monkeypatch.setattr(main_job, "find_logs", find_then_cut)
        build(tmp_path / "logs", tmp_path / "out")
        (entry,) = quarantine(tmp_path / "out")
        assert entry["reason"] == ("malformed_json" if left else "unreadable_file")
        monkeypatch.undo()
        monkeypatch.setattr(segments, "BLOCK", 1000)
        if left:
            build(tmp_path / "logs", tmp_path / "full")
            inputs = [
                json.loads((tmp_path / name / "manifest.json").read_bytes())["inputs"]
                for name in ("out", "full")
            ]
            assert inputs[0] == inputs[1]

    def test_a_range_that_cannot_be_read_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log = write_log(tmp_path / "a.jsonl", [*recovery(), *recovery("0x02"), *recovery("0x03")])
        monkeypatch.setattr(segments, "BLOCK", 2000)
        lines = decompression.LogStream._lines

        def failing(stream: Any, handle: Any) -> Iterator[bytes]:
            if stream._start == 4000:
                raise OSError(5, "Input/output error")
            yield from lines(stream, handle)

        monkeypatch.setattr(decompression.LogStream, "_lines", failing)
        build(log, tmp_path / "out")
        (entry,) = quarantine(tmp_path / "out")
        assert (entry["reason"], entry["byte_offset"]) == ("truncated_file", 4000)
        assert entry["detail"] == "input/output error"
        monkeypatch.undo()
        assert validate(tmp_path / "out").is_valid
        monkeypatch.setattr(segments, "BLOCK", 2000)
        build(log, tmp_path / "full")
        build(log, tmp_path / "out", update=True)
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")

    def test_without_a_former_build_it_is_a_first_build(self, tmp_path: Path) -> None:
        log = write_log(tmp_path / "a.jsonl", recovery())
        build(log, tmp_path / "full")
        build(log, tmp_path / "out", update=True)
        assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "full")

    @pytest.mark.parametrize("workers", [1, 2])
    def test_references_that_are_merged_make_no_difference(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
    ) -> None:
        logs = self.logs(tmp_path)
        more = [record for number in range(30) for record in recovery(f"0x{number:02x}")]
        for number in range(20):  # each of the attempts is there twice
            write_log(logs / f"small-{number:02}.jsonl", more[3 * number : 3 * number + 6])
        build(logs, tmp_path / "out", max_record_mb=1)
        monkeypatch.setattr(bin_merging, "_MERGED", 2)
        merged = tmp_path / "merged"
        build(logs, merged, max_record_mb=1, memory_mb=0.05, workers=workers)
        assert all_bytes(merged) == all_bytes(tmp_path / "out")
        build(logs, merged, max_record_mb=1, memory_mb=0.05, workers=workers, update=True)
        assert all_bytes(merged) == all_bytes(tmp_path / "out")

    def test_references_that_are_written_down_early_make_no_difference(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        logs = self.logs(tmp_path)
        build(logs, tmp_path / "out", max_record_mb=1)
        monkeypatch.setattr(file_bins, "_MOST_HELD", 700)
        monkeypatch.setattr(scan, "_FRAME_OF_REFERENCES", 700)
        build(logs, tmp_path / "early", max_record_mb=1)
        assert shard_bytes(tmp_path / "early") == shard_bytes(tmp_path / "out")
        assert quarantine(tmp_path / "early") == quarantine(tmp_path / "out")
        build(logs, tmp_path / "early", max_record_mb=1, update=True)
        build(logs, tmp_path / "full", max_record_mb=1)
        assert all_bytes(tmp_path / "early") == all_bytes(tmp_path / "full")
