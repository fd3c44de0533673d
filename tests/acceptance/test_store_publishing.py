"""A build is published in a bucket as a whole, in one step, or not at all.

Needs the extra `stores`; see `test_object_storage.py`.
"""

import json
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, OutputError, build
from botcoin_dpo.building import build as building
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.remote_staging import RemoteStaging, remove_leftovers
from botcoin_dpo.logs.discovery import find_logs
from tests.builders import all_bytes, recovery, write_log
from tests.object_server import FaultyProxy, run_program
from tests.stored import current_files, files_in, place_of

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_log(tmp_path / "logs" / "a.jsonl", recovery("0x01"))
    return tmp_path / "logs"


def test_a_published_build_has_the_bytes_of_a_local_one(
    logs: Path, bucket: str, tmp_path: Path
) -> None:
    out = f"{bucket}/data/out"
    result = build(logs, out, attempts=True)
    assert str(result.out) == result.as_json()["out"] == out
    build(logs, tmp_path / "out", attempts=True)
    assert current_files(out) == all_bytes(tmp_path / "out")
    pointer = json.loads(files_in(out)["CURRENT.json"])
    assert list(pointer) == ["schema_version", "kind", "folder"]
    assert pointer["kind"] == "build"


def test_a_previous_build_is_replaced_only_if_that_is_asked_for(logs: Path, bucket: str) -> None:
    out = f"{bucket}/out"
    build(logs, out)
    before = files_in(out)
    with pytest.raises(OutputError, match="holds a previous build; replace it with overwrite"):
        build(logs, out)
    assert files_in(out) == before
    write_log(logs / "b.jsonl", recovery("0x02"))
    build(logs, out, overwrite=True)
    after = files_in(out)
    assert after["CURRENT.json"] != before["CURRENT.json"]
    assert {name: after[name] for name in before if "/" in name}.items() <= before.items()


def test_what_is_no_build_is_not_written_to(logs: Path, bucket: str, tmp_path: Path) -> None:
    store = store_of(bucket)
    store.put(RemotePath(bucket, "notes/a.txt"), b"mine")
    store.put(RemotePath(bucket, "other/CURRENT.json"), b'{"schema_version": "another/tool"}')
    for out in (bucket, f"{bucket}/notes", f"{bucket}/other"):
        with pytest.raises(OutputError, match="exists and is not a previous build"):
            build(logs, out, overwrite=True)
    assert len(files_in(bucket)) == 2


