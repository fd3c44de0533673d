"""Ways to run what carries a build, scanning a segment and building a partition, over many of them.

Both take a job, leave what is large in files of their own (references, entries set aside, rows) and
return what is small. So an engine needs to know nothing of either, and neither of it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from botcoin_dpo.engines.progress import Meter

Job = TypeVar("Job")
Result = TypeVar("Result")


class Engine(Protocol):
    """Runs a function over jobs; nothing else in the code knows how."""

    @property
    def workers(self) -> int:
        """How many jobs run at once."""
        ...

    def run(
        self, function: Callable[[Job], Result], jobs: Iterable[Job], meter: Meter
    ) -> Iterator[Result]:
        """Yield the results in the order of the jobs.

        Args:
            function: what to run; what it needs besides the job it must hold.
            jobs: what to run it on; few are taken ahead of the results.
            meter: what `function` tells its progress to; it is read here.
        """
        ...
