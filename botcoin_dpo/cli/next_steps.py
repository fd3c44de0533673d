"""The command that most people want next, after a build, an audit or an export."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from botcoin_dpo.cli.streams import suggest
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.files.remote_path import shown_url

if TYPE_CHECKING:
    from botcoin_dpo.auditing.result import AuditResult
    from botcoin_dpo.building.build import BuildResult
    from botcoin_dpo.exporting.result import ExportResult
    from botcoin_dpo.files.remote_path import RemotePath


def suggest_after_build(result: "BuildResult") -> None:
    """Suggest looking at what was built."""
    if result.out is not None and result.funnel.rows:
        folder = _word(result.out, "BUILD")
        suggest(f"botcoin-dpo show {folder} (one by one), botcoin-dpo report {folder} (as a page)")


def suggest_after_audit(path: str, result: "AuditResult") -> None:
    """Suggest a build of logs, or an export of a build, without what is contradicted."""
    word = _word(path, "PATH")
    if not result.pairs:
        suggest(f"botcoin-dpo build {word} --drop-if contradicted")
    elif result.count("contradicted"):
        suggest(f"botcoin-dpo export {word} --drop-if contradicted (of a build with --audit)")
    else:
        suggest(f"botcoin-dpo export {word}")


def suggest_after_export(result: "ExportResult") -> None:
    """Suggest uploading."""
    if isinstance(result.out, Path):
        from botcoin_dpo.exporting.upload import upload_command

        suggest(upload_command(result.out))


def _word(path: "str | Path | RemotePath", stand_in: str) -> str:
    """Return a path as a shell takes it, or what stands for one that cannot be pasted."""
    name = shown_url(str(path))
    if sanitize_line(name) != name or not name.isprintable():
        return stand_in
    return shlex.quote(f"./{name}" if name.startswith("-") and name != "-" else name)
