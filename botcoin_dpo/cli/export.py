"""`botcoin-dpo export`."""

from typing import Annotated, cast

import typer

from botcoin_dpo.cli.completion import configs as config_names
from botcoin_dpo.cli.completion import licenses, table_formats, text_styles
from botcoin_dpo.cli.next_steps import suggest_after_export
from botcoin_dpo.cli.options import (
    AsJson,
    DropIf,
    Exclude,
    KeepIf,
    ProgressMode,
    Quiet,
    Verbose,
    each_of,
)
from botcoin_dpo.cli.progress import show_progress
from botcoin_dpo.cli.streams import (
    write_error,
    write_json,
    write_result,
)

EXAMPLE = "Example:  botcoin-dpo export out -o hub --tokenizer Qwen/Qwen3-8B"


def command(
    build: Annotated[
        str, typer.Argument(help="A built folder, also by URL.", metavar="BUILD")
    ] = "out",
    out: Annotated[
        str,
        typer.Option("--out", "-o", help="Folder for the export, also by URL.", metavar="FOLDER"),
    ] = "hub",
    configs: Annotated[
        list[str] | None,
        typer.Option(
            "--config",
            help="Config to export, such as dpo_chat_sequential. Repeatable, also as a comma "
            "list.  [default: all that the build allows]",
            show_default=False,
            metavar="NAME",
            autocompletion=config_names,
        ),
    ] = None,
    table_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="File format: parquet or jsonl.",
            metavar="FORMAT",
            autocompletion=table_formats,
        ),
    ] = "parquet",
    text: Annotated[
        str,
        typer.Option(
            help="clean (without the coordinator's annotations in traces) or canonical (as in the "
            "rows).",
            metavar="STYLE",
            autocompletion=text_styles,
        ),
    ] = "clean",
    license_name: Annotated[
        str,
        typer.Option(
            "--license",
            help="License for the card, as the Hub spells it.",
            metavar="ID",
            autocompletion=licenses,
        ),
    ] = "other",
    name: Annotated[
        str, typer.Option(help="Name of the dataset on the card.", metavar="TEXT")
    ] = "BOTCOIN preference pairs",
    anonymize_miners: Annotated[
        str | None,
        typer.Option(
            help="Replace miner ids by digests keyed with this file's content.",
            show_default=False,
            metavar="KEYFILE",
        ),
    ] = None,
    tokenizer: Annotated[
        str | None,
        typer.Option(
            help="Tokenizer that counts tokens, by name on the Hub or folder.  [default: an "
            "estimate]",
            show_default=False,
            metavar="NAME",
        ),
    ] = None,
    thinking: Annotated[
        str,
        typer.Option(
            help="How messages carry the trace: inline (between think tags), or in a field, "
            "reasoning_content or thinking.",
            metavar="STYLE",
        ),
    ] = "inline",
    strict_template: Annotated[
        bool,
        typer.Option(
            "--strict-template",
            help="Publish nothing (exit 1) if the tokenizer's chat template loses, repeats or "
            "misplaces a trace.",
        ),
    ] = False,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            help="Drop examples with more tokens.", min=1, show_default=False, metavar="N"
        ),
    ] = None,
    drop_if: DropIf = None,
    keep_if: KeepIf = None,
    exclude: Exclude = None,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty",
            help="Leave out configs that lose all their rows, instead of failing.",
        ),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the previous export.")
    ] = False,
    progress_mode: ProgressMode = "auto",
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Export a build for the Hugging Face Hub and TRL."""
    from botcoin_dpo.exporting.exporter import export
    from botcoin_dpo.exporting.tables import TableFormat
    from botcoin_dpo.exporting.texts import TextStyle
    from botcoin_dpo.exporting.thinking import ThinkingStyle

    with show_progress(progress_mode, is_wanted=not (quiet or as_json)) as clock:
        result = export(
            build,
            out,
            configs=each_of(configs),
            format=cast(TableFormat, table_format),
            text=cast(TextStyle, text),
            license=license_name,
            name=name,
            anonymize_miners=anonymize_miners,
            tokenizer=tokenizer,
            thinking=cast(ThinkingStyle, thinking),
            strict_template=strict_template,
            max_tokens=max_tokens,
            drop_if=each_of(drop_if),
            keep_if=each_of(keep_if),
            exclude=exclude,
            allow_empty=allow_empty,
            overwrite=overwrite,
            progress=clock,
        )
    if as_json:
        write_json(result.as_json() | clock.as_json())
    elif not quiet:
        from botcoin_dpo.terminal.export_view import export_view

        write_result(*export_view(result))
    if not quiet:
        for warning in result.warnings:
            write_error(f"warning: {warning}")
    for refusal in result.refusals:
        write_error(f"error: {refusal.message}")
    clock.say(quiet=quiet or as_json, verbose=verbose)
    if not (quiet or as_json):
        suggest_after_export(result)
    if result.is_refused:
        raise typer.Exit(1)
