"""A Ray cluster, whose nodes need not share a folder.

Ray runs a job again that was lost with its worker, and makes again what was lost with a node. That
gives the same bytes, as jobs depend on nothing but what they are given.
"""

import socket
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

from botcoin_dpo.engines.blobs import BinPlan, Bins, Filled
from botcoin_dpo.engines.progress import listening
from botcoin_dpo.engines.ray_bins import (
    ClusterSink,
    RayBins,
    filled_bins,
    merge_bins,
    object_count,
)
from botcoin_dpo.engines.ray_connection import connect
from botcoin_dpo.engines.ray_errors import lost, not_importable
from botcoin_dpo.errors import UserError
from botcoin_dpo.interrupts import held_back
from botcoin_dpo.version import __version__

_LOOK_SECONDS = 0.1
"""How often signals are handled while a result is waited for."""

_LONGEST_NAME = 200


class _Call(NamedTuple):
    """A job that was submitted."""

    name: str
    outcome: Any
    """What stands for what it counted, its result, and the sizes of lone bins."""
    objects: Sequence[Any] = ()
    """What stands for its bins."""
    bins: BinPlan | None = None


class _Outcome(NamedTuple):
    counted: int
    result: Any
    sizes: Sequence[int] = ()


class RayEngine:
    """Runs jobs on the processors of a cluster, one on each."""

    sees_files = False

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        """Connect to a cluster, unless this process is connected to one.

        Args:
            address: `HOST:PORT` of the head; `auto` for the cluster that `RAY_ADDRESS` names, or
                that runs on this machine, which is the default; `local` for a new one, which has
                this machine alone and ends with the engine.
            workers: how many jobs run at once; as many as the cluster has processors if not given.

        Raises:
            UsageError: Ray is not installed, or the address is none.
            UserError: the cluster cannot be reached, or runs other versions of Ray or Python.
        """
        self._connection = connect(address, workers)
        self._ray = self._connection.ray
        self.workers = workers or self._connection.cpus()
        self._pending: set[Any] = set()
        self._functions: dict[Callable[..., Any], Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @property
    def memory(self) -> int:
        """Bytes of memory that jobs may take, all together."""
        return self._connection.memory()

    def put(self, value: Any) -> Any:
        """Hand a value to the cluster."""
        return self._ray.put(value)

    def submit(
        self, function: Callable[..., Any], *arguments: Any, bins: BinPlan | None = None
    ) -> _Call:
        """Queue a job."""
        name = _name(function, arguments[0])
        if bins is None:
            (outcome,) = self._start(1, name, _run, __version__, function, *arguments)
            call = _Call(name, outcome)
        else:
            returns = 1 + object_count(bins)
            started = self._start(returns, name, _fill, __version__, bins, function, *arguments)
            call = _Call(name, started[0], started[1:], bins)
        self._pending.add(call.outcome)
        return call

    def get(self, handle: _Call, advance: Callable[[int], None]) -> Any:
        """Return a result as soon as it is there.

        Raises:
            UserError: the job was lost too often, or a node has other versions.
        """
        done: list[Any] = []
        while not done:
            with held_back():
                done, _ = self._ray.wait([handle.outcome], timeout=_LOOK_SECONDS)
            advance(0)
        self._pending.discard(handle.outcome)
        outcome = self._outcome_of(handle)
        advance(outcome.counted)
        if handle.bins is None:
            return outcome.result
        return Filled(outcome.result, filled_bins(handle.objects, outcome.sizes, handle.bins))

    def merge(self, bins: Sequence[Bins], plan: BinPlan) -> Bins:
        """Let jobs merge bins; nobody waits for them here."""
        given = [each for each in bins if isinstance(each, RayBins)]
        assert len(given) == len(bins)  # standard input is not read
        return merge_bins(given, self._start)

    def release(self) -> None:
        """End what still runs."""
        for outcome in self._pending:
            self._ray.cancel(outcome, force=True)
        self._pending.clear()

    def _start(
        self, returns: int, name: str, function: Callable[..., Any], *arguments: Any
    ) -> list[Any]:
        """Queue a job, and return what stands for each of its results; see `Start`."""
        if function not in self._functions:
            self._functions[function] = self._ray.remote(function)
        configured = self._functions[function].options(num_returns=returns, name=name)
        started = configured.remote(*arguments)
        return [started] if returns == 1 else started

    def _outcome_of(self, call: _Call) -> _Outcome:
        errors = self._ray.exceptions
        try:
            return _Outcome(*self._ray.get(call.outcome))
        except errors.RayTaskError as error:
            cause = error.cause
            if isinstance(cause, UserError):
                raise cause from None
            if "failed to import on the worker" in str(cause):
                raise not_importable(cause) from error
            cause.add_note(f"It was raised by {call.name}, on a node of the cluster.")
            raise cause from error
        except errors.RayError as error:
            raise lost(call.name, error) from error


def _name(function: Callable[..., Any], job: Any) -> str:
    """Return what messages call a job."""
    words = ", ".join(map(str, job)) if isinstance(job, list) else str(job)
    return f"{function.__name__}({words[:_LONGEST_NAME]})"


def _run(version: str, function: Callable[..., Any], *arguments: Any) -> _Outcome:
    """Run a job on a node."""
    if version != __version__:
        raise UserError(
            f"{socket.gethostname()}: has botcoin-dpo {__version__}, not {version}; "
            "install the same version on all nodes"
        )
    counted = 0

    def count(amount: int) -> None:
        nonlocal counted
        counted += amount

    with listening(count):
        result = function(*arguments)
    return _Outcome(counted, result)


def _fill(
    version: str, bins: BinPlan, function: Callable[..., Any], *arguments: Any
) -> tuple[Any, ...]:
    """Run a job with a sink on a node."""
    sink = ClusterSink()
    outcome = _run(version, function, *arguments, sink)
    return outcome._replace(sizes=sink.sizes(bins)), *sink.objects(bins)
