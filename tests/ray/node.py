"""Runs one node of a Ray cluster on the loopback address, until its standard input ends.

`ray start` would bind it to an address that other machines reach.
"""

import argparse
import sys
from collections.abc import Sequence

from ray._private.node import Node
from ray._private.parameter import RayParams

_STORE_BYTES = 80 * 2**20


def main(arguments: Sequence[str]) -> None:
    """Start the node, print its id, and wait."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address", help="where the head listens")
    parser.add_argument("folder", help="for sockets, logs and spilled objects")
    parser.add_argument("--head", action="store_true", help="this is the head")
    given = parser.parse_args(arguments)
    host, port = given.address.split(":")
    node = Node(
        RayParams(
            gcs_server_port=int(port) if given.head else None,
            gcs_address=None if given.head else given.address,
            node_ip_address=host,
            num_cpus=0 if given.head else 1,
            num_gpus=0,
            object_store_memory=_STORE_BYTES,
            include_dashboard=False,
            include_log_monitor=False,
            temp_dir=given.folder,
            min_worker_port=0,
            max_worker_port=0,
            dashboard_agent_listen_port=0,
        ),
        head=given.head,
        shutdown_at_exit=True,
        spawn_reaper=True,
    )
    sys.stdout.write(f"{node.node_id}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
