"""The connection of this process to a Ray cluster: there may be only one."""

import os
import re
import signal
import socket
import threading
from typing import Any, NamedTuple

from botcoin_dpo.engines.ray_errors import not_connected
from botcoin_dpo.errors import UsageError, UserError, reason_of
from botcoin_dpo.extras import how_to_install

_CONNECT_SECONDS = 10
_HOST_AND_PORT = re.compile(r"\[?([\w.:-]+?)\]?:(\d+)", re.ASCII)


class Connection(NamedTuple):
    """A cluster that this process is connected to."""

    ray: Any
    """The module."""
    address: str | None
    is_own: bool
    """Whether it was made here, so that it is ended here."""

    def cpus(self) -> int:
        """Return how many processors the cluster has.

        Raises:
            UserError: none.
        """
        cpus = int(self.ray.cluster_resources().get("CPU", 0))
        if not cpus:
            raise UserError(
                f"--address {self.address}: the cluster has no processors; start a node, or say "
                "with --workers how many it will have"
            )
        return cpus

    def memory(self) -> int:
        """Return how many bytes of memory the cluster has for jobs."""
        return int(self.ray.cluster_resources().get("memory", 0))

    def close(self) -> None:
        """Disconnect, and end a cluster that was started here."""
        if self.is_own:
            self.ray.shutdown()


def connect(address: str | None, workers: int | None) -> Connection:
    """Return the connection that this process has, or connect it.

    Args:
        address: see `RayEngine`.
        workers: the processors of a cluster that is started here.

    Raises:
        UsageError: Ray is not installed, or the address is none.
        UserError: the cluster cannot be reached, or runs other versions.
    """
    try:
        import ray
    except ImportError as error:
        raise UsageError(f"--engine ray: needs Ray; {how_to_install('ray')}") from error
    if ray.is_initialized():
        return Connection(ray, ray.get_runtime_context().gcs_address, False)
    address = address or "auto"
    if address == "auto":
        address = os.environ.get("RAY_ADDRESS") or address
    settings: dict[str, Any] = {}
    if address == "local":
        settings = {"num_cpus": workers, "include_dashboard": False}
    elif address != "auto":
        _require_answer(address)
    before = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(address, log_to_driver=False, logging_level="error", **settings)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise not_connected(address, error) from error
    finally:  # Ray puts one in its place that ends the process at once
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)
    return Connection(ray, address, True)


def _require_answer(address: str) -> None:
    """Make sure that something listens where a cluster should; Ray tries for minutes."""
    parts = _HOST_AND_PORT.fullmatch(address)
    if parts is None:
        raise UsageError(f"--address {address}: no such address; give auto, local or HOST:PORT")
    try:
        socket.create_connection((parts[1], int(parts[2])), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise UserError(
            f"--address {address}: no cluster answers: {reason}; start it with ray start --head"
        ) from error
