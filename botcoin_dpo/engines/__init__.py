"""Ways to run what carries a build, scanning a file and building a partition, over many of them.

Both take a job and write to what they were given with it: references, rows, entries set aside. An
engine that runs them elsewhere gives each worker its own of these, and puts them together in order.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class Engine(Protocol):
    """Runs a function over jobs; nothing else in the code knows how."""

    def run(self, function: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
        """Yield the results in the order of the jobs."""
        ...
