"""A build in tasks has the bytes of a build by one process, whatever happens to the tasks.

`test_guides.py` runs the guide's script for `xargs` as it stands; that for Slurm is run here.
"""

import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, OutputError, UsageError, build
from botcoin_dpo.building.gates import BuildGates
from botcoin_dpo.contract.pair_ids import pair_id_of
from botcoin_dpo.files.current import read_current
from botcoin_dpo.files.input_versions import read_versions
from botcoin_dpo.files.named_files import copy_file
from botcoin_dpo.files.object_store import store_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.stages.building import run_build
from botcoin_dpo.stages.json_objects import encode
from botcoin_dpo.stages.planning import plan_work
from botcoin_dpo.stages.publishing import run_publish
from botcoin_dpo.stages.scanning import run_scan
from botcoin_dpo.stages.sharding import run_plan_shards, run_shard
from botcoin_dpo.stages.work import Work, open_work
from tests.builders import ROOT, all_bytes, read_rows, recovery, run, write_log
from tests.guide_steps import BLOCK
from tests.moments import run_with

pytestmark = pytest.mark.timeout(120)

SAMPLE = ROOT / "sample_data" / "logs"
TASK_MB = 0.4


def plan_sample(folder: Path, **options: Any) -> Work:
    given: dict[str, Any] = {"out": folder / "out", "work": folder / "work", "task_mb": TASK_MB}
    return plan_work(SAMPLE, **given | options)


def scan_all(work: Work) -> None:
    for number in range(1, work.plan.scans + 1):
        run_scan(work, number)


def build_all(work: Work) -> None:
    for number in range(1, work.plan.builds + 1):
        run_build(work, number)


def write_all(work: Work) -> None:
    for number in range(1, run_plan_shards(work) + 1):
        run_shard(work, number)


def run_all_but_publish(work: Work) -> None:
    scan_all(work)
    build_all(work)
    write_all(work)


