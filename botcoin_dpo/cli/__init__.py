"""The command line: one module for each subcommand, options in, exit code out, no logic."""

from botcoin_dpo.cli.app import main

__all__ = ["main"]
