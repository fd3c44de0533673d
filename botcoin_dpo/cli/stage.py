"""`botcoin-dpo stage`: the steps of a build, one by one, as tasks of a job array."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from botcoin_dpo.cli import stage_tasks
from botcoin_dpo.cli.command_group import CommandGroup
from botcoin_dpo.cli.options import AsJson, Quiet
from botcoin_dpo.cli.stage_tasks import EXAMPLES
from botcoin_dpo.cli.streams import write_json, write_lines
from botcoin_dpo.errors import UsageError, count_of

EXAMPLE = "Example:  botcoin-dpo stage clean --older-than 24h s3://my-bucket/out"

app = typer.Typer(
    cls=CommandGroup,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Steps of a build, one by one, as tasks of a job array.",
)

_AGE = re.compile(r"([0-9]{1,6})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


app.command("plan", epilog=EXAMPLES["plan"])(stage_tasks.plan)
app.command("scan", epilog=EXAMPLES["scan"])(stage_tasks.scan)
app.command("build", epilog=EXAMPLES["build"])(stage_tasks.build)
app.command("plan-shards", epilog=EXAMPLES["plan-shards"])(stage_tasks.plan_shards)
app.command("shard", epilog=EXAMPLES["shard"])(stage_tasks.shard)
app.command("publish", epilog=EXAMPLES["publish"])(stage_tasks.publish)


@app.command(epilog=EXAMPLE)
def clean(
    out: Annotated[
        str,
        typer.Argument(help="Folder that builds were published in, by URL.", metavar="OUT"),
    ],
    older_than: Annotated[
        str,
        typer.Option(
            help="Remove only what was last written so long ago: 24h, 90m, 7d. Choose more "
            "than any build takes.",
            metavar="AGE",
        ),
    ] = "24h",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Remove builds that are not published: replaced ones, and what dead runs left."""
    from botcoin_dpo.files.local_paths import output_place
    from botcoin_dpo.files.remote_path import RemotePath
    from botcoin_dpo.files.remote_staging import remove_leftovers

    place = output_place(out, "OUT")
    if not isinstance(place, RemotePath):
        raise UsageError(f"{out}: is a local folder, which a build cleans itself; name a URL")
    removed = remove_leftovers(place, _age(older_than), dry_run=dry_run)
    if as_json:
        write_json(removed.as_json() | {"removed": removed.folders > 0 and not dry_run})
    elif not quiet:
        what = f"{count_of(removed.folders, 'folder')}, {count_of(removed.files, 'file')}"
        verb = "would remove" if dry_run else "removed"
        write_lines([f"{verb} {what}, {removed.size / 10**6:,.1f} MB"])


def _age(text: str) -> timedelta:
    match = _AGE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"--older-than {text}: must be a number with m, h or d, such as 24h")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
