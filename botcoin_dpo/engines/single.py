"""One process, one job after the other."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from botcoin_dpo.engines.blobs import BinPlan, Bins
from botcoin_dpo.engines.file_bins import fill_files, merge_files
from botcoin_dpo.engines.progress import listening
from botcoin_dpo.engines.resources import available_memory


class _Call(NamedTuple):
    """A job that runs once its result is asked for."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class SingleProcess:
    """Runs each job here, when its result is asked for."""

    workers = 1
    sees_files = True

    @property
    def memory(self) -> int:
        """Bytes of memory that jobs may take."""
        return available_memory()

    def put(self, value: Any) -> Any:
        """Return the value itself."""
        return value

    def submit(
        self, function: Callable[..., Any], *arguments: Any, bins: BinPlan | None = None
    ) -> _Call:
        """Note a job."""
        if bins is not None:
            return _Call(fill_files, (bins.scratch, function, *arguments))
        return _Call(function, arguments)

    def get(self, handle: _Call, advance: Callable[[int], None]) -> Any:
        """Run a job and return its result."""
        with listening(advance):
            return handle.function(*handle.arguments)

    def merge(self, bins: Sequence[Bins], plan: BinPlan) -> Bins:
        """Merge the files of several jobs."""
        return merge_files(bins, plan)

    def release(self) -> None:
        """Do nothing: no job runs unless its result is wanted."""
