"""Whom the strategies pair, and in which order rows go."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, make_row, pair_sessions, read_attempts
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.pair_types import PAIR_FAMILIES, PAIR_TYPES, example_type
from botcoin_dpo.contract.splits import Shares
from botcoin_dpo.pairing.strategies import STRATEGIES
from tests.builders import attempt, read_rows, recovery, write_log


def pairs_of(folder: Path, kind: Any, records: list[dict[str, Any]], **options: Any) -> list[str]:
    """Return the pairs as `miner rejected>chosen`, built, in row order."""
    folder.mkdir(exist_ok=True)
    log = write_log(folder / "a.jsonl", records)
    build(log, folder / "out", pairs=[kind], splits=(1, 0, 0), overwrite=True, **options)
    shown = []
    for row in read_rows(folder / "out", kind):
        notes = row["pair_annotations"]
        rejected = row["rejected_metadata"]["record_id"].split("-")[1]
        chosen = row["metadata"]["miner_id"]
        shown.append(
            f"{rejected}:{notes['rejected_attempt_index']}>{chosen}:{notes['chosen_attempt_index']}"
        )
    return shown


def mixed_session() -> list[dict[str, Any]]:
    """Fails, passes, fails, passes, a gap, then passes on path A and passes."""
    outcomes = {1: False, 2: True, 3: False, 4: True, 6: "A", 7: True}
    return [
        attempt(index, failed=[], acceptance_path="A") | {"pass": True}
        if passed == "A"
        else attempt(index, passed=bool(passed))
        for index, passed in outcomes.items()
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("sequential", ["1>2", "3>4", "6>7"]),
        ("bookend", ["1>2", "1>4", "1>7"]),
        ("exhaustive", ["1>2", "1>4", "3>4", "1>7", "3>7", "6>7"]),
        ("cross_session", []),
    ],
)
def test_within_a_session(tmp_path: Path, kind: str, expected: list[str]) -> None:
    shown = pairs_of(tmp_path, kind, mixed_session())
    assert [pair.replace("0xaa:", "") for pair in shown] == expected


def test_a_pass_without_credit_is_rejected(tmp_path: Path) -> None:
    records = [attempt(1, passed=True, credit_eligible=False), attempt(2, passed=True)]
    records[0]["submission"]["artifact"] = "other"
    assert len(pairs_of(tmp_path, "sequential", records)) == 1


class TestCrossSession:
    def test_hard_negatives_first_each_used_once_up_to_the_cap(self, tmp_path: Path) -> None:
        records = [
            attempt(1, passed=True, miner="m1"),
            attempt(1, passed=True, miner="m2"),
            attempt(1, miner="m3", failed=[0, 1]),
            attempt(1, miner="m4", failed=[0]),
            attempt(1, miner="m5", failed=[0, 1, 2]),
            attempt(1, miner="m6", failed=[0]),
        ]
        taken = ["m4:1>m1:1", "m6:1>m2:1", "m3:1>m1:1", "m5:1>m2:1"]
        for most in (1, 2, 3, 4, 9):
            shown = pairs_of(tmp_path, "cross_session", records, max_per_prompt=most)
            assert sorted(shown) == sorted(taken[:most])

    def test_other_miners_come_before_harder_negatives_of_the_same(self, tmp_path: Path) -> None:
        records = [
            attempt(1, passed=True, miner="m1"),
            attempt(1, miner="m2", failed=[0]),
            attempt(2, miner="m2", failed=[0]),
            attempt(1, miner="m3", failed=[0, 1]),
            attempt(1, miner="m4", failed=[0, 1, 2]),
        ]
        taken = ["m2:1>m1:1", "m3:1>m1:1", "m4:1>m1:1", "m2:2>m1:1"]
        for most in (1, 2, 3, 4):
            shown = pairs_of(tmp_path, "cross_session", records, max_per_prompt=most)
            assert sorted(shown) == sorted(taken[:most])

    def test_never_of_the_same_miner_and_by_normalised_id(self, tmp_path: Path) -> None:
        records = [attempt(1, miner="0xAA"), attempt(2, passed=True, miner="0xaa")]
        assert pairs_of(tmp_path, "cross_session", records) == []

    def test_other_inputs_and_identical_sides_use_up_nothing(self, tmp_path: Path) -> None:
        records = [
            attempt(1, passed=True, miner="m1"),
            attempt(1, miner="m2", failed=[], number=2),
            attempt(1, miner="m3", failed=[]),
            attempt(1, miner="m4", failed=[0, 1]),
        ]
        records[2]["submission"] = records[0]["submission"]
        assert pairs_of(tmp_path, "cross_session", records, max_per_prompt=1) == ["m4:1>m1:1"]
        result = build(tmp_path / "a.jsonl", tmp_path / "o", pairs=["cross_session"])
        assert result.funnel.dropped == {"input_mismatch": 1, "identical_sides": 1}

    def test_the_same_rejected_text_of_two_miners_is_one_pair(self, tmp_path: Path) -> None:
        copied = attempt(1, miner="m2", record_id="0x01-same-1")
        records = [attempt(1, passed=True, miner="m1"), copied, copied | {"miner_id": "m3"}]
        log = write_log(tmp_path / "a.jsonl", records)
        result = build(log, tmp_path / "out", pairs=["cross_session"])
        assert result.funnel.rows == 1
        assert result.funnel.dropped == {"duplicate_pair": 1}
        assert len(pair_sessions(read_attempts(log), "cross_session")) == 1
        more = [*records, attempt(miner="m9", failed=[0, 1])]
        shown = pairs_of(tmp_path, "cross_session", more, max_per_prompt=2)
        assert len(shown) == 2  # a pair that is none uses up nothing

    def test_time_and_feedback_do_not_cross_sessions(self, tmp_path: Path) -> None:
        shown = {"constraints_passed_shown": 1}
        records = [attempt(1, passed=True, miner="m1", feedback_shown=shown), attempt(miner="m2")]
        build(write_log(tmp_path / "a.jsonl", records), tmp_path / "o", pairs=["cross_session"])
        (row,) = read_rows(tmp_path / "o", "cross_session")
        assert row["example_type"] == "challenge_pair_cross_session"
        assert row["pair_annotations"]["revision_time_ms"] is None
        assert row["pair_annotations"]["feedback_between_attempts"] is None


def test_rows_are_in_order_of_the_challenges_hash(tmp_path: Path) -> None:
    records = [r for n in range(12) for r in recovery(f"0xA{n}", miner=f"0x{n % 3}b")]
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out", splits=(1, 0, 0))
    ids = [row["challenge_id"] for row in read_rows(tmp_path / "out")]
    assert len(ids) == 12
    assert ids == sorted(ids, key=lambda name: sha256(name.lower().encode()).digest())


def test_notebook_functions_make_the_rows_that_a_build_writes(tmp_path: Path) -> None:
    records = [*mixed_session(), *recovery(miner="0xbb"), *recovery("0x02", challenge_context=...)]
    records.append({"challenge_id": "0x02", "challenge_context": records[0]["challenge_context"]})
    log = write_log(tmp_path / "a.jsonl.gz", records)
    build(log, tmp_path / "out", pairs=PAIR_TYPES, splits=(1, 0, 0))
    attempts = list(read_attempts(log))
    assert len(attempts) == 10
    for kind in PAIR_TYPES:
        rows = [
            make_row(pair.rejected, pair.chosen, kind, Shares(1, 0, 0))
            for pair in pair_sessions(attempts, kind)
        ]
        assert rows
        assert rows == read_rows(tmp_path / "out", kind)


def test_a_row_of_different_inputs_is_refused(tmp_path: Path) -> None:
    records = [*recovery(), *recovery("0x02", number=2)]
    attempts = list(read_attempts(write_log(tmp_path / "a.jsonl", records)))
    with pytest.raises(ValueError, match="differ"):
        make_row(attempts[0], attempts[3])


def test_all_lists_of_strategies_are_the_same() -> None:
    named = {strategy.name: strategy.family for strategy in STRATEGIES.values()}
    assert list(named.items()) == list(PAIR_FAMILIES.items())
    notes = schemas.load("pair")["properties"]
    manifest = schemas.load("manifest")["properties"]
    shard = manifest["shards"]["items"]["properties"]
    for listed in (
        notes["pair_annotations"]["properties"]["pair_type"]["enum"],
        manifest["options"]["properties"]["pairs"]["items"]["enum"],
        manifest["funnel"]["properties"]["pairs"]["propertyNames"]["enum"],
        shard["pair_type"]["enum"],
    ):
        assert listed == list(PAIR_TYPES)
    assert shard["path"]["pattern"].startswith(f"^(?:{'|'.join(PAIR_TYPES)})/")
    assert set(notes["example_type"]["enum"]) == {
        example_type(name, family) for name, family in PAIR_FAMILIES.items()
    }
