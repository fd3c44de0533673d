"""Where the jobs of a command run: in processes of this machine, or on a cluster."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Annotated

import typer

from botcoin_dpo.cli.completion import engines
from botcoin_dpo.engines.names import ENGINE_NAMES
from botcoin_dpo.errors import UsageError, choice_of

if TYPE_CHECKING:
    from botcoin_dpo.engines import Engine

EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        help="Where the work runs: processes (of this machine) or ray (a cluster).",
        metavar="ENGINE",
        autocompletion=engines,
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        help="The Ray cluster: HOST:PORT of its head, auto (the one that RAY_ADDRESS names, or "
        "that runs here) or local (a new one, of this machine).  [default: auto]",
        show_default=False,
        metavar="ADDRESS",
    ),
]


@contextmanager
def open_engine(
    name: str, address: str | None, workers: int | None
) -> Iterator[tuple["Engine | None", int]]:
    """Yield what runs jobs, None for processes of this machine, and how many it runs at once.

    Args:
        name: of the engine.
        address: of a cluster.
        workers: how many, if that is given.

    Raises:
        UsageError: there is no such engine, or it has no address.
        UserError: the cluster cannot be reached.
    """
    choice_of("--engine", name, ENGINE_NAMES)
    if name == "processes":
        from botcoin_dpo.engines.resources import usable_cpus

        if address is not None:
            raise UsageError(f"--address {address}: only --engine ray has one")
        yield None, workers or usable_cpus()
        return
    from botcoin_dpo.engines.ray import RayEngine

    # Ray prints on stdout when nodes are lost; only results belong there.
    with RayEngine(address, workers) as engine, redirect_stdout(sys.stderr):
        yield engine, engine.workers
