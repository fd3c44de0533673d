"""Exports of builds with attempts: configs of attempts hold all of them, whatever the pairs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, validate
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.errors import InputError
from botcoin_dpo.exporting import attempts as built_attempts
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.exporting.result import ExportResult
from botcoin_dpo.exporting.texts import attempt_text
from tests.builders import (
    SAMPLE_LOGS,
    attempt,
    context,
    extract,
    facts,
    published,
    recovery,
    write_log,
)

Rows = list[dict[str, Any]]
OF_ATTEMPTS = ("kto_reasoning", "sft_reasoning", "grpo_reasoning")


def rows_of(result: ExportResult, config: str) -> Rows:
    return [
        json.loads(line)
        for each in result.configs
        if each.config.name == config
        for file in each.files
        for line in (published(result) / file.path).read_bytes().splitlines()
    ]


def exported(folder: Path, records: Any, name: str = "hub", **options: Any) -> ExportResult:
    """Build records with attempts and export the build."""
    write_log(folder / "a.jsonl", records)
    build(folder / "a.jsonl", folder / "out", attempts=True, splits=(1, 0, 0), overwrite=True)
    return export(folder / "out", folder / name, format="jsonl", **options)


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("builds")
    for name, attempts in (("with", True), ("without", False)):
        build(SAMPLE_LOGS, folder / name, pairs=PAIR_TYPES, splits=(0.5, 0.3, 0.2), shard_mb=0.1,
              attempts=attempts)  # fmt: skip
    return {path.name: path for path in folder.iterdir() if path.is_dir()}


@pytest.fixture(scope="module")
def exports(
    builds: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, ExportResult]:
    folder = tmp_path_factory.mktemp("exports")
    return {name: export(out, folder / name, format="jsonl") for name, out in builds.items()}


def test_every_usable_attempt_is_there_with_its_label_and_reward(
    builds: dict[str, Path], exports: dict[str, ExportResult]
) -> None:
    attempts = facts(builds["with"], "attempts")
    challenges = {each["input"]: each for each in facts(builds["with"], "challenges")}
    by_split = sorted(
        attempts, key=lambda each: ("train", "validation", "test").index(each["split"])
    )
    texts = [attempt_text(each, "clean") for each in by_split]
    kto, grpo = (
        rows_of(exports["with"], "kto_reasoning"),
        rows_of(exports["with"], "grpo_reasoning"),
    )
    assert [(each["completion"], each["label"]) for each in kto] == [
        (text, each["is_credited"]) for text, each in zip(texts, by_split, strict=True)
    ]
    assert [each["response"] for each in grpo] == texts
    for row, each in zip(grpo, by_split, strict=True):
        made_on, checked = challenges[each["input"]], each["constraint_count"]
        assert made_on["document"] in row["prompt"]
        assert row["reward"] == each["constraint_outcomes"][:checked].count(True) / checked
        assert row["challenge_id"] == each["challenge_id"]
    credited = [text for text, each in zip(texts, by_split, strict=True) if each["is_credited"]]
    assert [each["completion"] for each in rows_of(exports["with"], "sft_reasoning")] == credited
    assert validate(published(exports["with"])).is_valid


def test_attempts_of_pairs_are_what_rows_make_of_them(exports: dict[str, ExportResult]) -> None:
    for config in OF_ATTEMPTS:
        of_rows, of_all = (
            {json.dumps(row, sort_keys=True) for row in rows_of(exports[name], config)}
            for name in ("without", "with")
        )
        assert of_rows < of_all


def test_configs_of_pairs_are_the_same_bytes(exports: dict[str, ExportResult]) -> None:
    one, other = (published(exports[name]) for name in ("with", "without"))
    names = {path.relative_to(one) for path in one.rglob("*.jsonl")}
    assert names == {path.relative_to(other) for path in other.rglob("*.jsonl")}
    differing = {
        name.parts[0] for name in names if (one / name).read_bytes() != (other / name).read_bytes()
    }
    assert differing == set(OF_ATTEMPTS)


def test_the_card_says_which_attempts_there_are(exports: dict[str, ExportResult]) -> None:
    cards = {name: (published(each) / "README.md").read_text() for name, each in exports.items()}
    missing = "attempts that are in no pair are not in this export; build with `--attempts`."
    assert missing in cards["without"]
    assert "every usable attempt of the build, in a pair or not." in cards["with"]
    assert missing not in cards["with"]
    assert [exports[name].as_json()["all_attempts"] for name in ("with", "without")] == [
        True,
        False,
    ]


@pytest.mark.parametrize("text", ["clean", "canonical"])
def test_no_trace_is_ambiguous(tmp_path: Path, text: Any) -> None:
    passing = recovery()
    step = extract(value="10 | 20 | exact")
    passing[1]["submission"]["reasoning_trace"] += [step, {"action": "Revise", "note": "again"}]
    result = exported(tmp_path, passing, text=text, allow_empty=True)
    (row,) = rows_of(result, "sft_reasoning")
    is_clean = text == "clean"
    assert ("10 | 20 | exact | paragraph_2\n</think>" in row["completion"]) == is_clean
    assert (
        ("> Revise: again" in row["completion"]) == ("zone:" in row["completion"]) == (not is_clean)
    )
    for each in result.configs:
        assert each.config.name not in OF_ATTEMPTS or not each.dropped


def test_a_build_without_a_pair_is_exported(tmp_path: Path) -> None:
    result = exported(tmp_path, [attempt(1, passed=True), attempt(miner="0xbb")])
    assert [each.config.name for each in result.configs] == list(OF_ATTEMPTS)
    assert len(rows_of(result, "sft_reasoning")) == 1
    assert validate(published(result)).is_valid


def test_one_config_can_be_named(tmp_path: Path) -> None:
    result = exported(tmp_path, recovery(), configs=["kto_reasoning"])
    assert [each["label"] for each in rows_of(result, "kto_reasoning")] == [False, True]
    result = exported(tmp_path, recovery(), "pairs", configs=["pairs_sequential"])
    assert not result.has_all_attempts
    assert "in no pair" not in (published(result) / "README.md").read_text()


def test_unsafe_attempts_and_texts_with_both_labels_are_dropped(tmp_path: Path) -> None:
    same: dict[str, Any] = {"submission": attempt(1)["submission"]}
    unsafe: dict[str, Any] = {"submission": {"artifact": "<s>", "reasoning_trace": []}}
    records = [attempt(1), attempt(2, passed=True, **same), attempt(miner="0xbb", **unsafe)]
    write_log(tmp_path / "a.jsonl", records)
    build(tmp_path / "a.jsonl", tmp_path / "out", attempts=True, allow_unsafe_text=True)
    result = export(tmp_path / "out", tmp_path / "hub", format="jsonl")
    dropped = {each.config.name: dict(each.dropped) for each in result.configs}
    assert dropped["kto_reasoning"] == {"both_labels": 1, "unsafe_text": 1}
    assert dropped["grpo_reasoning"] == {"unsafe_text": 1}


@pytest.mark.parametrize("where", ["build", "export"])
def test_where_the_audit_drops_pairs_only_attempts_of_pairs_are_there(
    tmp_path: Path, where: str
) -> None:
    log = write_log(tmp_path / "a.jsonl", [*recovery(), attempt(miner="0xbb")])
    options: dict[str, Any] = {where: {"drop_if": ["citation_entry"]}}
    build(log, tmp_path / "out", attempts=True, audit=True, **options.get("build", {}))
    result = export(tmp_path / "out", tmp_path / "hub", format="jsonl", **options.get("export", {}))
    assert len(rows_of(result, "kto_reasoning")) == 2
    assert not result.has_all_attempts
    assert "because pairs were dropped by conditions" in (tmp_path / "hub/README.md").read_text()


def test_an_input_that_attempts_come_back_to_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_attempts, "_HELD", 1)
    contexts = [context(question_metadata=number % 2) for number in range(5)]
    records = [
        attempt(miner=f"0x{number}0", challenge_context=each)
        for number, each in enumerate(contexts, start=1)
    ]
    result = exported(tmp_path, [*records, *recovery("0x02")])
    assert len(rows_of(result, "kto_reasoning")) == 7
    assert len(facts(tmp_path / "out", "challenges")) == 3


def relist(out: Path, path: str, data: bytes) -> None:
    """Write a file of a build, and list its size."""
    (out / path).write_bytes(data)
    manifest = json.loads((out / "manifest.json").read_bytes())
    for file in (*manifest["attempt_files"], *manifest["challenge_files"]):
        if file["path"] == path:
            file["bytes"] = len(data)
    (out / "manifest.json").write_text(json.dumps(manifest))


def test_files_that_are_not_as_the_build_wrote_them_are_refused(tmp_path: Path) -> None:
    records = [*recovery(), *recovery("0x02", number=2)]
    log = write_log(tmp_path / "a.jsonl", records)
    paths = {"a": "attempts/part-00000.jsonl", "c": "challenges/part-00000.jsonl"}
    build(log, tmp_path / "out", attempts=True)
    whole = {key: (tmp_path / "out" / path).read_bytes() for key, path in paths.items()}
    lines = {key: data.splitlines(keepends=True) for key, data in whole.items()}
    for key, data, problem in (
        ("a", b"".join(lines["a"][at] for at in (0, 2, 3, 1)), r"0.jsonl:4: does not belong here"),
        ("a", b"".join(lines["a"][:3]), "has 3 objects, the manifest says 4"),
        ("a", b"{}\n" + whole["a"], r"0.jsonl:1: no object of a build"),
        ("a", whole["a"].replace(b'"split":"', b'"split":"test","x":"', 1), "no object of a build"),
        ("c", lines["c"][1], r"attempts/part-00000.jsonl:1: has no challenge object"),
        ("c", lines["c"][0], r"attempts/part-00000.jsonl:3: has no challenge object|has 1 objects"),
    ):
        build(log, tmp_path / "out", attempts=True, overwrite=True)
        relist(tmp_path / "out", paths[key], data)
        with pytest.raises(InputError, match=problem):
            export(tmp_path / "out", tmp_path / "hub", format="jsonl")
    write_log(tmp_path / "a.jsonl", [*recovery(), *recovery(miner="0xbb", number=2)])
    changes: list[Callable[[list[bytes]], list[bytes]]] = [
        lambda lines: lines[::-1],
        lambda lines: [lines[0].replace(b'"train"', b'"test"'), lines[1]],
    ]
    for change in changes:
        build(log, tmp_path / "out", attempts=True, overwrite=True, splits=(1, 0, 0))
        stored = (tmp_path / "out" / paths["c"]).read_bytes().splitlines(keepends=True)
        relist(tmp_path / "out", paths["c"], b"".join(change(stored)))
        with pytest.raises(InputError, match=r"part-00000.jsonl:1: has no challenge object"):
            export(tmp_path / "out", tmp_path / "hub", format="jsonl")
    build(log, tmp_path / "out", attempts=True, overwrite=True)
    (tmp_path / "out" / paths["c"]).write_bytes(b"")
    with pytest.raises(InputError, match="is not as large as the manifest says"):
        export(tmp_path / "out", tmp_path / "hub", format="jsonl")
    (tmp_path / "out" / paths["c"]).unlink()
    with pytest.raises(InputError, match="it is not there; build again"):
        export(tmp_path / "out", tmp_path / "hub", format="jsonl")


def test_steps_are_labelled_by_their_verdicts(tmp_path: Path) -> None:
    """A step that is not judged stands before the next that is, and nothing follows the last."""
    steps = [
        {"action": "muse", "note": "where is it"},
        extract(value=1200, paragraph=2, step_id="e1"),
        {"action": "revision", "note": "the last one passed 2/3"},
        extract(value=1200, paragraph=1, step_id="e2"),
        {"action": "muse", "note": "done"},
    ]
    submission = {"artifact": "Alma sails from Nara", "reasoning_trace": steps, "model": None}
    write_log(tmp_path / "a.jsonl", [attempt(submission=submission)])
    build(tmp_path / "a.jsonl", tmp_path / "out", attempts=True, audit=True, splits=(1, 0, 0))
    result = export(tmp_path / "out", tmp_path / "hub", format="jsonl", configs=["steps_reasoning"])
    [row] = rows_of(result, "steps_reasoning")
    first, second, artifact = row["completions"]
    assert first.startswith("> muse: where is it\n> extract: ")
    assert second.startswith("> extract: ")
    assert artifact == 'Artifact: "Alma sails from Nara"'
    assert row["labels"] == [True, False, False]
