"""The index in files: how it is divided, and that it is of use as if it were one."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import build
from botcoin_dpo.dataset.index_files import IndexPart, plan_index, read_index
from botcoin_dpo.engines.blobs import HeldBlob
from botcoin_dpo.logs import scan
from botcoin_dpo.logs.index import head_frame, index_head
from botcoin_dpo.version import __version__
from tests.builders import all_bytes, recovery, write_log

HEAD = index_head(__version__, 64_000_000)
SEGMENTS = st.binary(min_size=1, max_size=30)


@given(st.lists(st.lists(SEGMENTS, min_size=1, max_size=5), min_size=1), st.integers(1, 60))
def test_files_hold_whole_segments_behind_a_head(parts: list[list[bytes]], most: int) -> None:
    given = [IndexPart(HeldBlob(b"".join(each)), list(map(len, each))) for each in parts]
    left = [segment for each in parts for segment in each]
    for number, file in enumerate(plan_index(given, HEAD, most)):
        assert file.path == f"index/part-{number:05d}.bin"
        head, *pieces = (blob.read(start, end) for blob, start, end, _ in file.pieces)
        assert head == head_frame(HEAD)
        segments, left = left[: file.lines], left[file.lines :]
        assert b"".join(pieces) == b"".join(segments)
        size = sum(map(len, segments))
        assert size <= most or len(segments) == 1
        assert not left or size + len(left[0]) > most  # it is as full as can be
    assert not left


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for number in range(9):
        write_log(tmp_path / f"logs/{number}.jsonl", recovery(f"0x0{number}"))
    return tmp_path / "logs"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_update_takes_what_it_knows_from_all_files(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    options: dict[str, Any] = {"shard_mb": 0.001, "workers": workers}
    out = tmp_path / "out"
    build(logs, out, **options)
    listed = json.loads((out / "manifest.json").read_bytes())["index_files"]
    assert len(listed) > 2
    assert {f"index/{path.name}" for path in (out / "index").iterdir()} == {
        file["path"] for file in listed
    }
    before = all_bytes(out)
    monkeypatch.delattr(scan._SegmentScan, "scan")  # so that nothing can be scanned
    build(logs, out, update=True, **options)
    assert all_bytes(out) == before


@pytest.mark.parametrize("damage", ["gone", "changed", "exchanged", "elsewhere"])
def test_an_index_with_one_damaged_file_is_not_used(
    logs: Path, tmp_path: Path, damage: str
) -> None:
    out = tmp_path / "out"
    build(logs, out, shard_mb=0.002)
    assert read_index(out, HEAD) is not None
    first, second = out / "index/part-00000.bin", out / "index/part-00001.bin"
    if damage == "gone":
        second.unlink()
    elif damage == "changed":
        second.write_bytes(second.read_bytes().replace(b"0xaa", b"0xab"))
    elif damage == "exchanged":
        content = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(content)
    else:
        manifest = json.loads((out / "manifest.json").read_bytes())
        manifest["index_files"][1]["path"] = "../index.bin"
        second.rename(tmp_path / "index.bin")
        (out / "manifest.json").write_text(json.dumps(manifest))
    assert read_index(out, HEAD) is None


def test_a_build_with_the_index_of_an_earlier_version_can_be_replaced(
    logs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    build(logs, out)
    new = all_bytes(out)
    manifest = json.loads((out / "manifest.json").read_bytes())
    (file,) = manifest.pop("index_files")
    (out / file["path"]).rename(out / "index.bin")
    (out / "index").rmdir()
    (out / "manifest.json").write_text(
        json.dumps(manifest | {"index": file | {"path": "index.bin"}})
    )
    build(logs, out, update=True)
    assert all_bytes(out) == new
