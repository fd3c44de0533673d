"""Several processes on this machine, forked from this one, so that they start with all it has.

A worker that loses its parent ends itself, and an interrupt is the parent's to handle. Results come
in the order of the jobs, and only a few jobs are ahead of them, so that nothing piles up.

Signals are held back while workers are forked, where Python would ignore what a handler raises,
and while the pool's locks may be held, where an exception would leave them locked.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, connection, get_context, parent_process
from typing import Any

from botcoin_dpo.engines import Engine, Job, Result
from botcoin_dpo.engines.progress import Meter
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.errors import UserError, reason_of
from botcoin_dpo.interrupts import handled_signals, held_back

_AHEAD = 2
"""Jobs in the making for each worker."""

_LOOK_SECONDS = 0.1
"""How often progress is read, and signals are handled, while a result is waited for."""

_function: Callable[[Any], Any] | None = None
"""In a worker: what it runs."""


def make_engine(workers: int) -> Engine:
    """Return what runs so many jobs at once."""
    return SingleProcess() if workers == 1 else Processes(workers)


class Processes:
    """Runs jobs in worker processes."""

    def __init__(self, workers: int) -> None:
        """Take how many."""
        self.workers = workers

    def run(
        self, function: Callable[[Job], Result], jobs: Iterable[Job], meter: Meter
    ) -> Iterator[Result]:
        """Yield the results in the order of the jobs; workers live as long as this runs.

        Raises:
            UserError: a worker was killed.
        """
        waiting = deque(jobs)
        if len(waiting) < 2:  # nothing to share
            yield from SingleProcess().run(function, waiting, meter)
            return
        workers = min(self.workers, len(waiting))
        pending: deque[Future[Result]] = deque()
        others = set(active_children())
        pool: ProcessPoolExecutor | None = None
        try:
            with held_back() as mask:
                pool = ProcessPoolExecutor(
                    workers, get_context("fork"), initializer=_start, initargs=(function, mask)
                )
            pending.append(_submit(pool, waiting.popleft(), workers))
            sentinels = [worker.sentinel for worker in set(active_children()) - others]
            while pending:
                while waiting and len(pending) < workers * _AHEAD:
                    pending.append(_submit(pool, waiting.popleft(), workers))
                yield _wait(pending.popleft(), sentinels, meter)
                meter.tell()
        except BaseException as error:
            # Workers hold nothing that is worth waiting for, whatever it was that went wrong.
            with held_back():
                for worker in set(active_children()) - others:
                    worker.kill()
                    worker.join()
                if pool is not None:
                    _end_results(pool)
            if isinstance(error, BrokenProcessPool):
                raise UserError(
                    "a worker process was killed, most likely for lack of memory; "
                    "use fewer --workers or a smaller --memory-mb"
                ) from error
            raise
        finally:
            if pool is not None:
                with held_back():
                    pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, job: Job, workers: int) -> "Future[Any]":
    """Hand a job to the workers; the first starts them all.

    Raises:
        UserError: they cannot be started.
    """
    try:
        with held_back(handled_signals()):
            return pool.submit(_run, job)
    except OSError as error:
        raise UserError(
            f"cannot start {workers} worker processes: {reason_of(error)}; use fewer --workers"
        ) from error


def _wait(future: "Future[Result]", sentinels: Sequence[int], meter: Meter) -> Result:
    """Return a result, as soon as it is there.

    Raises:
        BrokenProcessPool: a worker has ended, of which the pool may not learn.
    """
    while True:
        with held_back():
            if wait([future], _LOOK_SECONDS).done:
                return future.result()
        if connection.wait(sentinels, timeout=0):
            raise BrokenProcessPool
        meter.tell()


def _end_results(pool: ProcessPoolExecutor) -> None:
    """Let the pool see the end of its results, once no worker writes any.

    A worker that is killed while it writes a result leaves a part of one. The pool would wait for
    the rest for ever, as its own process, too, could still write it.
    """
    results = getattr(pool, "_result_queue", None)
    if results is not None:
        results._writer.close()


def _start(function: Callable[[Any], Any], mask: set[int]) -> None:
    """Make a forked process a worker, in which signals are held back until now."""
    global _function
    _function = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _run(job: Any) -> Any:
    assert _function is not None
    return _function(job)
