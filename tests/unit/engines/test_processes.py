"""Workers: in order, few ahead, and none left whatever ends the work."""

import itertools
import multiprocessing
import multiprocessing.heap
import os
import signal
import struct
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import InputError, UserError
from botcoin_dpo.engines import Engine, processes, run_jobs
from botcoin_dpo.engines.processes import Processes, make_engine
from botcoin_dpo.engines.progress import ProgressCounter, advance
from botcoin_dpo.engines.single import SingleProcess


def nothing() -> ProgressCounter:
    return ProgressCounter(None, "working", 0)


def square(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return number * number


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_jobs(workers: int) -> None:
    engine: Engine = make_engine(workers)
    for count in (0, 1, 2, 20):
        expected = [number * number for number in range(count)]
        assert list(run_jobs(engine, square, range(count), nothing())) == expected
    assert multiprocessing.active_children() == []


def mark(number: int, folder: Path) -> int:
    (folder / str(number)).touch()
    return number


def test_few_jobs_are_ahead_of_the_results(tmp_path: Path) -> None:
    results = run_jobs(Processes(2), mark, range(50), nothing(), tmp_path)
    for done, _ in zip(range(10), results, strict=False):
        time.sleep(0.01)
        assert len(list(tmp_path.iterdir())) <= done + 1 + 2 * 2
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def sleep_long(number: int) -> int:
    time.sleep(600)
    return number


def interrupt(*progress: object) -> None:
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("trouble", ["too many", "interrupted", "interrupted while forking"])
def test_workers_are_ended_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    fork, forked = os.fork, itertools.count()

    def fork_some() -> int:
        number = next(forked)
        if number == 5 and trouble == "too many":
            raise OSError(24, "Too many open files")
        process = fork()
        if process and number == 5 and trouble == "interrupted while forking":
            signal.raise_signal(signal.SIGINT)
            held_back.append(signal.SIGINT in signal.sigpending())
        return process

    held_back: list[bool] = []
    monkeypatch.setattr(os, "fork", fork_some)
    meter = ProgressCounter(interrupt, "working", 0) if trouble == "interrupted" else nothing()
    results = run_jobs(Processes(8), sleep_long, range(8), meter)
    if trouble == "too many":
        with pytest.raises(UserError, match="cannot start 8 worker processes: too many open files"):
            next(results)
    else:
        with pytest.raises(KeyboardInterrupt):
            next(results)
    assert held_back == ([True] if trouble == "interrupted while forking" else [])
    assert multiprocessing.active_children() == []


def test_workers_that_find_no_room_for_their_counts_are_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(multiprocessing.heap, "Arena", refuse)
    monkeypatch.setattr(multiprocessing.heap.BufferWrapper, "_heap", multiprocessing.heap.Heap())
    with pytest.raises(UserError, match="cannot start 2 worker processes: no space left on device"):
        next(run_jobs(Processes(2), sleep_long, range(2), nothing()))


def test_a_signal_to_a_worker_that_just_came_to_be_is_as_good_as_any_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fork = os.fork

    def fork_and_interrupt() -> int:
        process = fork()
        if not process:
            signal.raise_signal(signal.SIGINT)
        return process

    monkeypatch.setattr(os, "fork", fork_and_interrupt)
    assert list(run_jobs(Processes(2), square, range(4), nothing())) == [0, 1, 4, 9]


def signals_of_a_worker(number: int) -> tuple[bool, bool, bool]:
    return (
        not signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
        signal.getsignal(signal.SIGTERM) is signal.SIG_DFL,
    )


def test_nothing_is_held_back_in_a_worker_or_afterwards() -> None:
    results = run_jobs(Processes(2), signals_of_a_worker, range(4), nothing())
    for found in results:
        assert found == (True, True, True)
        assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_no_handler_runs_while_locks_of_the_pool_may_be_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, bool] = {}

    def watch(owner: Any, name: str) -> None:
        called = getattr(owner, name)

        def watched(*arguments: Any, **options: Any) -> Any:
            held_back = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
            seen[name] = seen.get(name, True) and held_back
            return called(*arguments, **options)

        monkeypatch.setattr(owner, name, watched)

    watch(processes, "wait")
    for name in ("__init__", "submit", "shutdown"):
        watch(ProcessPoolExecutor, name)
    watch(Future, "result")
    assert list(run_jobs(Processes(2), square, range(4), nothing())) == [0, 1, 4, 9]
    assert seen == dict.fromkeys(["__init__", "submit", "wait", "result", "shutdown"], True)


