"""Ways to run many jobs: here, in processes of this machine, or on whatever else can run functions.

A job is a function of what it is given. What it is given and what it returns can be pickled, and
large results lie in files that a result names. So an engine knows nothing of the jobs that it runs,
and a job nothing of the engine.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

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

    def put(self, value: Any) -> Any:
        """Return a handle of a value that many jobs take: it is moved once, not with each job."""
        ...

    def submit(self, function: Callable[..., Result], *arguments: Any) -> Any:
        """Start a job, and return a handle of its result.

        Args:
            function: a function of a module, or something else that can be pickled.
            arguments: what it takes; handles from `put` are replaced by their values.
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

    def release(self) -> None:
        """End what still runs, and let go of all values: no result is wanted any more."""
        ...


def run_jobs(
    engine: Engine,
    function: Callable[..., Result],
    jobs: Iterable[Job],
    counter: ProgressCounter,
    *shared: Any,
) -> Iterator[Result]:
    """Yield `function(job, *shared)` for each job, in the order of the jobs.

    Only a few jobs are ahead of the results, so that nothing piles up.

    Args:
        engine: runs the jobs.
        function: what to run.
        jobs: what to run it on.
        counter: reports what jobs count with `advance`.
        shared: further arguments, the same for all jobs.
    """
    waiting = deque(jobs)
    pending: deque[Any] = deque()
    try:
        values = [engine.put(value) for value in shared]
        while waiting or pending:
            while waiting and len(pending) < engine.workers * _AHEAD:
                pending.append(engine.submit(function, waiting.popleft(), *values))
            yield engine.get(pending.popleft(), counter.add)
            counter.report()
    finally:
        engine.release()
