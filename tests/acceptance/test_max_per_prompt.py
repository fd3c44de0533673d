"""`build --max-per-prompt`: some pairs of each challenge, wherever they lie."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, pair_sessions, read_attempts, validate
from botcoin_dpo.attempts.attempt import Attempt
from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.sessions.candidates import Candidate
from tests.builders import attempt, read_rows, recovery, run, shard_bytes, write_log


def of_many_miners() -> list[dict[str, Any]]:
    """One challenge with 40 miners, of whom the first by name has most attempts and pairs."""
    records = [attempt(index, miner="m00") for index in range(1, 9)]
    records += [attempt(index, passed=True, miner="m00") for index in (9, 10)]
    for number in range(1, 40):
        records += recovery(miner=f"m{number:02}")
    for record in records:
        model = "large-model" if record["miner_id"] in ("m20", "m30") else "small-model"
        record["submission"] = record["submission"] | {"model": model}
    return records


Layout = Callable[[Path, list[dict[str, Any]]], None]


def in_one_file(logs: Path, records: list[dict[str, Any]]) -> None:
    write_log(logs / "a.jsonl", records)


def shuffled(logs: Path, records: list[dict[str, Any]]) -> None:
    write_log(logs / "a.jsonl", random.Random(7).sample(records, len(records)))


def in_many_files(logs: Path, records: list[dict[str, Any]]) -> None:
    for number in range(5):
        write_log(logs / f"{9 - number}/part.jsonl.gz", records[number::5])


def made(out: Path, kind: str) -> list[tuple[str, str, str]]:
    """Return each row's miner of the rejected and the chosen side, and the latter's model."""
    return [
        (
            row["rejected_metadata"]["record_id"].split("-")[1],
            row["metadata"]["miner_id"],
            row["metadata"]["model"],
        )
        for row in read_rows(out, kind)
    ]


@pytest.mark.parametrize("kind", PAIR_TYPES)
def test_two_pairs_of_40_miners_are_of_different_ones_for_any_layout(
    tmp_path: Path, kind: str
) -> None:
    records = of_many_miners()
    built = []
    layouts: tuple[Layout, ...] = (in_one_file, shuffled, in_many_files)
    for number, lay_out in enumerate(layouts):
        logs, out = tmp_path / f"logs{number}", tmp_path / f"out{number}"
        lay_out(logs, records)
        build(logs, out, pairs=[kind], max_per_prompt=2, workers=1 + number % 2, memory_mb=1)
        built.append(shard_bytes(out))
    assert built[0] == built[1] == built[2]
    first, second = made(tmp_path / "out0", kind)
    assert not {*first[:2]} & {*second[:2]}
    assert {first[2], second[2]} == {"large-model", "small-model"}
    everything = build(tmp_path / "logs0", tmp_path / "all", pairs=[kind], max_per_prompt=10**6)
    manifest = read_manifest(tmp_path / "out0")
    assert manifest["options"]["max_per_prompt"] == 2
    left_out = everything.funnel.rows - 2
    assert manifest["funnel"]["dropped"] == {"over_max_per_prompt": left_out}
    assert validate(tmp_path / "out0").is_valid


def test_more_pairs_than_miners_come_round_by_round(tmp_path: Path) -> None:
    records = [attempt(index, miner="m1") for index in (1, 2, 3)]
    records += [attempt(4, passed=True, miner="m1"), *recovery(miner="m2"), *recovery(miner="m3")]
    log = write_log(tmp_path / "a.jsonl", records)
    for most, chosen in ((1, "1"), (2, "12"), (3, "123"), (4, "1123"), (5, "11123"), (9, "11123")):
        build(log, tmp_path / "o", pairs=["exhaustive"], max_per_prompt=most, overwrite=True)
        assert [miner for _, miner, _ in made(tmp_path / "o", "exhaustive")] == [
            f"m{number}" for number in chosen
        ]
        pairs = pair_sessions(read_attempts(log), "exhaustive", max_per_prompt=most)
        assert [pair.chosen.record.miner_id[1:] for pair in pairs] == list(chosen)


def test_pairs_that_are_dropped_take_no_place(tmp_path: Path) -> None:
    records = [record for number in range(1, 5) for record in recovery(miner=f"m{number}")]
    log = write_log(tmp_path / "a.jsonl", records)
    build(log, tmp_path / "all")
    ids = {row["metadata"]["miner_id"]: pair_id_of(row) for row in read_rows(tmp_path / "all")}
    (tmp_path / "ids").write_text(ids["m1"])
    for record in records:
        if record["record_id"] == "0x01-m2-1":  # says that its artifact lacks a word that it has
            record["constraint_results"]["2"] = {"pass": False}
    log = write_log(tmp_path / "a.jsonl", records)
    result = run(
        *("build", log, "-o", tmp_path / "out", "--max-per-prompt", "1", "--json"),
        *("--drop-if", "contradicted", "--exclude", tmp_path / "ids"),
    )
    assert result.returncode == 0, result.stderr
    dropped = {"excluded": 1, "constraint_outcome": 1, "over_max_per_prompt": 1}
    assert json.loads(result.stdout)["funnel"]["dropped"] == dropped
    assert [miner for _, miner, _ in made(tmp_path / "out", "sequential")] == ["m3"]


def test_what_is_left_out_is_told_on_a_terminal_too(tmp_path: Path) -> None:
    records = [record for number in range(1, 5) for record in recovery(miner=f"m{number}")]
    log = write_log(tmp_path / "a.jsonl", records)
    result = run("build", log, "-o", tmp_path / "out", "--max-per-prompt", "3")
    assert "over_max_per_prompt" in result.stdout
    assert "by --max-per-prompt" in (tmp_path / "out/README.md").read_text()
    assert run("build", log, "-o", tmp_path / "no", "--max-per-prompt", "0").returncode == 2


def test_many_attempts_are_not_read_for_a_few_pairs_across_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [attempt(1, passed=True, miner=f"c{number:03}") for number in range(40)]
    records += [attempt(1, miner=f"r{number:03}") for number in range(160)]
    log = write_log(tmp_path / "a.jsonl", records)
    read: list[Candidate] = []
    decode = AttemptLoader._decode

    def counted(self: AttemptLoader, candidate: Candidate) -> Attempt:
        read.append(candidate)
        return decode(self, candidate)

    monkeypatch.setattr(AttemptLoader, "_decode", counted)
    result = build(log, tmp_path / "out", pairs=["cross_session"])
    assert result.funnel.rows == 3
    assert result.funnel.dropped == {"over_max_per_prompt": 157}
    assert len(read) <= 12
