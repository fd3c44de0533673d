"""An update of a build in a bucket reads a known log once, and gives the bytes of a new build.

Needs the extra `stores`; see `test_object_storage.py`.
"""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, OutputError, build
from botcoin_dpo.files import input_versions, segments
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.remote_staging import remove_leftovers
from botcoin_dpo.logs.discovery import find_logs
from tests.builders import all_bytes, as_lines, recovery, write_log
from tests.object_server import FaultyProxy
from tests.stored import current_files, files_in, place_of, upload

pytestmark = pytest.mark.timeout(120)

HASHED_AND_READ = {"a.jsonl": 2, "b.jsonl.gz": 2}


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A plain log and a compressed one."""
    folder = tmp_path / "logs"
    write_log(folder / "a.jsonl", recovery("0x01"))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(as_lines(recovery("0x02")), mtime=0))
    return folder


@pytest.fixture
def published(logs: Path, proxy: FaultyProxy, bucket: str) -> str:
    """The URL of a build of these logs, from and in a bucket; see `reads`."""
    upload(logs, f"{bucket}/logs")
    build(f"{bucket}/logs", f"{bucket}/out")
    return f"{bucket}/out"


def update(proxy: FaultyProxy, out: str) -> dict[str, int]:
    """Update a build, and return how often each log was asked for."""
    bucket = out.removesuffix("/out")
    proxy.reads_of.clear()
    build(f"{bucket}/logs", out, update=True)
    start = bucket.removeprefix("s3://") + "/logs/"
    return {
        path.removeprefix(start): count
        for path, count in proxy.reads_of.items()
        if path.startswith(start)
    }


def kept_place(out: str) -> RemotePath:
    """Return where the versions of the published build are kept."""
    (name,) = (name for name in files_in(out) if name.endswith(".versions"))
    return place_of(f"{out}/{name}")


def test_known_logs_are_read_once_and_new_ones_too(
    logs: Path, proxy: FaultyProxy, published: str, tmp_path: Path
) -> None:
    bucket = published.removesuffix("/out")
    upload(write_log(logs / "c.jsonl", recovery("0x03")), f"{bucket}/logs/c.jsonl")
    assert update(proxy, published) == {"a.jsonl": 1, "b.jsonl.gz": 1, "c.jsonl": 1}
    build(logs, tmp_path / "local")
    assert current_files(published) == all_bytes(tmp_path / "local")


def test_a_log_that_was_replaced_is_scanned_again(
    logs: Path, proxy: FaultyProxy, published: str, tmp_path: Path
) -> None:
    bucket = published.removesuffix("/out")
    before = (logs / "a.jsonl").stat().st_size
    upload(write_log(logs / "a.jsonl", recovery("0x07")), f"{bucket}/logs/a.jsonl")
    assert (logs / "a.jsonl").stat().st_size == before  # so that only the ETag tells
    assert update(proxy, published) == {"a.jsonl": 2, "b.jsonl.gz": 1}
    build(logs, tmp_path / "local")
    assert current_files(published) == all_bytes(tmp_path / "local")


def test_ranges_of_a_known_log_are_read_once(
    proxy: FaultyProxy, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "BLOCK", 1 << 13)
    log = write_log(tmp_path / "large.jsonl", recovery("0x01") * 10)
    assert len(segments.Segments(find_logs([log]).files)) > 3
    out = f"{bucket}/out"
    upload(log, f"{bucket}/logs/large.jsonl")
    build(f"{bucket}/logs", out)
    before, first = current_files(out), dict(proxy.reads_of)
    name = f"{bucket.removeprefix('s3://')}/logs/large.jsonl"
    assert update(proxy, out)["large.jsonl"] <= first[name]
    assert current_files(out) == before


def test_versions_are_kept_beside_the_build_and_in_no_file_of_it(
    logs: Path, published: str, tmp_path: Path
) -> None:
    bucket = published.removesuffix("/out")
    kept = kept_place(published)
    (folder,) = {name.split("/")[1] for name in files_in(published) if name.count("/") > 1}
    assert kept.name == f"{folder}.versions"
    content = json.loads(files_in(published)[f"builds/{kept.name}"])
    assert content["schema_version"] == "botcoin-dpo/versions/v1"
    assert {name: version["url"] for name, version in content["inputs"].items()} == {
        name: f"{bucket}/logs/{name}" for name in HASHED_AND_READ
    }
    build(logs, tmp_path / "local")
    assert current_files(published) == all_bytes(tmp_path / "local")


def changed(**changes: Any) -> Callable[[bytes], bytes]:
    """Return what changes each entry of a list."""

    def change(content: bytes) -> bytes:
        value = json.loads(content)
        for entry in value["inputs"].values():
            entry |= changes
        return json.dumps(value).encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content.replace(b"/v1", b"/v2"),
        lambda content: content.replace(b"a.jsonl", b"\xff.jsonl"),
        lambda content: b"[" * 100_000,
        changed(etag=None),
        changed(etag="0" * 32),
        changed(size=1),
        changed(size="1"),
        changed(url="s3://another/logs/a.jsonl"),
        changed(more=1),
    ],
)
def test_a_list_that_no_build_wrote_is_not_used(
    proxy: FaultyProxy, published: str, change: Callable[[bytes], bytes]
) -> None:
    before = current_files(published)
    kept = kept_place(published)
    content = files_in(published)[f"builds/{kept.name}"]
    store_of(kept.root).put(kept, change(content))
    assert update(proxy, published) == HASHED_AND_READ
    assert current_files(published) == before


def test_without_a_list_or_with_one_too_large_logs_are_hashed(
    proxy: FaultyProxy, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(input_versions, "_MOST_READ", 10)
        assert update(proxy, published) == HASHED_AND_READ
    remove_leftovers(place_of(published), timedelta(0))
    kept = kept_place(published)
    store_of(kept.root).delete([kept])
    assert update(proxy, published) == HASHED_AND_READ


def test_a_list_that_lies_about_a_log_publishes_nothing_of_it(
    logs: Path, proxy: FaultyProxy, published: str
) -> None:
    bucket = published.removesuffix("/out")
    kept = kept_place(published)
    upload(write_log(logs / "a.jsonl", recovery("0x07")), f"{bucket}/logs/a.jsonl")
    found = store_of(bucket).find(place_of(f"{bucket}/logs/a.jsonl"))
    assert found is not None and found.version is not None
    value = json.loads(files_in(published)[f"builds/{kept.name}"])
    value["inputs"]["a.jsonl"]["etag"] = found.version.etag
    store_of(kept.root).put(kept, json.dumps(value).encode())
    before = files_in(published)
    with pytest.raises(InputError, match="changed while it was read"):
        update(proxy, published)
    assert files_in(published) == before


def test_a_list_is_removed_with_its_build(proxy: FaultyProxy, published: str) -> None:
    first = kept_place(published)
    update(proxy, published)
    would = remove_leftovers(place_of(published), timedelta(0), dry_run=True)
    assert (would.folders, would.files) == (1, len(current_files(published)) + 1)
    remove_leftovers(place_of(published), timedelta(0))
    assert kept_place(published).name != first.name
    assert update(proxy, published) == {"a.jsonl": 1, "b.jsonl.gz": 1}


def test_a_failed_upload_of_the_list_leaves_nothing(
    logs: Path, proxy: FaultyProxy, bucket: str
) -> None:
    upload(logs, f"{bucket}/logs")
    before = files_in(bucket)
    proxy.spoiled_writes, proxy.faults, proxy.lasts = ".versions", ["busy"], True
    with pytest.raises(OutputError, match=r"\.versions: the store is too busy"):
        build(f"{bucket}/logs", f"{bucket}/out")
    assert files_in(bucket) == before


def test_a_local_build_of_logs_in_a_bucket_hashes_them(
    logs: Path, proxy: FaultyProxy, bucket: str, tmp_path: Path
) -> None:
    upload(logs, f"{bucket}/logs")
    out = tmp_path / "out"
    build(f"{bucket}/logs", out)
    before = all_bytes(out)
    proxy.reads_of.clear()
    build(f"{bucket}/logs", out, update=True)
    start = bucket.removeprefix("s3://")
    assert proxy.reads_of == {
        f"{start}/logs/{name}": count for name, count in HASHED_AND_READ.items()
    }
    assert all_bytes(out) == before
