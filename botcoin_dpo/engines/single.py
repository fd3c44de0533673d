"""One process, one job after the other."""

from collections.abc import Callable, Iterable, Iterator

from botcoin_dpo.engines import Job, Result
from botcoin_dpo.engines.progress import Meter


class SingleProcess:
    """Runs everything here and now."""

    workers = 1

    def run(
        self, function: Callable[[Job], Result], jobs: Iterable[Job], meter: Meter
    ) -> Iterator[Result]:
        """Yield the results in the order of the jobs."""
        for job in jobs:
            yield function(job)
            meter.tell()
