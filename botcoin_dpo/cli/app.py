"""The program: its subcommands, and the one place where errors become exit codes.

Exit codes (schemas/README.md, "Exit codes"): 0 done, 1 the data is not valid, 2 usage or an input
or output that cannot be used, 130 interrupted, 143 terminated.
"""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from botcoin_dpo import interrupts
from botcoin_dpo.cli import (
    audit,
    build,
    export,
    report,
    show,
    simulate,
    stage,
    stats,
    validate,
)
from botcoin_dpo.cli.command_group import CommandGroup
from botcoin_dpo.cli.failures import (
    USAGE_CODE,
    Failure,
    failure_of,
    stop_of,
    usage_failure,
)
from botcoin_dpo.cli.streams import (
    begin_output,
    show_python_warnings,
    write_error,
    write_failure,
)
from botcoin_dpo.errors import UserError
from botcoin_dpo.version import __version__

_WrongUsage: Any = typer.BadParameter.__base__
"""What Typer raises for wrong usage; of this family, `BadParameter` alone is public."""


class _ErrorsToExitCodes(CommandGroup):
    """Turns what the user must fix, and signals, into one line on stderr and an exit code."""

    def main(self, args: Any = None, *others: Any, **options: Any) -> Any:
        """Run the program and exit; what is wrong with its usage is one line as well."""
        begin_output()
        words = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(words, *others, **options | {"standalone_mode": False})
        except _WrongUsage as error:
            _report(usage_failure(error, str(self.name), self.commands, words), words)
            sys.exit(USAGE_CODE)
        sys.exit(code)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the words of the command line."""
        ctx.obj = args.copy()
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a subcommand."""
        try:
            with interrupts.careful():
                return super().invoke(ctx)
        except UserError as error:
            failure = failure_of(error)
        except interrupts.Stopped as stopped:
            failure = stop_of(stopped.number)
        # Here nothing holds the exception any more, nor the workers that its frames may hold.
        _report(failure, ctx.obj)
        raise typer.Exit(failure.exit_code)


def _report(failure: Failure, words: Sequence[str]) -> None:
    """Say on stderr what went wrong, and on stdout as well where that is to be one JSON object."""
    write_error(failure.line)
    if "--json" in words:
        write_failure(failure.as_json())


app = typer.Typer(
    name="botcoin-dpo",
    cls=_ErrorsToExitCodes,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("build", epilog=build.EXAMPLE)(build.command)
app.command("validate", epilog=validate.EXAMPLE)(validate.command)
app.command("stats", epilog=stats.EXAMPLE)(stats.command)
app.command("audit", epilog=audit.EXAMPLE)(audit.command)
app.command("show", epilog=show.EXAMPLE)(show.command)
app.command("report", epilog=report.EXAMPLE)(report.command)
app.command("export", epilog=export.EXAMPLE)(export.command)
app.command("simulate", epilog=simulate.EXAMPLE)(simulate.command)
app.add_typer(stage.app, name="stage")


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from botcoin_dpo.logs.compiled_scanner import SCANNER

        typer.echo(f"botcoin-dpo {__version__}\nscanner: {SCANNER}")
        raise typer.Exit


@app.callback(epilog="Example:  botcoin-dpo build sample_data/logs --out out")
def program(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            help="Print the version and which scanner is in use, and exit.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Turn raw agent logs into checked DPO preference pairs."""


def run() -> None:
    """Run the program."""
    show_python_warnings()
    app(prog_name="botcoin-dpo")