def test_an_update_takes_over_the_scans_of_the_published_build(
    logs: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = f"{bucket}/out"
    write_log(logs / "b.jsonl", recovery("0x02"))
    build(logs, out, shard_mb=0.0001)  # so that the index has two files
    assert "index/part-00001.bin" in current_files(out)
    write_log(logs / "c.jsonl", recovery("0x03"))
    known: list[int] = []
    previous_index = building._previous_index

    def counted(staging: Any, head: Any) -> Any:
        index = previous_index(staging, head)
        assert index is not None
        known.append(len(index._segments))
        return index

    monkeypatch.setattr(building, "_previous_index", counted)
    build(logs, out, update=True)
    assert known == [2]
    updated = current_files(out)
    build(logs, f"{bucket}/anew")
    assert updated == current_files(f"{bucket}/anew")


def test_a_gate_compares_with_the_published_build(logs: Path, bucket: str) -> None:
    out = f"{bucket}/out"
    write_log(logs / "b.jsonl", recovery("0x02"))
    build(logs, out)
    before = files_in(out)
    (logs / "b.jsonl").unlink()
    result = build(logs, out, overwrite=True, max_shrink=0.1)
    assert [refusal.gate for refusal in result.refusals] == ["max_shrink"]
    assert files_in(out) == before


@pytest.mark.parametrize("is_first", [True, False])
def test_whoever_loses_a_race_changes_nothing_and_leaves_nothing(
    logs: Path, bucket: str, is_first: bool
) -> None:
    out = f"{bucket}/out"
    if not is_first:
        build(logs, out)
    loser = RemoteStaging(place_of(out), noun="build", overwrite=True)
    with loser:
        (loser.dataset / "manifest.json").write_text("lost")
        write_log(logs / "b.jsonl", recovery("0x02"))
        build(logs, out, overwrite=True)
        won = files_in(out)
        with pytest.raises(OutputError, match="another run published there meanwhile"):
            loser.publish()
    assert files_in(out) == won


def test_of_many_that_publish_at_once_one_wins(bucket: str) -> None:
    out = place_of(f"{bucket}/out")
    barrier = threading.Barrier(4)
    lost: list[int] = []

    def publish(number: int) -> None:
        with RemoteStaging(out, noun="build") as staging:
            (staging.dataset / "manifest.json").write_text(str(number))
            barrier.wait()
            try:
                staging.publish()
            except OutputError:
                lost.append(number)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 3
    (winner,) = set(range(4)) - set(lost)
    assert current_files(str(out)) == {"manifest.json": str(winner).encode()}
    assert len(files_in(str(out))) == 2


def test_a_commit_whose_answer_is_lost_takes_nothing_away(
    logs: Path, proxy: FaultyProxy, bucket: str, tmp_path: Path
) -> None:
    out = f"{bucket}/out"
    proxy.spoiled_writes, proxy.faults, proxy.lasts = "CURRENT.json", ["mute"], True
    with pytest.raises(OutputError, match=f"^{out}/CURRENT.json: "):
        build(logs, out)
    build(logs, tmp_path / "out")
    assert current_files(out) == all_bytes(tmp_path / "out")


@pytest.mark.parametrize("faults", [["busy", "busy"], ["late"], ["late", "busy"]])
def test_a_busy_store_gets_the_commit_in_the_end(
    logs: Path, proxy: FaultyProxy, bucket: str, faults: list[Any]
) -> None:
    proxy.spoiled_writes, proxy.faults = "CURRENT.json", faults
    build(logs, f"{bucket}/out")
    assert proxy.faults == [] and current_files(f"{bucket}/out")


def test_a_failed_upload_leaves_nothing(logs: Path, proxy: FaultyProxy, bucket: str) -> None:
    proxy.spoiled_writes, proxy.faults, proxy.lasts = "part-00000.bin", ["busy"], True
    with pytest.raises(OutputError, match=r"index/part-00000\.bin: the store is too busy"):
        build(logs, f"{bucket}/out")
    assert files_in(bucket) == {}


def test_what_a_killed_run_left_is_removed_when_it_is_old(
    logs: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = f"{bucket}/out"

    files = RemoteStaging._files

    def some_files(self: Any) -> Iterator[Path]:
        yield from islice(files(self), 3)
        raise SystemExit  # as a kill, but for what it cannot do

    with monkeypatch.context() as patched:
        patched.setattr(RemoteStaging, "_files", some_files)
        patched.setattr(type(store_of(bucket)), "delete", lambda *_: None)
        with pytest.raises(SystemExit):
            build(logs, out)
    left = files_in(out)
    assert len(left) == 3
    assert find_logs([place_of(bucket), logs]).skipped["former_build"] == 1
    build(logs, out)  # what is left is in nobody's way
    published = current_files(out)
    place = place_of(out)
    assert remove_leftovers(place, timedelta(hours=1)).files == 0
    would = remove_leftovers(place, timedelta(0), dry_run=True)
    assert (would.folders, would.files) == (1, len(left))
    assert left.items() <= files_in(out).items()
    done = run_program("stage", "clean", "--older-than", "0m", out, "--json")
    assert json.loads(done.stdout) == {**would.as_json(), "removed": True}
    assert current_files(out) == published
    assert len(files_in(out)) == len(published) + 1


def test_only_what_is_ours_is_cleaned(bucket: str) -> None:
    store = store_of(bucket)
    ours = f"builds/{'0' * 24}-{'1' * 8}/manifest.json"
    for name in (ours, "builds/release-1/app.bin", "builds/notes.txt"):
        store.put(RemotePath(bucket, name), b"x")
    store.put(RemotePath(bucket, "CURRENT.json"), b"{}")
    with pytest.raises(InputError, match="is not ours, so nothing is removed"):
        remove_leftovers(place_of(bucket), timedelta(0))
    store.delete([RemotePath(bucket, "CURRENT.json")])
    assert remove_leftovers(place_of(bucket), timedelta(0)).files == 1
    assert set(files_in(bucket)) == {"builds/release-1/app.bin", "builds/notes.txt"}


def test_a_run_that_is_terminated_removes_what_it_uploaded(
    logs: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import os, signal, sys\n"
        "from botcoin_dpo.files.remote_staging import RemoteStaging\n"
        "RemoteStaging._commit = lambda self, name: None\n"
        "files = RemoteStaging._files\n"
        "def stopped(self):\n"
        "    for number, path in enumerate(files(self)):\n"
        "        if number == 3: os.kill(os.getpid(), signal.SIGTERM)\n"
        "        yield path\n"
        "RemoteStaging._files = stopped\n"
        "from botcoin_dpo.cli import main\n"
        "main()\n"
    )
    done = run_program("build", str(logs), "-o", f"{bucket}/out", code=code)
    assert done.returncode == 128 + signal.SIGTERM, done.stderr
    assert files_in(bucket) == {}


def test_cleaning_is_for_stores_and_says_what_it_did(bucket: str, tmp_path: Path) -> None:
    done = run_program("stage", "clean", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "is a local folder" in done.stderr
    done = run_program("stage", "clean", f"{bucket}/out", "--older-than", "soon")
    assert "must be a number with m, h or d" in done.stderr
    place = RemotePath(bucket, f"out/builds/{'0' * 24}-{'1' * 8}/manifest.json")
    store_of(bucket).put(place, b"x")
    done = run_program("stage", "clean", f"{bucket}/out", "--dry-run")
    assert done.stdout == "would remove 0 folders, 0 files, 0.0 MB\n"
    none = {"folders": 0, "files": 0, "bytes": 0, "removed": False}
    assert json.loads(run_program("stage", "clean", f"{bucket}/out", "--json").stdout) == none


@pytest.mark.parametrize("name", ["nothing", "logs"])
def test_what_was_never_published_is_not_cleaned(bucket: str, name: str) -> None:
    store_of(bucket).put(RemotePath(bucket, "logs/a.jsonl"), b"x")
    done = run_program("stage", "clean", f"{bucket}/{name}")
    refusal = "nothing was published there; name the folder given as --out"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {bucket}/{name}: {refusal}\n"
