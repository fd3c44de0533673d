"""All or nothing: whatever kills a build, `out` is whole, and the next build cleans up."""

import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from botcoin_dpo import OutputError, build, validate
from botcoin_dpo.dataset.manifest import BUILD
from botcoin_dpo.files import staging
from botcoin_dpo.files.staging import StagingFolder
from tests.builders import recovery, shard_bytes, write_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path / "logs" / "a.jsonl", recovery())


def other_log(folder: Path) -> Path:
    return write_log(folder / "other" / "b.jsonl", recovery("0x02", number=2))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestPlace:
    def test_a_former_build_is_replaced_only_when_asked(self, tmp_path: Path, log: Path) -> None:
        build(log, tmp_path / "out")
        previous = shard_bytes(tmp_path / "out")
        with pytest.raises(OutputError, match="overwrite=True"):
            build(other_log(tmp_path), tmp_path / "out")
        assert shard_bytes(tmp_path / "out") == previous
        build(other_log(tmp_path), tmp_path / "out", overwrite=True)
        assert shard_bytes(tmp_path / "out") != previous
        assert names(tmp_path) == ["logs", "other", "out"]

    def test_nothing_but_a_former_build_is_ever_replaced(self, tmp_path: Path, log: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine/thesis.txt").write_text("years of work")
        (tmp_path / "file").write_text("x")
        build(log, tmp_path / "out")
        (tmp_path / "out/notes.txt").write_text("of the same kind")
        for name, words in (
            ("mine", "not a previous build"),
            ("file", "a file"),
            ("out", "notes.txt"),
        ):
            with pytest.raises(OutputError, match=words):
                build(log, tmp_path / name, overwrite=True)
        (tmp_path / "out/notes.txt").unlink()
        (tmp_path / "out/pictures").symlink_to(tmp_path / "mine")
        with pytest.raises(OutputError, match="pictures"):
            build(log, tmp_path / "out", overwrite=True)
        assert (tmp_path / "mine/thesis.txt").read_text() == "years of work"

    def test_the_root_folder_is_refused(self, log: Path) -> None:
        with pytest.raises(OutputError, match="root folder"):
            build(log, "/")

    def test_an_empty_folder_and_missing_parents_will_do(self, tmp_path: Path, log: Path) -> None:
        (tmp_path / "empty").mkdir()
        for name in ("empty", "a/b/c"):
            assert build(log, tmp_path / name).out == tmp_path / name
            assert validate(tmp_path / name).is_valid

    def test_a_link_stays_and_what_it_points_to_is_replaced(
        self, tmp_path: Path, log: Path
    ) -> None:
        build(log, tmp_path / "real")
        (tmp_path / "link").symlink_to(tmp_path / "real")
        build(other_log(tmp_path), tmp_path / "link", overwrite=True)
        assert (tmp_path / "link").is_symlink()
        assert validate(tmp_path / "real").is_valid

    def test_a_mount_point_is_refused_with_advice(
        self, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "disk").mkdir()
        monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "disk")
        with pytest.raises(OutputError, match="name a folder inside it"):
            build(log, tmp_path / "disk")

    def test_the_output_may_lie_in_the_logs(self, tmp_path: Path, log: Path) -> None:
        for _ in range(2):
            result = build(log.parent, log.parent / "out", overwrite=True)
            assert result.funnel.files_skipped == {}
        assert names(log.parent) == ["a.jsonl", "out"]


