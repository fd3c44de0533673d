"""The config `rlvr`: each task once, with what the audits of all attempts at it have decided."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, validate
from botcoin_dpo.errors import OutputError, UsageError
from botcoin_dpo.exporting import reward
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.exporting.reward import all_or_nothing_reward, constraint_reward
from botcoin_dpo.simulation.simulator import simulate
from tests.audited import one_constraint
from tests.builders import attempt, facts, published, recovery, write_log

Rows = list[dict[str, Any]]


def rows_of(result: ExportResult, config: str) -> Rows:
    return [
        json.loads(line)
        for each in result.configs
        if each.config.name == config
        for file in each.files
        for line in (published(result) / file.path).read_bytes().splitlines()
    ]


@pytest.fixture(scope="module", params=[8, pytest.param(60, marks=pytest.mark.slow)])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    simulate(folder / "logs", challenges=request.param, seed=5)
    build(folder / "logs", folder / "out", attempts=True, audit=True)
    return folder / "out"


@pytest.fixture(scope="module")
def hub(built: Path, tmp_path_factory: pytest.TempPathFactory) -> ExportResult:
    out = tmp_path_factory.mktemp("hub") / "hub"
    return export(built, out, format="jsonl", configs=["rlvr", "kto_reasoning"])


def exported(folder: Path, records: Any, **options: Any) -> ExportResult:
    write_log(folder / "a.jsonl", records)
    build(folder / "a.jsonl", folder / "out", attempts=True, audit=True, overwrite=True,
          splits=(1, 0, 0), allow_unsafe_text=True)  # fmt: skip
    return export(folder / "out", folder / "hub", format="jsonl", **{"configs": ["rlvr"]} | options)


def test_credited_attempts_earn_everything_and_failed_checks_cost(
    hub: ExportResult, built: Path
) -> None:
    tasks = {row["prompt"][0]["content"]: row for row in rows_of(hub, "rlvr")}
    failed_on = {
        (each["challenge_id"], each["artifact"]): {
            one["constraint"]
            for one in each["audit"]["constraints"]
            if one["verdict"] == "verified" and one["recorded"] is False
        }
        for each in facts(built, "attempts")
    }
    credited = failed = 0
    for row in rows_of(hub, "kto_reasoning"):
        task = tasks[row["prompt"]]
        checks = task["checks"]
        asked: dict[str, Any] = {"prompts": [""], "completions": [row["completion"]]}
        (share,) = constraint_reward(**asked, checks=[json.dumps(checks)])
        (whole,) = all_or_nothing_reward(**asked, checks=[checks])
        assert whole == (share == 1.0)
        artifact = reward.artifact_of(row["completion"])
        assert artifact is not None
        broken = failed_on[task["challenge_id"], artifact] & {each["index"] for each in checks}
        if row["label"]:
            credited += 1
            assert share == 1.0
        elif broken:
            failed += 1
            assert share <= 1 - len(broken) / len(checks)
    assert credited > 20 and failed > 60


def test_a_row_is_what_was_found_of_all_attempts_at_it(hub: ExportResult, built: Path) -> None:
    attempts, rows = facts(built, "attempts"), rows_of(hub, "rlvr")
    inputs = facts(built, "challenges")
    assert {row["challenge_id"] for row in rows} == {each["challenge_id"] for each in inputs}
    assert len(rows) == len(inputs) >= 8
    for row in rows:
        own = [each for each in attempts if each["challenge_id"] == row["challenge_id"]]
        assert row["attempts"] == len(own)
        passed = [each["artifact"] for each in own if each["is_credited"]]
        assert row["pass_rate"] == len(passed) / len(own)
        assert row["reference_artifact"] in (passed or [None])
        assert len(row["checks"]) + row["undecided"] == own[0]["constraint_count"]
    decided = sum(len(row["checks"]) for row in rows)
    checked = decided + sum(row["undecided"] for row in rows)
    assert decided / checked > 0.9
    card = (published(hub) / "README.md").read_text()
    assert f"{decided:,} of {checked:,} checked constraints ({decided / checked:.0%})" in card
    recipe = card.partition("## Training with rewards\n\n```python\n")[2].partition("```")[0]
    assert "from reward import constraint_reward" in recipe
    compile(recipe, "recipe", "exec")


def test_rows_do_not_depend_on_how_logs_lie(tmp_path: Path, hub: ExportResult, built: Path) -> None:
    lines = [
        line
        for path in sorted((built.parent / "logs").iterdir())
        for line in path.read_bytes().splitlines(keepends=True)
    ]
    (tmp_path / "other").mkdir()
    for number in range(3):
        part = b"".join(reversed(lines[number::3]))
        (tmp_path / f"other/{2 - number}.jsonl").write_bytes(part)
    build(tmp_path / "other", tmp_path / "out", attempts=True, audit=True, shard_mb=0.3, workers=2)
    other = export(tmp_path / "out", tmp_path / "hub", format="jsonl", configs=["rlvr"])
    assert rows_of(other, "rlvr") == rows_of(hub, "rlvr")


def test_inputs_of_one_challenge_are_rows_of_their_own(tmp_path: Path) -> None:
    asked = "Must include the crates of the ship that answers Question 1."
    one = one_constraint(asked, "1200")
    traced = {**one, "challenge_seed": "18", "miner_id": "0xbb", "record_id": "r2"}
    rows = rows_of(exported(tmp_path, [one, traced]), "rlvr")
    assert [row["attempts"] for row in rows] == [1, 1]
    assert rows[0]["prompt"] == rows[1]["prompt"]


def test_without_verdicts_on_all_attempts_there_is_no_such_config(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", recovery())
    told = "rlvr: is made of the verdicts .*attempts=True and audit=True, .*, keep_if or exclude"
    for options in ({"audit": True}, {"attempts": True}):
        build(log, tmp_path / "out", overwrite=True, **options)  # type: ignore[arg-type]
        with pytest.raises(UsageError, match=told):
            export(tmp_path / "out", tmp_path / "hub", configs=["rlvr"])
    build(log, tmp_path / "out", overwrite=True, audit=True, attempts=True)
    for option in ("drop_if", "keep_if"):
        with pytest.raises(UsageError, match=told):
            choice: Any = {option: ["citation_entry"]}
            export(tmp_path / "out", tmp_path / "hub", configs=["rlvr"], **choice)
    export(tmp_path / "out", tmp_path / "hub", configs=["kto_reasoning"], format="jsonl")
    assert not (tmp_path / "hub/reward.py").exists()


def test_a_token_in_an_artifact_does_not_cost_the_task(tmp_path: Path) -> None:
    unsafe: dict[str, Any] = {"submission": {"artifact": "<s>", "reasoning_trace": []}}
    records = [attempt(1, passed=True, **unsafe), attempt(2, passed=True, miner="0xbb")]
    (row,) = rows_of(exported(tmp_path, records), "rlvr")
    assert (row["attempts"], row["pass_rate"]) == (2, 1)
    assert row["reference_artifact"] == "Alma sails from Nara"


@pytest.mark.parametrize("config", ["rlvr", "verl_rlvr"])
def test_reward_is_a_file_of_the_export(tmp_path: Path, config: str) -> None:
    result = exported(tmp_path, recovery(), configs=[config])
    written = published(result) / "reward.py"
    assert written.read_bytes() == Path(reward.__file__).read_bytes()
    assert validate(published(result)).is_valid
    exported(tmp_path, recovery(), overwrite=True, configs=[config])
    written.unlink()
    findings = validate(published(result)).findings
    assert [(each.file, each.rule) for each in findings] == [("reward.py", "missing_file")]
    exported(tmp_path, recovery(), overwrite=True, configs=["kto_reasoning"])
    assert not written.exists()
    shutil.copy(reward.__file__, written)
    findings = validate(published(result)).findings
    assert [(each.file, each.rule) for each in findings] == [("reward.py", "unlisted_file")]
    with pytest.raises(OutputError, match=r"reward\.py: is not part of the previous export"):
        exported(tmp_path, recovery(), overwrite=True)


def test_a_folder_that_datasets_would_take_for_a_script_is_warned_of(tmp_path: Path) -> None:
    build(write_log(tmp_path / "a.jsonl", recovery()), tmp_path / "out", attempts=True, audit=True)
    result = export(tmp_path / "out", tmp_path / "reward", format="jsonl")
    assert any("name the folder otherwise" in warning for warning in result.warnings)


def test_tasks_for_verl_are_those_with_checks(built: Path, tmp_path: Path) -> None:
    result = export(built, tmp_path / "hub", format="jsonl", configs=["rlvr", "verl_rlvr"])
    tasks = [row for row in rows_of(result, "rlvr") if row["checks"]]
    rows = rows_of(result, "verl_rlvr")
    assert [row["prompt"] for row in rows] == [task["prompt"] for task in tasks] != []
    for row, task in zip(rows, tasks, strict=True):
        assert json.loads(row["reward_model"]["ground_truth"]) == task["checks"]
        assert row["extra_info"]["pass_rate"] == task["pass_rate"]


def test_a_task_without_a_check_is_not_for_verl(tmp_path: Path) -> None:
    record = attempt(1, passed=True)
    record["challenge_context"] |= {"constraints": ["Be brave."] * 3}
    result = exported(tmp_path, [record], configs=["rlvr", "verl_rlvr"])
    [refusal] = result.refusals
    assert refusal.message.startswith("verl_rlvr: no row is left: dropped are 1 no_checks; ")
