"""Pairs that are left out by their ids, of builds and exports."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, export, validate
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.dataset.manifest import read_manifest
from tests.builders import read_rows, recovery, run, write_log


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
    assert "by the audit or by their ids" in (tmp_path / "hub/README.md").read_text()


def test_a_line_that_is_no_id_is_one_error(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ids").write_text("\nmine\n")
    result = run("build", "logs", "--exclude", tmp_path / "ids", cwd=folder)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: --exclude {tmp_path}/ids:2: 'mine' is not a pair id; write 16 hexadecimal digits, "
        "as botcoin-dpo show does\n"
    )
