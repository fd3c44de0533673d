"""Fields that stand in for a miner's id or a model's name, and other newer fields of attempts."""

from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, validate
from tests.builders import attempt, quarantine, read_rows, reasons, recovery, write_log


def built(folder: Path, records: list[Any]) -> Any:
    result = build(write_log(folder / "a.jsonl", records), folder / "out")
    assert validate(folder / "out").is_valid
    return result


@pytest.mark.parametrize(
    ("changes", "miner"),
    [
        ({"operator": "0xEE"}, "0xEE"),
        ({"miner_id": None, "operator": "0xEE", "rigId": "rig 1"}, "0xEE/rig 1"),
        ({"operator": "0xEE", "rigId": ""}, "0xEE"),
        ({"operator": "0xEE", "rigId": None}, "0xEE"),
        ({"miner_id": "m", "operator": "0xEE", "rigId": "rig 1"}, "m"),
    ],
)
def test_an_operator_stands_in_for_the_miner(
    tmp_path: Path, changes: dict[str, Any], miner: str
) -> None:
    built(tmp_path, recovery(**({"miner_id": ...} | changes)))
    (row,) = read_rows(tmp_path / "out")
    assert row["metadata"]["miner_id"] == miner


@pytest.mark.parametrize("changes", [{}, {"rigId": "r"}, {"operator": ""}, {"operator": None}])
def test_without_an_operator_a_miner_is_needed(tmp_path: Path, changes: dict[str, Any]) -> None:
    built(tmp_path, [*recovery(), attempt(miner_id=..., **changes)])
    (entry,) = quarantine(tmp_path / "out")
    assert entry["reason"] == "schema_violation"
    assert "miner_id" in entry["detail"]


def test_an_operators_rigs_are_miners_and_a_wallet_is_one_in_any_case(tmp_path: Path) -> None:
    records = [
        attempt(1, miner_id=..., operator="0xAB", rigId="r"),
        attempt(2, passed=True, miner_id="0xab/r"),
        attempt(1, miner_id=..., operator="0xab", rigId="R", record_id="other"),
    ]
    result = built(tmp_path, records)
    assert (result.funnel.rows, result.funnel.sessions) == (1, 2)


@pytest.mark.parametrize(
    ("changes", "model"),
    [
        ({"model_version": "v1", "modelVersion": "v2"}, "v1"),
        ({"model_version": None, "modelVersion": "v2"}, "v2"),
        ({}, None),
    ],
)
def test_a_version_stands_in_for_the_model(
    tmp_path: Path, changes: dict[str, Any], model: str | None
) -> None:
    records = recovery(**changes)
    for record in records:
        del record["submission"]["model"]
    built(tmp_path, records)
    (row,) = read_rows(tmp_path / "out")
    assert row["metadata"]["model"] == row["chosen_metadata"]["model"] == model


def test_a_model_that_is_given_counts(tmp_path: Path) -> None:
    built(tmp_path, recovery(model_version="v1"))
    assert read_rows(tmp_path / "out")[0]["metadata"]["model"] == "small-model"


def test_unsafe_text_is_found_in_a_version_too(tmp_path: Path) -> None:
    records = recovery(model_version="<s>")
    del records[0]["submission"]["model"]
    built(tmp_path, records)
    assert reasons(tmp_path / "out") == ["unsafe_text"]


BY_RIG = {"miner_id": ..., "operator": "0xAA", "rigId": "r"}


@pytest.mark.parametrize(
    ("one", "other", "is_duplicate"),
    [
        ({"miner_id": ..., "operator": "0xAA"}, {"miner_id": "0xaa"}, True),
        (BY_RIG, {"miner_id": "0xaa/r"}, True),
        (BY_RIG, {"miner_id": "0xaa/r", "operator": "0xaa", "rigId": "r", "credit": 1}, True),
        ({"miner_id": ..., "operator": "0xaa"}, {"coarse_progress_bucket": "x"}, True),
        ({"operator": "0xAA"}, {"coarse_progress_bucket": "x"}, True),
        ({"operator": "a"}, {"operator": "b"}, False),
        ({"operator": "a"}, {}, True),
        ({"operator": "a"}, {"coarse_progress_bucket": "x"}, False),
        ({"rigId": "a"}, {"rigId": "b"}, False),
        ({"operator": ""}, {"coarse_progress_bucket": "x"}, True),
        ({"model_version": "small-model"}, {"modelVersion": "small-model"}, True),
        ({"model_version": "v1"}, {"model_version": "v2"}, False),
        ({"path_a_would_have_passed": False}, {"path_a_would_have_passed": True}, False),
        ({"quality_schema_version": 2}, {"quality_schema_version": 2.0}, True),
        ({"quality_schema_version": 2}, {"quality_schema_version": "2"}, False),
        ({"challenge_modifiers": None}, {"challenge_modifiers": {}}, True),
        ({"challenge_modifiers": {"a": 1}}, {"challenge_modifiers": {"a": 2}}, False),
    ],
)
def test_records_are_compared_by_what_these_fields_stand_for(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any], is_duplicate: bool
) -> None:
    result = built(tmp_path, [attempt(**one), attempt(**other)])
    assert result.funnel.attempts.duplicates == int(is_duplicate)
    assert len(reasons(tmp_path / "out")) == (0 if is_duplicate else 2)


def test_a_model_and_a_version_that_is_no_other_are_one(tmp_path: Path) -> None:
    by_version = attempt(model_version="small-model")
    del by_version["submission"]["model"]
    other = attempt(model_version="another")
    del other["submission"]["model"]
    result = built(tmp_path, [by_version, attempt(), attempt(challenge_domain=...)])
    assert result.funnel.attempts.duplicates == 2
    built(tmp_path / "other", [other, attempt()])
    assert reasons(tmp_path / "other/out") == ["conflicting_attempts"] * 2