def run_all(work: Work) -> None:
    run_all_but_publish(work)
    run_publish(work, BuildGates())


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the build that one process makes of the sample."""
    out = tmp_path_factory.mktemp("one") / "out"
    build(SAMPLE, out)
    return all_bytes(out)


def test_tasks_make_the_dataset_that_one_process_makes(
    tmp_path: Path, one: dict[str, bytes]
) -> None:
    work = plan_sample(tmp_path)
    assert work.plan.scans > 3
    assert work.plan.builds > 1
    run_all(work)
    assert all_bytes(tmp_path / "out") == one


def test_all_options_that_shape_a_build_are_planned(tmp_path: Path) -> None:
    build(SAMPLE, tmp_path / "all")
    ids = tmp_path / "ids.txt"
    ids.write_text(f"{pair_id_of(read_rows(tmp_path / 'all', 'sequential')[0])}\n")
    options: dict[str, Any] = {
        "pairs": ["sequential", "cross_session"],
        "splits": [0.8, 0.1, 0.1],
        "max_per_prompt": 2,
        "shard_mb": 0.1,
        "max_record_mb": 0.05,
        "allow_unsafe_text": True,
        "audit": True,
        "drop_if": ["chosen:suspicious"],
        "keep_if": ["constraint_gain>=1"],
        "exclude": ids,
        "attempts": True,
    }
    result = build(SAMPLE, tmp_path / "one", **options)
    assert {"excluded", "keep_if:constraint_gain:ge:1"} & set(result.funnel.dropped)
    run_all(plan_sample(tmp_path, **options))
    assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "one")


def test_a_file_in_ranges_is_scanned_by_several_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("files.segments", "logs.index", "logs.recall"):
        monkeypatch.setattr(f"botcoin_dpo.{module}.BLOCK", 50_000, raising=False)
    records = [record for number in range(1, 60) for record in recovery(f"0x{number:02x}")]
    log = write_log(tmp_path / "logs" / "a.jsonl", records)
    with log.open("ab") as file:
        file.write(b"not json\n")
    build(log, tmp_path / "one")
    work = plan_work(log, tmp_path / "out", tmp_path / "work", task_mb=0.05)
    assert len(work.plan.files) == 1 < work.plan.scans
    run_all(work)
    assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "one")


def test_a_task_that_is_run_again_changes_nothing(tmp_path: Path) -> None:
    work = plan_sample(tmp_path)
    scan_all(work)
    build_all(work)
    write_all(work)
    before = all_bytes(tmp_path / "work")
    for task in (run_scan, run_build, run_shard):
        assert task(work, 1).was_done
    assert run_plan_shards(work) == len(list((tmp_path / "work").rglob("shard/*.file")))
    assert plan_sample(tmp_path).plan == work.plan
    assert all_bytes(tmp_path / "work") == before
    for summary in (tmp_path / "work").glob("*/*/*.json"):
        summary.unlink()  # as if each had been killed just before it was done
    scan_all(work)
    build_all(work)
    write_all(work)
    assert all_bytes(tmp_path / "work") == before


def test_a_task_that_runs_twice_at_once_leaves_what_one_leaves(tmp_path: Path) -> None:
    work = plan_sample(tmp_path)
    run_scan(work, 2)
    before = all_bytes(tmp_path / "work")
    for path in (tmp_path / "work").rglob("scan/*"):
        path.unlink()
    words = ("stage", "scan", "2", "--work", str(tmp_path / "work"))
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: run(*words), range(3)))
    assert [result.returncode for result in results] == [0, 0, 0]
    assert all_bytes(tmp_path / "work") == before


@pytest.mark.parametrize(
    "moment",
    [
        "botcoin_dpo.logs.scan:_SegmentScan._finish",
        "botcoin_dpo.files.work_folder:_LocalFolder.put",
        "botcoin_dpo.files.work_folder:_sync",
        "botcoin_dpo.stages.json_objects:encode",
    ],
)
def test_a_killed_task_leaves_nothing_that_is_taken_for_whole(
    tmp_path: Path, one: dict[str, bytes], moment: str
) -> None:
    work = plan_sample(tmp_path)
    killed = run_with(
        {moment: "os.kill(os.getpid(), signal.SIGKILL)"},
        "stage", "scan", 1, "--work", tmp_path / "work",
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(UsageError, match="scan 1: has not run, nor have"):
        run_build(work, 1)
    assert not run_scan(work, 1).was_done
    run_all(work)
    assert all_bytes(tmp_path / "out") == one


@pytest.mark.parametrize("stage", ["build", "shard", "publish"])
def test_later_tasks_may_be_killed_as_well(
    tmp_path: Path, one: dict[str, bytes], stage: str
) -> None:
    work = plan_sample(tmp_path)
    scan_all(work)
    if stage != "build":
        build_all(work)
        run_plan_shards(work)
    if stage == "publish":
        write_all(work)
    moment = "botcoin_dpo.files.work_folder:_LocalFolder.put"
    if stage == "publish":
        moment = "botcoin_dpo.files.staging:StagingFolder.publish"
    number = () if stage == "publish" else (1,)
    killed = run_with(
        {moment: "os.kill(os.getpid(), signal.SIGKILL)"},
        "stage", stage, *number, "--work", tmp_path / "work",
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    run_all(work)
    assert all_bytes(tmp_path / "out") == one


def test_a_task_that_comes_too_early_says_which_is_missing(tmp_path: Path) -> None:
    work = plan_sample(tmp_path)
    option = f"--work={tmp_path / 'work'}"

    def refusal(*words: object) -> str:
        result = run("stage", *map(str, words), "--work", str(tmp_path / "work"))
        assert (result.returncode, result.stdout) == (2, "")
        return result.stderr

    last = work.plan.scans
    for number in range(1, last):
        run_scan(work, number)
    assert refusal("build", 1) == (
        f"error: scan {last}: has not run; run botcoin-dpo stage scan {last} {option}\n"
    )
    run_scan(work, last)
    run_build(work, 1)
    others = f", nor have {work.plan.builds - 2} others" if work.plan.builds > 2 else ""
    assert refusal("plan-shards") == (
        f"error: build 2: has not run{others}; run botcoin-dpo stage build 2 {option}\n"
    )
    build_all(work)
    for words in (("shard", 1), ("publish",)):
        assert refusal(*words) == (
            f"error: plan-shards: has not run; run botcoin-dpo stage plan-shards {option}\n"
        )
    shards = run_plan_shards(work)
    assert refusal("publish").startswith("error: shard 1: has not run")
    for stage, total in (("scan", last), ("build", work.plan.builds), ("shard", shards)):
        assert refusal(stage, total + 1) == (
            f"error: {stage} {total + 1}: no such task; they are 1 to {total}\n"
        )


def test_a_log_that_has_changed_is_not_scanned(tmp_path: Path) -> None:
    log = write_log(tmp_path / "logs" / "a.jsonl", recovery())
    work = plan_work(log, tmp_path / "out", tmp_path / "work")
    write_log(log, [*recovery(), *recovery("0x0b")])
    with pytest.raises(InputError, match=r"a\.jsonl: changed since the plan was made; plan again"):
        run_scan(work, 1)
    log.unlink()
    with pytest.raises(InputError, match=r"a\.jsonl: no such file or directory; plan again"):
        run_scan(work, 1)


def test_a_record_that_has_changed_since_it_was_scanned_is_not_paired(tmp_path: Path) -> None:
    log = write_log(tmp_path / "logs" / "a.jsonl", recovery())
    work = plan_work(log, tmp_path / "out", tmp_path / "work")
    run_scan(work, 1)
    log.write_bytes(log.read_bytes().swapcase())
    with pytest.raises(
        InputError, match=r"a\.jsonl:\d: changed since the plan was made; plan again"
    ):
        run_build(work, 1)


def test_logs_are_not_read_once_all_builds_are_done(tmp_path: Path) -> None:
    logs = [write_log(tmp_path / "logs" / name, recovery()) for name in ("a.jsonl", "b.json.gz")]
    logs.append(tmp_path / "logs" / "bad.jsonl")
    logs[-1].write_bytes(b"not json\n")
    build(tmp_path / "logs", tmp_path / "one")
    work = plan_work(tmp_path / "logs", tmp_path / "out", tmp_path / "work")
    scan_all(work)
    build_all(work)
    for log in logs:
        log.unlink()
    write_all(work)
    run_publish(work, BuildGates())
    assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "one")


@pytest.mark.parametrize("size", ["same", "other"])
def test_an_object_that_has_changed_is_not_scanned(tmp_path: Path, bucket: str, size: str) -> None:
    log = write_log(tmp_path / "a.jsonl", recovery())
    place = RemotePath(bucket, "logs/a.jsonl")
    store_of(bucket).put(place, log.read_bytes())
    work = plan_work(f"{bucket}/logs", tmp_path / "out", tmp_path / "work")
    content = log.read_bytes()
    store_of(bucket).put(place, content.swapcase() if size == "same" else content * 2)
    refusal = f"{place}: changed since the plan was made; plan again"
    with pytest.raises(InputError, match=re.escape(refusal)):
        run_scan(work, 1)


def test_a_new_plan_takes_nothing_of_an_old_one(tmp_path: Path) -> None:
    log = write_log(tmp_path / "logs" / "a.jsonl", recovery())
    run_all(plan_work(log, tmp_path / "out", tmp_path / "work"))
    write_log(log, [*recovery(), *recovery("0x0b")])
    work = plan_work(log, tmp_path / "new", tmp_path / "work")
    with pytest.raises(UsageError, match="scan 1: has not run"):
        run_build(work, 1)
    run_all(work)
    build(log, tmp_path / "one")
    assert all_bytes(tmp_path / "new") == all_bytes(tmp_path / "one")


def test_what_tasks_cannot_read_is_not_planned(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="-: no other task could read it; name log files"):
        plan_work("-", tmp_path / "out", tmp_path / "work")
    for task_mb in (0, -1, 1e308, float("inf"), float("nan")):
        with pytest.raises(UsageError, match="task_mb: must be more than 0 and at most 1000000"):
            plan_sample(tmp_path, task_mb=task_mb)
    assert not (tmp_path / "work").exists()


def test_where_nothing_can_be_published_is_not_planned(tmp_path: Path) -> None:
    log = write_log(tmp_path / "logs" / "a.jsonl", recovery())
    strange = tmp_path / "strange" / "notes.txt"
    strange.parent.mkdir()
    strange.touch()
    refusals = {
        log.parent: "exists and is not a previous build",
        strange: "is a file; name a folder",
        strange.parent: "exists and is not a previous build",
        strange / "out": "file exists|not a directory",
    }
    for out, refusal in refusals.items():
        with pytest.raises(OutputError, match=refusal):
            plan_work(log.parent, out, tmp_path / "work")
        with pytest.raises(OutputError, match=refusal):
            build(log.parent, out)
    build(log, tmp_path / "out")
    (tmp_path / "out" / "notes.txt").touch()
    with pytest.raises(OutputError, match="is not part of the previous build and would be lost"):
        plan_work(log, tmp_path / "out", tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_a_previous_build_is_no_reason_not_to_plan(tmp_path: Path) -> None:
    log = write_log(tmp_path / "logs" / "a.jsonl", recovery())
    build(log, tmp_path / "out")
    before = all_bytes(tmp_path / "out")
    work = plan_work(log, tmp_path / "out", tmp_path / "work")
    assert {path.name for path in tmp_path.iterdir()} == {"logs", "out", "work"}
    run_all_but_publish(work)
    run_publish(work, BuildGates(), overwrite=True)
    assert all_bytes(tmp_path / "out") == before


def test_a_bucket_where_nothing_can_be_published_is_not_planned(
    tmp_path: Path, bucket: str
) -> None:
    store_of(bucket).put(RemotePath(bucket, "other/notes.txt"), b"x")
    with pytest.raises(OutputError, match="other: exists and is not a previous build"):
        plan_sample(tmp_path, out=f"{bucket}/other")
    with pytest.raises(InputError, match="no such bucket"):
        plan_sample(tmp_path, out="s3://no-such-bucket-1/out")
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("name", ["plan.json", "*/scan/000001.json", "*/scan/000001.bins"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"segments": []}', b"\xff" * 10_000])
def test_what_no_task_wrote_is_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    scan_all(plan_sample(tmp_path))
    (path,) = (tmp_path / "work").glob(name)
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"{re.escape(str(path))}: is damaged"):
        run_build(open_work(tmp_path / "work"), 1)


@pytest.mark.parametrize("kind", ["json", "bins"])
@pytest.mark.parametrize("stage", ["scan", "build"])
def test_what_is_damaged_is_made_again_once_it_is_removed(
    tmp_path: Path, one: dict[str, bytes], stage: str, kind: str
) -> None:
    work = plan_sample(tmp_path)
    scan_all(work)
    if stage == "build":
        build_all(work)
    (path,) = (tmp_path / "work").glob(f"*/{stage}/000001.{kind}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x81
    path.write_bytes(content)
    line = f"^{re.escape(str(path))}: is damaged; remove it, and run its task again$"
    with pytest.raises(InputError, match=line):
        run_all(work)
    path.unlink()
    with pytest.raises(UsageError, match=f"{stage} 1: has not run; run botcoin-dpo stage {stage}"):
        run_build(work, 1) if stage == "scan" else run_plan_shards(work)
    run_all(work)
    assert all_bytes(tmp_path / "out") == one


def _index_size(summary: dict[str, Any], size: int) -> None:
    summary["segments"][0]["index_size"] = size


def _part_size(summary: dict[str, Any]) -> None:
    next(size for size in summary["sizes"] if size)[1] = -1


def _piece_end(summary: dict[str, Any], end: int) -> None:
    summary["shards"][0]["pieces"][0][2] = end


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("plan.json", lambda plan: plan["files"][0].update(size=2**63)),
        ("plan.json", lambda plan: plan["files"][0].update(size=-1)),
        ("plan.json", lambda plan: plan["files"][0].update(path="\0")),
        ("*/scan/000001.json", lambda summary: _index_size(summary, -1)),
        ("*/scan/000001.json", lambda summary: _index_size(summary, 10**25)),
        ("*/build/000001.json", _part_size),
        ("*/plan-shards/000001.json", lambda summary: _piece_end(summary, 0)),
        ("*/plan-shards/000001.json", lambda summary: _piece_end(summary, 2**64 - 1)),
    ],
)
def test_sizes_that_nothing_can_have_are_one_line(
    tmp_path: Path, name: str, change: Callable[[dict[str, Any]], None]
) -> None:
    work = plan_sample(tmp_path)
    scan_all(work)
    build_all(work)
    if "plan-shards" in name:
        run_plan_shards(work)
    (path,) = (tmp_path / "work").glob(name)
    value = json.loads(path.read_bytes())["value"]
    change(value)
    path.write_bytes(encode(value))
    with pytest.raises(InputError, match=f"^{re.escape(str(path))}: is damaged"):
        run_plan_shards(open_work(tmp_path / "work"))


def test_a_folder_without_a_plan_is_one_line(tmp_path: Path) -> None:
    result = run("stage", "scan", "1", "--work", str(tmp_path), "--json")
    assert result.returncode == 2
    assert json.loads(result.stdout)["error"]["message"] == (
        f"{tmp_path / 'plan.json'}: no such file or directory; "
        "see that --work names the folder that was planned in"
    )


@pytest.mark.parametrize("words", [("plan", SAMPLE, "--out", "out"), ("scan", 1), ("publish",)])
def test_a_file_is_no_work_folder(tmp_path: Path, words: tuple[object, ...]) -> None:
    (tmp_path / "work").touch()
    result = run("stage", *map(str, words), "--work", "work", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "error: --work work: is a file; name a folder\n"


def test_a_command_to_run_first_can_be_pasted(tmp_path: Path) -> None:
    folder = tmp_path / "w sp'q"
    work = plan_sample(tmp_path, work=folder)
    with pytest.raises(UsageError) as raised:
        run_build(work, 1)
    command = raised.value.message.rpartition("; run ")[2]
    expected = ["botcoin-dpo", "stage", "scan", "1", f"--work={folder}"]
    assert shlex.split(command) == expected


def test_tasks_of_another_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_sample(tmp_path)
    monkeypatch.setattr("botcoin_dpo.stages.work.__version__", "9.9.9")
    with pytest.raises(InputError, match=r"run all tasks with the same version"):
        open_work(tmp_path / "work")


def test_publishing_has_the_gates_of_a_build(tmp_path: Path) -> None:
    work = plan_sample(tmp_path)
    scan_all(work)
    build_all(work)
    write_all(work)
    words = ("stage", "publish", "--work", str(tmp_path / "work"))
    refused = run(*words, "--min-pairs", "1000", "--quiet")
    assert refused.returncode == 1
    assert "--min-pairs" in refused.stderr
    assert not (tmp_path / "out").exists()
    done = run(*words, "--json")
    assert (done.returncode, json.loads(done.stdout)["published"]) == (0, True)
    with pytest.raises(OutputError, match="holds a previous build"):
        run_publish(work, BuildGates())
    run_publish(work, BuildGates(), overwrite=True)


def test_scripts_learn_how_many_tasks_there_are(tmp_path: Path) -> None:
    work = str(tmp_path / "work")
    words = ["stage", "plan", str(SAMPLE), "--out", str(tmp_path / "out"), "--work", work]
    told = json.loads(run(*words, "--task-mb", "0.4", "--json").stdout)
    plan = open_work(tmp_path / "work").plan
    assert told == {"files": 8, "scans": plan.scans, "builds": plan.builds}
    scanned = json.loads(run("stage", "scan", "1", "--work", work, "--json").stdout)
    timing = scanned.pop("timing")
    assert scanned == {"stage": "scan", "task": 1, "tasks": plan.scans, "was_done": False}
    assert timing["bytes"] > 0
    again = run("stage", "scan", "1", "--work", work)
    assert again.stdout == f"scan 1 of {plan.scans}: was done before\n"


@pytest.mark.parametrize("is_remote", [False, True])
def test_logs_work_and_output_may_lie_in_a_bucket(
    tmp_path: Path, bucket: str, one: dict[str, bytes], is_remote: bool
) -> None:
    for path in SAMPLE.iterdir():
        store_of(bucket).put(RemotePath(bucket, f"logs/{path.name}"), path)
    out = f"{bucket}/out" if is_remote else str(tmp_path / "out")
    work = plan_work(f"{bucket}/logs", out, f"{bucket}/work", task_mb=TASK_MB)
    with pytest.raises(UsageError, match=f"scan 1: has not run, nor have .* --work={bucket}/work"):
        run_build(work, 1)
    run_all(open_work(f"{bucket}/work"))
    assert run_scan(work, 1).was_done
    if is_remote:
        current = read_current(RemotePath(bucket, "out"))
        assert current is not None
        assert {*read_versions(current.folder)} == {path.name for path in SAMPLE.iterdir()}
        for found in store_of(bucket).list(current.folder):
            copy = tmp_path / "out" / str(found).removeprefix(f"{current.folder}/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy_file(found, copy)
    assert all_bytes(tmp_path / "out") == one


_SBATCH = f"""#!{sys.executable}
import os, re, subprocess, sys

