"""The command line: one module for each command, which reads options and renders results."""

import io
import os
import sys

from botcoin_dpo import interrupts


def main() -> None:
    """Run the program, whatever state its standard streams are in."""
    interrupts.begin()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115, PTH123 - until we end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale may not have our characters
    from botcoin_dpo.cli.terminal_size import tame_sizes

    tame_sizes()
    from botcoin_dpo.cli.app import run

    run()
