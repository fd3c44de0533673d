"""Several processes of this machine.

By default they are forked from this one, so that they start with all it has. A worker that loses
its parent ends itself, and an interrupt is the parent's to handle.

Signals are held back while workers are started, where Python would ignore what a handler raises,
and while the pool's locks may be held, where an exception would leave them locked.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, connection, get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Any, Literal, NamedTuple

from botcoin_dpo.engines import Engine
from botcoin_dpo.engines.blobs import BinPlan, Bins
from botcoin_dpo.engines.file_bins import fill_files, merge_files
from botcoin_dpo.engines.progress import listen, listening
from botcoin_dpo.engines.resources import available_memory
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.errors import UserError, reason_of
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.interrupts import handled_signals, held_back

StartMethod = Literal["fork", "forkserver"]

_LOOK_SECONDS = 0.1
"""How often progress is read, and signals are handled, while a result is waited for."""

_SLOTS = 512
"""Processes that can count beside each other. Two that share a slot may lose a count."""

_values: Sequence[Any] = ()
"""In a worker: the values that jobs share."""


class _Shared(NamedTuple):
    """Stands for a value that workers have from their start."""

    number: int


class _Call:
    """A job, and what will be its result once it was handed to the pool."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.function, self.arguments = function, arguments
        self.future: Future[Any] | None = None


def make_engine(workers: int, places: Iterable[object] = ()) -> Engine:
    """Return an engine with this many workers.

    Args:
        workers: how many.
        places: what is read and written. Where one is remote, this process has threads of the
            library that reads it, and forked workers would wait for them for ever.
    """
    if workers == 1:
        return SingleProcess()
    is_remote = any(isinstance(place, RemotePath) for place in places)
    return Processes(workers, "forkserver" if is_remote else "fork")


class Processes:
    """Runs jobs in worker processes, which live until they are released."""

    sees_files = True

    def __init__(self, workers: int, start: StartMethod = "fork") -> None:
        """Plan for some workers; they start with the first job whose result is asked for.

        Args:
            workers: how many.
            start: how. Forked workers need not load anything again; a fork server is safe where
                this process has threads.
        """
        self.workers = workers
        self._context = get_context(start)
        self._shared: list[Any] = []
        self._waiting: list[_Call] = []
        self._pending: set[Future[Any]] = set()
        self._pool: ProcessPoolExecutor | None = None
        self._others: set[BaseProcess] = set()
        self._workers: set[BaseProcess] = set()
        self._counts: Any = None
        self._counted = 0
        self._has_failed = False

    @property
    def memory(self) -> int:
        """Bytes of memory that jobs may take, all together."""
        return available_memory()

    def put(self, value: Any) -> _Shared:
        """Keep a value for the workers that are yet to start."""
        assert self._pool is None  # they would not have it
        self._shared.append(value)
        return _Shared(len(self._shared) - 1)

    def submit(
        self, function: Callable[..., Any], *arguments: Any, bins: BinPlan | None = None
    ) -> _Call:
        """Note a job, and hand it to the workers if they have started.

        Raises:
            UserError: they cannot be started.
        """
        if bins is not None:
            function, arguments = fill_files, (bins.scratch, function, *arguments)
        call = _Call(function, arguments)
        self._waiting.append(call)
        if self._pool is not None:
            self._hand_over(self._pool)
        return call

    def get(self, handle: _Call, advance: Callable[[int], None]) -> Any:
        """Return a result as soon as it is there.

        Raises:
            UserError: a worker was killed, or the workers cannot be started.
        """
        if self._pool is None and self._waiting == [handle]:  # there is nothing to share
            self._waiting.clear()
            with listening(advance):
                return handle.function(*map(self._value, handle.arguments))
        try:
            if self._pool is None:
                self._start()
            assert handle.future is not None  # it was handed to the pool
            result = self._wait(handle.future, advance)
            self._report(advance)
            return result
        except BrokenProcessPool as error:
            self._has_failed = True
            raise UserError(
                "a worker process was killed, most likely for lack of memory; "
                "use fewer --workers or a smaller --memory-mb"
            ) from error
        except BaseException:
            self._has_failed = True
            raise

    def merge(self, bins: Sequence[Bins], plan: BinPlan) -> Bins:
        """Merge the files of several jobs, in this process."""
        return merge_files(bins, plan)

    def release(self) -> None:
        """End the workers; they hold nothing that is worth waiting for."""
        pool, self._pool = self._pool, None
        if pool is not None:
            with held_back():
                if self._has_failed or not all(future.done() for future in self._pending):
                    self._see_workers()
                    for worker in self._workers:
                        worker.kill()
                        worker.join()
                    _end_results(pool)
                pool.shutdown(cancel_futures=True)
        self._has_failed = False
        self._pending.clear()
        self._workers.clear()
        self._waiting.clear()
        self._shared.clear()

    def _value(self, argument: Any) -> Any:
        return self._shared[argument.number] if isinstance(argument, _Shared) else argument

    def _start(self) -> None:
        """Make the pool and hand over what waits; the first job starts the workers."""
        workers = min(self.workers, len(self._waiting))
        self._others = set(active_children())
        with held_back() as mask, _starting(workers):
            self._counts, self._counted = self._context.RawArray("q", _SLOTS), 0  # lies in a file
            self._pool = ProcessPoolExecutor(
                workers,
                self._context,
                initializer=_start,
                initargs=(tuple(self._shared), self._counts, mask),
            )
        self._hand_over(self._pool)

    def _hand_over(self, pool: ProcessPoolExecutor) -> None:
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            with _starting(min(self.workers, len(waiting))), held_back(handled_signals()):
                call.future = pool.submit(_run, call.function, call.arguments)
            self._pending.add(call.future)
        self._see_workers()

    def _wait(self, future: "Future[Any]", advance: Callable[[int], None]) -> Any:
        """Return a result, as soon as it is there.

        Raises:
            BrokenProcessPool: a worker has ended, of which the pool may not learn.
        """
        while True:
            with held_back():
                if wait([future], _LOOK_SECONDS).done:
                    self._pending.discard(future)
                    return future.result()
            if connection.wait([worker.sentinel for worker in self._workers], timeout=0):
                raise BrokenProcessPool
            self._report(advance)

    def _report(self, advance: Callable[[int], None]) -> None:
        counted = sum(self._counts)
        advance(counted - self._counted)
        self._counted = counted

    def _see_workers(self) -> None:
        """Remember the workers: those that end are listed no more, but must be noticed."""
        self._workers |= set(active_children()) - self._others


@contextmanager
def _starting(workers: int) -> Iterator[None]:
    """Raise a UserError where the system refuses what so many workers need."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"cannot start {workers} worker processes: {reason_of(error)}; use fewer --workers"
        ) from error


def _end_results(pool: ProcessPoolExecutor) -> None:
    """Let the pool see the end of its results, once no worker writes any.

    A worker that is killed while it writes a result leaves a part of one. The pool would wait for
    the rest for ever, as its own process, too, could still write it.
    """
    results = getattr(pool, "_result_queue", None)
    if results is not None:
        results._writer.close()


def _start(values: Sequence[Any], counts: Any, mask: set[int]) -> None:
    """Make a new process a worker, in which signals are held back until now."""
    global _values
    _values = values
    slot = os.getpid() % _SLOTS

    def count(amount: int) -> None:
        counts[slot] += amount

    listen(count)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _run(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    return function(
        *(_values[each.number] if isinstance(each, _Shared) else each for each in arguments)
    )