options = dict(word.lstrip("-").split("=", 1) for word in sys.argv if "=" in word[:14])
command = sys.argv[sys.argv.index("--wrap") + 1]
first, last = map(int, options.get("array", "1-1").split("-"))
needed = options.get("dependency", "afterok:0").removeprefix("afterok:")
assert os.path.exists(f"job-{{needed}}") or needed == "0"
number = 1 + sum(name.startswith("job-") for name in os.listdir("."))
for task in range(first, last + 1):
    environment = os.environ | {{"SLURM_ARRAY_TASK_ID": str(task)}}
    subprocess.run(["sh", "-c", command], env=environment, check=True, stdout=sys.stderr)
    open(f"job-{{number}}", "w").close()
print(number)
"""
"""Runs each job at once, and makes sure that the one it depends on is done."""


def test_the_scripts_for_slurm_build_the_same(tmp_path: Path, one: dict[str, bytes]) -> None:
    page = (ROOT / "docs/guides/job-arrays.md").read_text(encoding="utf-8")
    scripts = [code for language, code in BLOCK.findall(page) if "sbatch" in code]
    for name, script in zip(("build.sh", "finish.sh"), scripts, strict=True):
        (tmp_path / name).write_text(script)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "sbatch").write_text(_SBATCH)
    (programs / "botcoin-dpo").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m botcoin_dpo "$@"\n'
    )
    for program in programs.iterdir():
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run(
        ["bash", "build.sh", str(SAMPLE), "out", "work"],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert all_bytes(tmp_path / "out") == one