def start_a_result(number: int, folder: Path, is_killed: bool) -> None:
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    if number == 1:
        frame.f_locals["result_queue"]._writer._send(struct.pack("!i", 10**6))
        (folder / "started").touch()
        if is_killed:
            os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(600)


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_worker_that_ends_in_the_middle_of_a_result_is_not_waited_for(
    tmp_path: Path, is_killed: bool
) -> None:
    def interrupt_then(*progress: object) -> None:
        if not is_killed and (tmp_path / "started").exists():
            signal.raise_signal(signal.SIGINT)

    counter = ProgressCounter(interrupt_then, "working", 0)
    results = run_jobs(Processes(2), start_a_result, range(4), counter, tmp_path, is_killed)
    with pytest.raises(UserError if is_killed else KeyboardInterrupt):
        next(results)
    assert multiprocessing.active_children() == []


def fail(number: int) -> int:
    if number == 3:
        raise InputError("a.jsonl: is gone; find it")
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_job_refuses_is_refused_here(workers: int) -> None:
    results = run_jobs(make_engine(workers), fail, range(9), nothing())
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(InputError, match=r"a\.jsonl: is gone; find it"):
        next(results)


def die(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_is_killed_is_one_line() -> None:
    with pytest.raises(UserError, match="a worker process was killed, most likely for lack of"):
        list(run_jobs(Processes(2), die, range(4), nothing()))


def count(amount: int) -> int:
    advance(amount)
    return amount


@pytest.mark.parametrize("engine", [SingleProcess(), Processes(2), Processes(2, "forkserver")])
def test_what_all_processes_count_is_reported(engine: Engine) -> None:
    told: list[tuple[str, int, int]] = []
    counter = ProgressCounter(lambda *progress: told.append(progress), "counting", 30)
    for _ in range(2):  # an engine is used for one stage after the other
        assert sum(run_jobs(engine, count, [5, 7, 8, 10], counter)) == 30
    assert told[-1] == ("counting", 60, 60)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    advance(1)
    assert told[-1] == ("counting", 60, 60)  # nobody listens


def scaled(number: int, factor: int, other: list[int]) -> int:
    return number * factor + len(other)


@pytest.mark.parametrize("engine", [SingleProcess(), Processes(2), Processes(2, "forkserver")])
def test_jobs_share_values(engine: Engine) -> None:
    for size in (0, 1, 9):
        found = run_jobs(engine, scaled, range(size), nothing(), 10, [1, 2])
        assert list(found) == [number * 10 + 2 for number in range(size)]
    assert multiprocessing.active_children() == []


SLOW = """
import os, sys, time
from pathlib import Path
from botcoin_dpo.engines.processes import Processes
from botcoin_dpo.engines import run_jobs
from botcoin_dpo.engines.progress import ProgressCounter

def slow(number):
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(0.5)

list(run_jobs(Processes(2), slow, range(1000), ProgressCounter(None, "", 0)))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_parent(tmp_path: Path, number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(tmp_path)], stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
        workers = [int(path.name) for path in tmp_path.iterdir()]
        parent.send_signal(number)
        parent.wait(timeout=20)
        wait_until(lambda: not any(map(is_running, workers)))
    finally:
        parent.kill()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(holds: "object") -> None:
    assert callable(holds)
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
