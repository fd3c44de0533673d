"""Logs in object storage give the builds that they give on a local disk, or a clear message.

Needs the extra `stores`; a real S3 server runs on this machine, with a proxy that breaks answers.
"""

import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from botcoin_dpo import InputError, build, read_attempts, stats
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.files import object_store, ranged_file, segments
from botcoin_dpo.files.decompression import LogStream
from botcoin_dpo.files.local_paths import log_arguments
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import ROOT, all_bytes, as_lines, attempt, quarantine, recovery, write_log
from tests.guide_steps import run_page
from tests.object_server import HERE, FaultyProxy, ObjectServer, run_program
from tests.stored import upload
from tests.website import Website, running_website

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs of every kind, and what is passed over beside them."""
    folder = tmp_path_factory.mktemp("made") / "logs"
    simulate(folder / "day-1", challenges=6, miners=2, seed=1)
    simulate(folder / "day-1" / "more", challenges=4, miners=2, seed=2)
    for path in sorted((folder / "day-1" / "more").glob("*.jsonl"))[:4]:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()
    write_log(folder / "day-1.jsonl", recovery("0x0a"))
    write_log(folder / "dày 2" / "a+b %41.jsonl", recovery("0x0b"))
    (folder / "z.jsonl.zst").write_bytes(zstandard.compress(as_lines(recovery("0x0c"))))
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(as_lines(recovery("0x0d")), mtime=0)[:-9])
    write_log(folder / "values.json", recovery("0x0e"))
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "bad.jsonl").write_bytes(b'{"attempt_id": 1}\nnot json\n' + as_lines([attempt()]))
    (folder / "notes.txt").write_text("not a log")
    write_log(folder / ".hidden.jsonl", recovery("0x0f"))
    write_log(folder / ".git" / "a.jsonl", recovery("0x1f"))
    write_log(folder / ".git" / "b.jsonl", recovery("0x2f"))
    build(folder / "day-1.jsonl", folder / "a build")
    return folder


def test_a_build_of_a_bucket_has_the_bytes_of_a_local_one(
    logs: Path, bucket: str, tmp_path: Path
) -> None:
    upload(logs, f"{bucket}/in/logs")
    build(logs, tmp_path / "local", audit=True, attempts=True)
    build(f"{bucket}/in/logs/", tmp_path / "remote", audit=True, attempts=True)
    assert all_bytes(tmp_path / "remote") == all_bytes(tmp_path / "local")
    skipped = {entry["file"] for entry in quarantine(tmp_path / "local")}
    assert {"bad.jsonl", "cut.jsonl.gz"} <= skipped


def test_ranges_of_a_large_file_are_read_as_a_local_one_is(
    logs: Path, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "BLOCK", 1 << 14)
    monkeypatch.setattr(ranged_file, "_RANGE", 5000)
    monkeypatch.setattr(ranged_file, "_TAIL_RANGE", 700)
    whole = tmp_path / "whole.jsonl"
    whole.write_bytes(b"".join(path.read_bytes() for path in sorted(logs.rglob("att*.jsonl"))))
    assert len(segments.Segments(find_logs([whole]).files)) > 20
    upload(whole, f"{bucket}/whole.jsonl")
    build(whole, tmp_path / "local")
    build(f"{bucket}/whole.jsonl", tmp_path / "remote")
    assert all_bytes(tmp_path / "remote") == all_bytes(tmp_path / "local")


def test_workers_read_a_bucket_as_one_process_does(logs: Path, bucket: str, tmp_path: Path) -> None:
    upload(logs, bucket)
    build([logs, logs / "day-1.jsonl"], tmp_path / "local")
    done = run_program(
        "build", bucket, f"{bucket}/day-1.jsonl", "-o", str(tmp_path / "remote"), "--workers", "2"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert all_bytes(tmp_path / "remote") == all_bytes(tmp_path / "local")


def test_workers_repeat_no_warning_of_the_scanner(bucket: str, tmp_path: Path) -> None:
    upload(write_log(tmp_path / "a.jsonl", recovery()), f"{bucket}/a.jsonl")
    upload(write_log(tmp_path / "b.jsonl", recovery("0x02")), f"{bucket}/b.jsonl")
    done = run_program("stats", bucket, "--workers", "2", BOTCOIN_DPO_SCANNER="c")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    assert done.stderr.startswith("warning: BOTCOIN_DPO_SCANNER=c: no such scanner")


def test_an_update_takes_over_what_was_scanned_in_a_bucket(
    logs: Path, bucket: str, tmp_path: Path
) -> None:
    upload(logs, bucket)
    build(bucket, tmp_path / "remote")
    upload(write_log(tmp_path / "new.jsonl", recovery("0x77")), f"{bucket}/new.jsonl")
    build(bucket, tmp_path / "remote", update=True)
    build(bucket, tmp_path / "anew")
    assert all_bytes(tmp_path / "remote") == all_bytes(tmp_path / "anew")


def test_patterns_name_what_a_shell_would(logs: Path, bucket: str) -> None:
    upload(logs, f"{bucket}/logs")

    def names(pattern: str) -> list[str]:
        return [file.name for file in find_logs(log_arguments(f"{bucket}/logs/{pattern}")).files]

    local = {path.relative_to(logs).as_posix() for path in logs.glob("**/*.jsonl.gz")}
    assert set(names("**/*.jsonl.gz")) == local
    assert "day-1/more/attempts-00000.jsonl.gz" in local
    assert names("val*.json") == ["values.json"]
    assert names("day-[1-3].jsonl") == names("day-?.jsonl") == ["day-1.jsonl"]
    assert names("day-1/more/*-00000.*") == ["attempts-00000.jsonl.gz"]
    assert names(".git/*") == ["a.jsonl", "b.jsonl"]
    assert not any(".git" in name or "a build" in name for name in names("**"))
    with pytest.raises(InputError, match="no attempt logs in it"):
        names("*.xml")


def test_what_skips_folders_counts_as_it_does_locally(logs: Path, bucket: str) -> None:
    upload(logs, bucket)
    here, there = find_logs([logs]), find_logs(log_arguments(bucket))
    assert there.skipped == here.skipped
    assert [(f.name, f.size) for f in there.files] == [(f.name, f.size) for f in here.files]
    twice = find_logs(log_arguments([bucket, f"{bucket}/day-1"]))
    assert twice.skipped == find_logs([logs, logs / "day-1"]).skipped
    folders = ["day-1/more", "", "day-1", ".git"]
    again = find_logs(log_arguments([f"{bucket}/{name}" for name in folders]))
    assert again.skipped == find_logs([logs / name for name in folders]).skipped


def test_stats_audits_and_notebooks_read_buckets(logs: Path, bucket: str) -> None:
    upload(logs, bucket)
    assert stats(bucket).as_json() == stats(logs).as_json()
    assert audit(bucket).as_json() == audit(logs).as_json()
    here, there = read_attempts(logs), read_attempts(bucket)
    assert [attempt.record for attempt in there] == [attempt.record for attempt in here]


def test_wrong_credentials_are_said_without_being_shown(bucket: str) -> None:
    for settings, said in (
        ({"AWS_SECRET_ACCESS_KEY": "not-the-secret"}, "the secret key is wrong"),
        ({"AWS_ACCESS_KEY_ID": "not-the-key"}, "the access key is not known there"),
        ({"AWS_SKIP_SIGNATURE": "true"}, "access denied"),
        ({"AWS_ALLOW_HTTP": "false"}, "http is not encrypted"),
        ({"AWS_ALLOW_HTTP": "perhaps-secret"}, "settings in the environment cannot be used"),
    ):
        for words in (["stats", bucket], ["build", f"{bucket}/a.jsonl", "--dry-run"]):
            done = run_program(*words, **settings)
            assert (done.returncode, done.stdout) == (2, ""), said
            assert done.stderr.startswith(f"error: {bucket}") and said in done.stderr
            assert done.stderr.count("\n") == 1 and "; " in done.stderr
            assert not any(value in done.stderr for value in settings.values() if "-" in value)


@pytest.mark.parametrize(
    ("missing", "other"),
    [
        ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_a_key_without_the_other_is_said(
    bucket: str, monkeypatch: pytest.MonkeyPatch, missing: str, other: str
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(InputError, match=f"{other} is set and {missing} is not; set both"):
        stats(bucket)


def test_what_is_not_there_is_said(bucket: str, tmp_path: Path) -> None:
    upload(write_log(tmp_path / "a.jsonl", recovery()), f"{bucket}/a.jsonl")
    upload(tmp_path / "a.jsonl", f"{bucket}/notes.txt")
    for url, said in (
        ("s3://no-such-bucket-here", "no such bucket; check its name"),
        ("s3://no-such-bucket-here/a.jsonl", "no such bucket; check its name"),
        (f"{bucket}/b.jsonl", "nothing lies there; name a log file, a folder or a pattern"),
        (f"{bucket}/folder/", "nothing lies there"),
        (f"{bucket}/notes.txt", "not a log by its name"),
    ):
        with pytest.raises(InputError, match=said):
            stats(url)


def test_a_build_is_no_log(logs: Path, bucket: str) -> None:
    upload(logs / "a build", f"{bucket}/out")
    with pytest.raises(InputError, match="is a built dataset, not attempt logs"):
        build(f"{bucket}/out")


@pytest.mark.parametrize("fault", ["busy", "cut"])
def test_a_bad_answer_is_asked_for_again(
    logs: Path, proxy: FaultyProxy, bucket: str, tmp_path: Path, fault: Any
) -> None:
    upload(logs, bucket)
    build(logs, tmp_path / "local")
    proxy.faults = [fault, fault]
    build(bucket, tmp_path / "remote")
    assert proxy.faults == []
    assert all_bytes(tmp_path / "remote") == all_bytes(tmp_path / "local")


@pytest.mark.parametrize(
    ("fault", "said"),
    [("busy", "the store is too busy"), ("cut", "the connection broke in the middle")],
)
def test_answers_that_stay_bad_end_the_build(
    logs: Path, proxy: FaultyProxy, bucket: str, tmp_path: Path, fault: Any, said: str
) -> None:
    upload(logs / "day-1.jsonl", f"{bucket}/a.jsonl")
    proxy.faults, proxy.lasts = [fault], True
    with pytest.raises(InputError, match=f"^{bucket}/a.jsonl: {said}"):
        build(bucket, tmp_path / "out")
    assert 2 <= proxy.reads <= 8
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_does_not_answer_can_be_interrupted() -> None:
    pytest.importorskip("obstore")
    with socket.create_server((HERE, 0)) as silent:
        server = ObjectServer(silent.getsockname()[1], 0)
        program = subprocess.Popen(
            [sys.executable, "-m", "botcoin_dpo", "stats", "s3://bucket/logs"],
            env=os.environ | server.settings(), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        connection, _ = silent.accept()  # it asks, and waits
        with connection:
            program.send_signal(signal.SIGINT)
            _, said = program.communicate(timeout=40)  # a request has a minute
    assert (program.returncode, said.count("\n")) == (130, 1)
    assert said.startswith("interrupted")


def test_what_is_replaced_while_it_is_read_is_noticed(bucket: str, tmp_path: Path) -> None:
    upload(write_log(tmp_path / "a.jsonl", recovery()), f"{bucket}/a.jsonl")
    (file,) = find_logs(log_arguments(bucket)).files
    upload(write_log(tmp_path / "a.jsonl", recovery("0x02")), f"{bucket}/a.jsonl")
    with pytest.raises(InputError, match=r"a\.jsonl: changed while it was read; run again"):
        list(LogStream(file))


def test_the_guide_works_and_prints_what_it_shows(
    server: ObjectServer, bucket: str, tmp_path: Path
) -> None:
    server.make_bucket("my-bucket")
    run_page(ROOT / "docs/guides/object-storage.md", tmp_path)


def test_names_of_strangers_reach_nobody_as_they_are(
    server: ObjectServer, bucket: str, tmp_path: Path
) -> None:
    name = bucket.removeprefix("s3://")
    server.put_as(f"{name}/one/%E2%80%AEevil%20%22.jsonl", b"not json\n" + as_lines(recovery()))
    done = run_program("build", f"{bucket}/one", "-o", str(tmp_path / "out"), "--strict")
    assert done.returncode == 1
    assert "\u202e" not in done.stdout + done.stderr
    assert "\\u202eevil" in done.stderr
    server.put_as(f"{name}/two/new%0Aline%1B%5B31m.jsonl", as_lines(recovery()))
    done = run_program("stats", f"{bucket}/two")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "an object with a name that cannot be used" in done.stderr
    assert "\x1b" not in done.stderr


def test_without_the_library_the_message_names_the_extra() -> None:
    code = "import sys; sys.modules['obstore'] = None; from botcoin_dpo.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "stats", "s3://bucket/logs"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: s3://bucket: object storage needs obstore; run pip ")
    assert "[s3]" in done.stderr


@pytest.mark.parametrize("url", ["gs://bucket/a", "az://bucket/a"])
def test_other_stores_are_reached_by_the_same_library(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    pytest.importorskip("obstore")
    (place,) = log_arguments(url)
    assert isinstance(place, RemotePath)
    assert store_of(place.root) is store_of(place.root)


@pytest.fixture
def website(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    """A web server with a certificate that the environment trusts."""
    pytest.importorskip("obstore")
    if shutil.which("openssl") is None:
        pytest.skip("openssl is needed to make a certificate")
    with running_website(tmp_path / "certificate.pem") as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        store_of.cache_clear()
        yield running
    store_of.cache_clear()


@pytest.mark.parametrize("etag", ['"strong"', 'W/"weak"', None])
def test_a_signed_address_is_read_and_its_query_shown_nowhere(
    website: Website, tmp_path: Path, etag: str | None
) -> None:
    log = write_log(tmp_path / "a b.jsonl", [*recovery(), {"bad": 1}])
    website.files["/x/a%20b.jsonl"] = log.read_bytes()
    website.etag = etag
    url = f"{website.url}/x/a%20b.jsonl?X-Signature=SECRET"
    build(log, tmp_path / "local")
    build(url, tmp_path / "remote")
    assert all_bytes(tmp_path / "remote") == all_bytes(tmp_path / "local")
    assert website.queries == {"X-Signature=SECRET"}
    for words in (
        ["build", url, "-o", str(tmp_path / "new"), "--strict", "--workers", "2"],
        ["audit", url], ["stats", url], ["stats", url.replace("a%20b", "none")],
    ):  # fmt: skip
        done = run_program(*words)
        assert "SECRET" not in done.stdout + done.stderr


def test_a_web_server_that_is_down_is_said_without_settings_of_stores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("obstore")
    monkeypatch.setitem(object_store._RETRIES, "max_retries", 0)
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(InputError, match="cannot be reached; check the address and the network"):
        stats(f"https://{HERE}:{port}/a.jsonl")


def test_a_web_server_without_ranges_is_said(website: Website, tmp_path: Path) -> None:
    website.files["/a.jsonl"] = as_lines(recovery())
    website.has_ranges = False
    with pytest.raises(InputError, match="the server gives no parts of files; download it"):
        stats(f"{website.url}/a.jsonl")
