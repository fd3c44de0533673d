"""A validation's result in the terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.report.tables import make_table
from botcoin_dpo.validation.findings import RULES
from botcoin_dpo.validation.validate import ValidationResult


def findings_view(result: ValidationResult) -> Iterator[RenderableType]:
    """Yield what to print after a validation."""
    checked = f"{result.rows:,} rows in {result.files:,} files"
    if result.is_valid:
        yield Text(f"valid: {checked}, nothing found")
        return
    listed = [
        (
            finding.file if finding.line is None else f"{finding.file}:{finding.line}",
            finding.pointer or "/",
            finding.rule,
            finding.message,
        )
        for finding in result.findings
    ]
    if listed:
        yield make_table("Findings", ("where", "pointer", "rule", "message"), listed, words=4)
    counts = [(rule, RULES[rule], count) for rule, count in result.counts.most_common()]
    yield make_table("By rule", ("rule", "meaning", "findings"), counts, words=2)
    total = result.counts.total()
    hidden = total - len(result.findings)
    more = f", {hidden:,} of them not listed (--max-errors)" if hidden else ""
    yield Text(f"not valid: {checked}, {total:,} findings{more}")
