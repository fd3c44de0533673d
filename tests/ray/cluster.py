"""A Ray cluster on the loopback address: a head without processors, and nodes that share no folder.

Each node runs in a mount and a process namespace of its own, where the system allows it, as if it
were a machine: it has empty folders where the others have theirs, and all of it ends at once.
"""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.builders import ROOT

_NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
_HIDE = 'while [ "$1" != -- ]; do mount -t tmpfs tmpfs "$1" || exit; shift; done; shift; exec "$@"'
_SETTINGS = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # as there: the loopback address and no other
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_enable_worker_prestart": "0",
    "RAY_max_direct_call_object_size": "1024",  # results lie on nodes, and are lost with them
    "RAY_health_check_period_ms": "1000",  # a lost node is missed after some seconds
    "RAY_health_check_timeout_ms": "2000",
    "RAY_health_check_failure_threshold": "2",
}


class Cluster:
    """A head, and nodes with a processor each."""

    def __init__(self, folder: Path, hidden: Iterable[Path]) -> None:
        """Start the head.

        Args:
            folder: where nodes keep their files; a short path, as sockets lie in it.
            hidden: folders in which a node sees only what it wrote itself.
        """
        self.settings = _SETTINGS | {"RAY_AUTH_TOKEN": secrets.token_hex(16)}
        """What the environment of whoever connects must have."""
        self._folder, self._hidden = folder, [folder, *hidden]
        self.address = f"127.0.0.1:{_free_port()}"
        """Where the head listens."""
        self._processes: dict[str, subprocess.Popen[str]] = {}
        self._start("head", (), "--head")

    @property
    def nodes(self) -> list[str]:
        """The ids of all nodes but the head."""
        return list(self._processes)[1:]

    @property
    def is_isolated(self) -> bool:
        """Whether nodes share no folder."""
        return bool(_namespaces())

    def add_node(self) -> str:
        """Start a node, and return its id."""
        hide = ("sh", "-c", _HIDE, "sh", *map(str, self._hidden), "--")
        alone = (*_namespaces(), *hide) if self.is_isolated else ()
        return self._start(f"node{len(self._processes)}", alone)

    def kill_node(self, node: str) -> None:
        """End a node with all that runs on it: at once, if it runs alone."""
        process = self._processes.pop(node)
        if self.is_isolated:
            process.kill()  # a namespace ends with its first process
        process.communicate()

    def stop(self) -> None:
        """End all of it."""
        for node in self.nodes:
            self.kill_node(node)
        for head in self._processes.values():
            head.communicate()

    def _start(self, name: str, alone: Iterable[str], *arguments: str) -> str:
        """Start a node, and return its id once it is there."""
        command = [sys.executable, "-m", "tests.ray.node", self.address]
        with (self._folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [*alone, *command, str(self._folder / name), *arguments],
                cwd=ROOT,
                env=os.environ | self.settings | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert process.stdout is not None
        node = process.stdout.readline().strip()
        assert node, (self._folder / f"{name}.log").read_text()
        self._processes[node] = process
        return node


@contextmanager
def running_cluster(*hidden: Path, nodes: int = 2) -> Iterator[Cluster]:
    """Run a cluster meanwhile, whose nodes have folders of their own in place of some."""
    with TemporaryDirectory(prefix="ray-") as folder:
        cluster = Cluster(Path(folder), hidden)
        try:
            for _ in range(nodes):
                cluster.add_node()
            yield cluster
        finally:
            cluster.stop()


@cache
def _namespaces() -> tuple[str, ...]:
    """Return the command that runs another one as on a machine of its own, () if none can."""
    for command in (_NAMESPACES, (*_NAMESPACES, "--map-root-user")):
        tried = subprocess.run(
            [*command, "mount", "-t", "tmpfs", "tmpfs", "/tmp"], capture_output=True, check=False
        )
        if tried.returncode == 0:
            return command
    return ()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
