"""One process, one job after the other."""

from collections.abc import Callable, Iterable, Iterator

from botcoin_dpo.engines import Job, Result


class SingleProcess:
    """Runs everything here and now."""

    def run(self, function: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
        """Yield the results in the order of the jobs."""
        return map(function, jobs)
