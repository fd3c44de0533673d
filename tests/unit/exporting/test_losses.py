"""A config that loses all its rows keeps an export from being published."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from botcoin_dpo import InputError, build, validate
from botcoin_dpo.cli.app import app
from botcoin_dpo.exporting import losses
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.losses import Loss, loss_of_all_rows
from tests.builders import attempt, recovery, write_log

FORMAT = ["--format", "jsonl"]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    told = {"constraints_passed_shown": 2, "constraints_total_shown": 3}
    records = []
    for number in range(4):
        first, second = recovery(f"0x{number:02x}", number=number)
        records += [first, second | {"feedback_shown": told}]
    write_log(tmp_path / "logs/a.jsonl", records)
    build(tmp_path / "logs", tmp_path / "out", splits=(1, 0, 0))
    return tmp_path


def run(built: Path, *options: str) -> Any:
    words = ["export", str(built / "out"), "-o", str(built / "hub"), *FORMAT, *options]
    return CliRunner().invoke(app, words)


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_all_rows_too_long_is_an_error_that_names_configs_and_counts(built: Path) -> None:
    assert run(built).exit_code == 0
    before = files_in(built)
    result = run(built, "--max-tokens", "10", "--overwrite", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["published"], told["out"], told["warnings"]) == (False, None, [])
    assert {refusal["gate"] for refusal in told["refusals"]} == {"empty_config"}
    assert [refusal["message"].split(":")[0] for refusal in told["refusals"]] == [
        "dpo_reasoning_sequential", "dpo_chat_sequential", "kto_reasoning", "reward_reasoning",
        "sft_reasoning", "grpo_reasoning", "sft_revision",
    ]  # fmt: skip
    assert result.stderr.splitlines()[0] == (
        "error: dpo_reasoning_sequential: no row is left: dropped are 4 too_long; nothing is "
        "published: change what drops them, or leave the config out with --allow-empty"
    )
    assert "error: grpo_reasoning: no row is left: dropped are 8 too_long; " in result.stderr
    assert files_in(built) == before


def test_such_configs_are_left_out_where_that_is_allowed(built: Path) -> None:
    result = run(built, "--max-tokens", "10", "--allow-empty")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "left out, without a row: dpo_reasoning_sequential, " in result.stdout
    assert [path.name for path in (built / "hub").iterdir() if path.is_dir()] == [
        "pairs_sequential"
    ]
    assert validate(built / "hub").is_valid


def test_a_table_says_what_was_not_published(built: Path) -> None:
    result = run(built, "--max-tokens", "10")
    assert result.exit_code == 1
    assert "too_long" in result.stdout
    assert "wrote" not in result.stdout
    assert "Exported" not in result.stdout
    assert not (built / "hub").exists()


def test_rows_that_the_audit_drops_are_lost_too(tmp_path: Path) -> None:
    write_log(tmp_path / "logs/a.jsonl", recovery())
    build(tmp_path / "logs", tmp_path / "out", audit=True)
    options: dict[str, Any] = {"format": "jsonl", "drop_if": ["computation_result"]}
    result = export(tmp_path / "out", tmp_path / "hub", **options)
    assert result.out is None
    assert result.refusals[-1].message.startswith(
        "pairs_sequential: no row is left: dropped are 1 drop_if; nothing is published"
    )
    with pytest.raises(InputError, match="nothing is left to export: dropped are 8 drop_if"):
        export(tmp_path / "out", tmp_path / "hub", allow_empty=True, **options)


def test_what_miners_can_bring_about_is_a_warning(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "_MINERS_DOING", frozenset({"too_long"}))
    result = run(built, "--max-tokens", "10", "--config", "kto_reasoning", "--config",
                 "pairs_sequential")  # fmt: skip
    assert (result.exit_code, result.stderr) == (
        0,
        "warning: kto_reasoning: no row is left: dropped are 8 too_long; it is left out\n",
    )
    assert "left out, without a row: kto_reasoning" in result.stdout


def test_a_config_with_nothing_to_lose_is_an_error_only_if_it_is_named(tmp_path: Path) -> None:
    write_log(tmp_path / "logs/a.jsonl", recovery())
    build(tmp_path / "logs", tmp_path / "silent")
    write_log(tmp_path / "logs/a.jsonl", [attempt(1), attempt(2), attempt(3, passed=True)])
    build(tmp_path / "logs", tmp_path / "far", pairs=["bookend"])
    for name, why in (("silent", "dropped are 1 no_feedback"), ("far", "no pair fits it")):
        result = export(tmp_path / name, tmp_path / "hub", format="jsonl", overwrite=True)
        assert result.out is not None
        assert [each.config.name for each in result.left_out] == ["sft_revision"]
        result = export(
            tmp_path / name, tmp_path / "hub", format="jsonl", overwrite=True,
            configs=["sft_reasoning", "sft_revision"],
        )  # fmt: skip
        [refusal] = result.refusals
        assert refusal.message.startswith(f"sft_revision: no row is left: {why}; nothing is publi")


@pytest.mark.parametrize(
    ("dropped", "unnamed", "named"),
    [
        ({}, "none", "error"),
        ({"too_long": 0}, "none", "error"),
        ({"no_feedback": 3}, "none", "error"),
        ({"unsafe_text": 3}, "warning", "warning"),
        ({"unsafe_text": 3, "too_long": 0}, "warning", "warning"),
        ({"unsafe_text": 3, "no_feedback": 1}, "warning", "warning"),
        ({"unsafe_text": 3, "too_long": 1}, "error", "error"),
        ({"unsafe_text": 3, "ambiguous_trace": 1}, "error", "error"),
        ({"too_long": 3, "no_feedback": 1}, "error", "error"),
        ({"identical_sides": 1}, "error", "error"),
        ({"drop_if": 1}, "error", "error"),
        ({"drop_if": 1, "no_feedback": 2}, "warning", "error"),
        ({"excluded": 1, "no_feedback": 2}, "warning", "error"),
        ({"excluded": 1, "no_feedback": 2, "too_long": 1}, "error", "error"),
    ],
)
def test_what_a_loss_means_depends_on_its_reasons(
    dropped: dict[str, int], unnamed: Loss, named: Loss
) -> None:
    assert loss_of_all_rows(dropped, is_named=False) == unnamed
    assert loss_of_all_rows(dropped, is_named=True) == named
