"""The command that most people want next, after a build, an audit or an export."""

from pathlib import Path
from typing import TYPE_CHECKING

from botcoin_dpo.cli.streams import suggest
from botcoin_dpo.terminal.shell_words import shell_word

if TYPE_CHECKING:
    from botcoin_dpo.auditing.result import AuditResult
    from botcoin_dpo.building.result import BuildResult
    from botcoin_dpo.exporting.result import ExportResult


def suggest_after_build(result: "BuildResult") -> None:
    """Suggest looking at what was built."""
    if result.out is not None and result.funnel.rows:
        folder = shell_word(result.out, "BUILD")
        suggest(f"botcoin-dpo show {folder} (one by one), botcoin-dpo report {folder} (as a page)")


def suggest_after_audit(path: str, result: "AuditResult") -> None:
    """Suggest a build of logs, or an export of a build, without what is contradicted."""
    word = shell_word(path, "PATH")
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
