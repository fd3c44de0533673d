"""A Ray cluster, whose nodes need not share a folder.

Ray runs a job again that was lost with its worker, and what had been made on a node that was lost.
That makes the same bytes again, as jobs depend on nothing but what they are given.
"""

import socket
from collections.abc import Callable
from typing import Any, NamedTuple, Self

from botcoin_dpo.engines.progress import listening
from botcoin_dpo.engines.ray_connection import connect
from botcoin_dpo.errors import UserError
from botcoin_dpo.interrupts import held_back
from botcoin_dpo.version import __version__

_LOOK_SECONDS = 0.1
"""How often signals are handled while a result is waited for."""


class _Call(NamedTuple):
    """A job that was submitted."""

    name: str
    outcome: Any


class RayEngine:
    """Runs jobs on the processors of a cluster, one on each."""

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
        self._run = self._ray.remote(_run)
        self._pending: set[Any] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def put(self, value: Any) -> Any:
        """Hand a value to the cluster."""
        return self._ray.put(value)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> _Call:
        """Queue a job."""
        name = f"{function.__name__}({arguments[0]})"
        outcome = self._run.options(name=name).remote(__version__, function, *arguments)
        self._pending.add(outcome)
        return _Call(name, outcome)

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
        counted, result = self._value_of(handle)
        advance(counted)
        return result

    def release(self) -> None:
        """End what still runs."""
        for outcome in self._pending:
            self._ray.cancel(outcome, force=True)
        self._pending.clear()

    def _value_of(self, handle: _Call) -> Any:
        errors = self._ray.exceptions
        try:
            return self._ray.get(handle.outcome)
        except errors.RayTaskError as error:
            cause = error.cause
            if isinstance(cause, UserError):
                raise cause from None
            cause.add_note(f"It ran on a node of the cluster: {handle.name}")
            raise cause from error
        except errors.RayError as error:
            raise UserError(f"{handle.name}: {error}") from error


def _run(version: str, function: Callable[..., Any], *arguments: Any) -> tuple[int, Any]:
    """Run a job on a node, and return what it counted and its result."""
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
    return counted, result
