"""Pairs that are left out by their ids, of builds and exports."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, export, validate
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.errors import InputError
from tests.builders import attempt, read_rows, recovery, run, write_log


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with logs of three sessions, their build, and the id of one pair in a file."""
    folder = tmp_path_factory.mktemp("exclude")
    records = [record for number in range(1, 4) for record in recovery(f"0x{number:02x}")]
    build(write_log(folder / "logs/a.jsonl", records), folder / "out")
    (folder / "ids").write_text(f"{ids_of(folder / 'out')[1]}  # looks wrong\n")
    return folder


def ids_of(out: Path, kind: str = "sequential") -> list[str]:
    return [pair_id_of(row) for row in read_rows(out, kind)]


def test_a_build_leaves_out_the_pairs_of_a_file(folder: Path, tmp_path: Path) -> None:
    first, second, third = ids_of(folder / "out")
    result = run("build", "logs", "-o", tmp_path / "less", "--exclude", "ids", "--json", cwd=folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["funnel"]["dropped"] == {"excluded": 1}
    assert ids_of(tmp_path / "less") == [first, third]
    manifest = read_manifest(tmp_path / "less")
    told = sha256(f"{second}\n".encode()).hexdigest()
    assert manifest["options"]["exclude"] == {"ids": 1, "sha256": told}
    assert manifest["funnel"]["dropped"] == {"excluded": 1}
    assert validate(tmp_path / "less").is_valid


def test_a_build_without_ids_has_the_bytes_that_it_always_had(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("# none\n")
    build(folder / "logs", tmp_path / "out", exclude=tmp_path / "none")
    manifest = (tmp_path / "out/manifest.json").read_bytes()
    assert manifest == (folder / "out/manifest.json").read_bytes()
    assert "exclude" not in read_manifest(tmp_path / "out")["options"]


def test_an_id_is_of_one_pair_type(folder: Path, tmp_path: Path) -> None:
    kinds = ("sequential", "bookend")
    build(folder / "logs", tmp_path / "out", pairs=kinds, exclude=folder / "ids")
    assert [len(ids_of(tmp_path / "out", kind)) for kind in kinds] == [2, 3]


def test_conditions_come_first(folder: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"drop_if": ["computation_result"], "exclude": folder / "ids"}
    result = build(folder / "logs", tmp_path / "out", **options)
    assert result.funnel.dropped == {"computation_result": 3}
    assert "computation_result" in (result.advice or "")


def test_workers_and_updates_leave_out_the_same(folder: Path, tmp_path: Path) -> None:
    build(folder / "logs", tmp_path / "one", exclude=folder / "ids")
    build(folder / "logs", tmp_path / "two", exclude=folder / "ids", workers=2)
    build(folder / "logs", tmp_path / "three")
    build(folder / "logs", tmp_path / "three", exclude=folder / "ids", update=True)
    names = ("one", "two", "three")
    manifests = {(tmp_path / name / "manifest.json").read_bytes() for name in names}
    assert len(manifests) == 1


def test_an_export_of_such_a_build_has_attempts_of_its_pairs_only(
    folder: Path, tmp_path: Path
) -> None:
    build(folder / "logs", tmp_path / "out", exclude=folder / "ids", attempts=True)
    result = export(tmp_path / "out", tmp_path / "hub", format="jsonl")
    assert not result.has_all_attempts
    assert {each.config.name: each.rows() for each in result.configs}["kto_reasoning"] == 4
    assert "by conditions or their ids" in (tmp_path / "hub/README.md").read_text()


def test_a_line_that_is_no_id_is_one_error(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ids").write_text("\nmine\n")
    result = run("build", "logs", "--exclude", tmp_path / "ids", cwd=folder)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: --exclude {tmp_path}/ids:2: 'mine' is not a pair id; write 16 hexadecimal digits, "
        "as botcoin-dpo show does\n"
    )


@pytest.fixture(scope="module")
def with_attempts(folder: Path) -> Path:
    """A build with attempts, in the same folder."""
    build(folder / "logs", folder / "attempts", attempts=True)
    return folder / "attempts"


def test_an_export_leaves_out_the_pairs_of_a_file_from_all_configs(
    folder: Path, with_attempts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "hub"
    options = ("--exclude", folder / "ids", "--format", "jsonl", "--json")
    result = run("export", with_attempts, "-o", out, *options)
    told = result.stderr.splitlines()
    assert result.returncode == 0 and len(told) == 2
    assert told[0] == (
        "warning: sft_revision: no row is left: dropped are 1 excluded, 2 no_feedback; it is left "
        "out"
    )
    assert told[1].startswith("warning: configs of attempts hold only attempts of the pairs that")
    shown = json.loads(result.stdout)
    assert shown["rows_dropped"] == {"excluded": 1}
    assert not shown["all_attempts"]
    rows = {each["config"]: sum(each["rows"].values()) for each in shown["configs"]}
    assert rows["pairs_sequential"] == rows["dpo_chat_sequential"] == 2
    assert rows["kto_reasoning"] == rows["grpo_reasoning"] == 4
    kept = [json.loads(line) for path in out.glob("pairs_*/*") for line in path.open("rb")]
    left = {row["chosen_metadata"]["record_id"] for row in kept}
    first, _, third = read_rows(folder / "out")
    assert left == {row["chosen_metadata"]["record_id"] for row in (first, third)}
    assert "| – dropped here by their ids | 1 |" in (out / "README.md").read_text()
    assert validate(out).is_valid


def test_without_ids_an_export_stays_as_it_was(with_attempts: Path, tmp_path: Path) -> None:
    (tmp_path / "none").write_text("# none\n")
    result = export(with_attempts, tmp_path / "hub", format="jsonl", exclude=tmp_path / "none")
    assert result.has_all_attempts
    assert not result.rows_dropped


def test_a_config_that_loses_all_its_pairs_says_why(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ids").write_text("\n".join(ids_of(folder / "out")))
    result = run("export", "out", "-o", tmp_path / "hub", "--exclude", tmp_path / "ids", cwd=folder)
    assert result.returncode == 1
    told = "pairs_sequential: no row is left: dropped are 3 excluded; nothing is published"
    assert told in result.stderr
    assert "every config" in result.stdout


def test_a_bound_comes_before_the_ids_and_needs_no_audit(folder: Path, tmp_path: Path) -> None:
    build(folder / "logs", tmp_path / "out", pairs=["sequential", "bookend"])
    options: dict[str, Any] = {"format": "jsonl", "exclude": folder / "ids"}
    options["allow_empty"] = True
    result = export(tmp_path / "out", tmp_path / "hub", keep_if=["constraint_gain<=1"], **options)
    assert result.rows_dropped == {"excluded": 1}
    assert {each.config.name for each in result.left_out} == {"sft_revision"}
    assert result.left_out[0].losses["excluded"] == 1
    with pytest.raises(InputError, match="nothing is left to export: dropped are"):
        export(tmp_path / "out", tmp_path / "no", drop_if=["revision_time_ms>0"], **options)
    refused = run("export", "out", "--keep-if", "edit_similarity<0.9", cwd=folder)
    assert refused.returncode == 2
    assert refused.stderr == (
        "error: out: has no audit for --keep-if edit_similarity:lt:0.9 to go by; "
        "build it with --audit\n"
    )


def test_a_bound_chooses_alike_in_builds_and_exports(tmp_path: Path) -> None:
    hard = [attempt(1, challenge="0x02", failed=[0, 1]), recovery("0x02")[1]]
    write_log(tmp_path / "a.jsonl", [*recovery("0x01"), *hard])
    condition = ["constraint_gain>1"]
    built = build(tmp_path / "a.jsonl", tmp_path / "some", keep_if=condition)
    assert built.funnel.dropped == {"keep_if:constraint_gain:gt:1": 1}
    assert validate(tmp_path / "some").is_valid
    assert "audit" not in read_rows(tmp_path / "some")[0]
    build(tmp_path / "a.jsonl", tmp_path / "all")
    result = export(tmp_path / "all", tmp_path / "hub", format="jsonl", keep_if=condition)
    assert result.rows_dropped == {"keep_if:constraint_gain:gt:1": 1}


def test_an_export_says_which_ids_it_does_not_know(folder: Path, tmp_path: Path) -> None:
    known = (folder / "ids").read_text()
    (tmp_path / "ids").write_text(f"{known}\n{'0' * 16}\n")
    result = run("export", folder / "out", "-o", tmp_path / "hub", "--exclude", tmp_path / "ids",
                 "--format", "jsonl")  # fmt: skip
    told = result.stderr.splitlines()
    assert "warning: --exclude: 1 of 2 ids is of no pair in these configs" in told