class TestWithoutExchange:
    @pytest.fixture(autouse=True)
    def no_exchange(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(staging, "_exchange", lambda one, other: False)

    def test_the_former_build_is_renamed_aside(self, tmp_path: Path, log: Path) -> None:
        build(log, tmp_path / "out")
        build(other_log(tmp_path), tmp_path / "out", overwrite=True)
        assert validate(tmp_path / "out").is_valid
        assert names(tmp_path) == ["logs", "other", "out"]

    def test_it_comes_back_if_the_second_rename_fails(
        self, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        build(log, tmp_path / "out")
        previous = shard_bytes(tmp_path / "out")
        rename = Path.rename

        def fail(path: Path, target: Path) -> Path:
            if path.name == "dataset":
                raise OSError(5, "Input/output error")
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", fail)
        with pytest.raises(OutputError, match="input/output error"):
            build(other_log(tmp_path), tmp_path / "out", overwrite=True)
        assert shard_bytes(tmp_path / "out") == previous

    def test_it_comes_back_at_the_next_start_after_a_crash(self, tmp_path: Path, log: Path) -> None:
        build(log, tmp_path / "out")
        previous = shard_bytes(tmp_path / "out")
        home = tmp_path / ".out.botcoin-dpo"
        home.mkdir()
        (tmp_path / "out").rename(home / "previous")
        with pytest.raises(OutputError, match="overwrite=True"):
            build(log, tmp_path / "out")
        assert shard_bytes(tmp_path / "out") == previous
        assert not home.exists()


def start_build(log: Path, out: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "botcoin_dpo", "build", str(log), "-o", str(out), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_kill_at_any_moment_leaves_a_whole_build(tmp_path: Path, log: Path) -> None:
    many = write_log(
        tmp_path / "many/a.jsonl.gz", [r for n in range(600) for r in recovery(f"0x{n:04x}")]
    )
    build(log, tmp_path / "previous")
    previous = shard_bytes(tmp_path / "previous")
    started = time.monotonic()
    assert start_build(many, tmp_path / "measure").wait() == 0
    duration = time.monotonic() - started
    whole = shard_bytes(tmp_path / "measure")
    for step in range(12):
        process = start_build(many, tmp_path / "previous", "--overwrite")
        new = start_build(many, tmp_path / f"new{step}")
        time.sleep(duration * (0.3 + step / 10))
        for each in (process, new):
            each.kill()
            each.communicate()
        assert shard_bytes(tmp_path / "previous") in (previous, whole)
        assert validate(tmp_path / "previous").is_valid
        if (tmp_path / f"new{step}").exists():
            assert shard_bytes(tmp_path / f"new{step}") == whole
    build(log, tmp_path / "previous", overwrite=True)
    build(log, tmp_path / "new0", overwrite=True)
    assert shard_bytes(tmp_path / "previous") == previous
    assert not [name for name in names(tmp_path) if name.startswith((".previous", ".new0."))]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_build_cleans_up(tmp_path: Path, number: int, code: int) -> None:
    read_end, write_end = os.pipe()
    command = [sys.executable, "-m", "botcoin_dpo", "build", "-", "-o", str(tmp_path / "out")]
    process = subprocess.Popen(command, stdin=read_end, stderr=subprocess.PIPE)
    while not (tmp_path / ".out.botcoin-dpo/scratch/scans").exists():
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.1)
    process.send_signal(number)
    _, errors = process.communicate()
    os.close(write_end)
    assert process.returncode == code
    assert b"Traceback" not in errors
    assert names(tmp_path) == []


def test_of_two_builds_one_wins_and_the_other_says_so(tmp_path: Path, log: Path) -> None:
    with (
        StagingFolder(tmp_path / "out", product=BUILD),
        pytest.raises(OutputError, match="another run is writing there"),
    ):
        build(log, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    build(log, tmp_path / "out")
    assert names(tmp_path) == ["logs", "out"]


def test_a_lock_whose_owner_just_left_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / ".out.botcoin-dpo.lock"
    lock.touch()
    taken = fcntl.flock
    left = False

    def take_after_the_owner_left(descriptor: int, how: int) -> None:
        nonlocal left
        if not left:
            lock.unlink()
            left = True
        taken(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", take_after_the_owner_left)
    with StagingFolder(tmp_path / "out", product=BUILD):
        assert lock.exists()
        with (
            pytest.raises(OutputError, match="another run"),
            StagingFolder(tmp_path / "out", product=BUILD),
        ):
            pass


def test_an_interrupt_just_after_the_lock_was_taken_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_and_interrupt(path: Path, out: Path) -> int:
        lock = take(path, out)
        signal.raise_signal(signal.SIGINT)
        return lock

    take = staging._take_lock
    monkeypatch.setattr(staging, "_take_lock", take_and_interrupt)
    with pytest.raises(KeyboardInterrupt), StagingFolder(tmp_path / "out", product=BUILD):
        pytest.fail("it was not interrupted")
    assert names(tmp_path) == []


def test_a_folder_that_came_into_being_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with (
        StagingFolder(tmp_path / "out", product=BUILD) as staging,
        pytest.raises(OutputError, match="not a previous build"),
    ):
        (tmp_path / "out").mkdir()
        (tmp_path / "out/mine").write_text("x")
        staging.publish()
    assert (tmp_path / "out/mine").exists()


def test_a_full_disk_is_an_output_error(tmp_path: Path, log: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    many = write_log(tmp_path / "many.jsonl.gz", recovery() * 2)
    broken = write_log(tmp_path / "broken.jsonl", [b"{"] * 3000)
    # While rows are written, while a log is copied aside, while entries are noted.
    for source in (log, many, broken):
        command = [sys.executable, "-m", "botcoin_dpo", "build", str(source)]
        process = subprocess.run(
            [*command, "-o", str(tmp_path / "out")],
            preexec_fn=small_files,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 2
        assert process.stderr.startswith("error: ")
        assert "file too large" in process.stderr.lower()
        assert "free some space" in process.stderr
        assert process.stderr.count("\n") == 1
        assert names(tmp_path) == ["broken.jsonl", "logs", "many.jsonl.gz"]


@pytest.mark.skipif(os.geteuid() == 0, reason="runs as root, who may write anywhere")
def test_a_folder_without_permission_is_an_output_error(tmp_path: Path, log: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="permission denied"):
        build(log, tmp_path / "closed/out")
