"""A command that has commands: the program, and `stage`."""

from typing import Any

import typer
from typer.core import TyperGroup

from botcoin_dpo.cli.failures import USAGE_CODE


class CommandGroup(TyperGroup):
    """Shows its help where nothing else is asked for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show the help, or go on."""
        if not args and not ctx.resilient_parsing:  # as when a shell asks for completions
            typer.echo(ctx.get_help())
            raise typer.Exit(USAGE_CODE)
        return super().parse_args(ctx, args)
