"""Ways to run many jobs: here, in processes of this machine, or on whatever else can run functions.

A job is a function of what it is given. What it is given and what it returns can be pickled, and is
small; large results go to bins (`engines/blobs.py`). So an engine knows nothing of the jobs that it
runs, and a job nothing of the engine.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol, TypeVar

from botcoin_dpo.engines.blobs import BinPlan, Bins
from botcoin_dpo.engines.progress import ProgressCounter

Result = TypeVar("Result")
Job = TypeVar("Job")

_AHEAD = 2
"""Jobs that are submitted ahead of the results, for each worker."""


class Engine(Protocol):
    """Runs functions; nothing else in the code knows where.

    A handle stands for a value or a result. What it is, is the engine's own affair.
    """

    @property
    def workers(self) -> int:
        """How many jobs run at once."""
        ...

    @property
    def memory(self) -> int:
        """Bytes of memory that jobs may take, all together."""
        ...

    @property
    def sees_files(self) -> bool:
        """Whether jobs see the files of this machine."""
        ...

    def put(self, value: Any) -> Any:
        """Return a handle of a value that many jobs take: it is moved once, not with each job."""
        ...

    def submit(
        self, function: Callable[..., Any], *arguments: Any, bins: BinPlan | None = None
    ) -> Any:
        """Start a job, and return a handle of its result.

        Args:
            function: a function of a module, or something else that can be pickled.
            arguments: what it takes; handles from `put` are replaced by their values.
            bins: what it may fill. It takes a `Sink` as well, as its last argument, and its result
                will be `Filled`. A job that is run again starts with empty bins.
        """
        ...

    def get(self, handle: Any, advance: Callable[[int], None]) -> Any:
        """Wait for the result of a job, and return it or raise what the job raised.

        Args:
            handle: what `submit` returned.
            advance: called now and then with what the jobs counted since the last call; it may
                raise an exception to end the work.

        Raises:
            UserError: the job was lost with the worker that ran it.
        """
        ...

    def merge(self, bins: Sequence[Bins], plan: BinPlan) -> Bins:
        """Return what several jobs put into their bins as one, in the order of the jobs.

        Nobody reads the given ones any more. Where bins take no memory of this process, they may
        stay as they are: as `JoinedBins`.

        Args:
            bins: of jobs of this engine, or of `SingleProcess`.
            plan: by which they were filled.
        """
        ...

    def release(self) -> None:
        """End what still runs, and let go of all values: no result is wanted any more.

        Bins that jobs filled stay.
        """
        ...


def run_jobs(
    engine: Engine,
    function: Callable[..., Result],
    jobs: Iterable[Job],
    counter: ProgressCounter,
    *shared: Any,
    bins: BinPlan | None = None,
) -> Iterator[Any]:
    """Yield `function(job, *shared)` for each job, in the order of the jobs.

    Only a few jobs are ahead of the results, so that nothing piles up.

    Args:
        engine: runs the jobs.
        function: what to run.
        jobs: what to run it on.
        counter: reports what jobs count with `advance`.
        shared: further arguments, the same for all jobs.
        bins: what each job may fill; if given, results are `Filled`.
    """
    waiting = iter(jobs)
    pending: deque[Any] = deque()
    try:
        values = [engine.put(value) for value in shared]
        while True:
            for job in islice(waiting, engine.workers * _AHEAD - len(pending)):
                pending.append(engine.submit(function, job, *values, bins=bins))
            if not pending:
                return
            yield engine.get(pending.popleft(), counter.add)
            counter.report()
    finally:
        engine.release()
