"""A validation's result in the terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.terminal.tables import make_table
from botcoin_dpo.validation.findings import RULES, Finding
from botcoin_dpo.validation.near_duplicates import how_to_compare
from botcoin_dpo.validation.validate import ValidationResult


def findings_lines(result: ValidationResult) -> Iterator[str]:
    """Yield a line for each finding, `FILE:LINE: POINTER: rule: message`, and one for the whole."""
    for finding in result.findings:
        pointer = finding.pointer or "/"
        yield sanitize_line(f"{_where(finding)}: {pointer}: {finding.rule}: {finding.message}")
    yield _verdict(result)


def findings_view(result: ValidationResult) -> Iterator[RenderableType]:
    """Yield what to print after a validation."""
    if result.is_valid:
        yield Text(_verdict(result))
        return
    listed = [
        (
            _where(finding),
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
    yield Text(_verdict(result))


def _where(finding: Finding) -> str:
    return finding.file if finding.line is None else f"{finding.file}:{finding.line}"


def _verdict(result: ValidationResult) -> str:
    checked = f"rows {result.rows:,}, files {result.files:,}"
    unchecked = "" if result.near_duplicates is not None else f"; {how_to_compare()}"
    if result.is_valid:
        return f"valid: {checked}, nothing found{unchecked}"
    total = result.counts.total()
    hidden = total - len(result.findings)
    more = f", {hidden:,} of them not listed (--max-errors)" if hidden else ""
    return f"not valid: {checked}, findings {total:,}{more}{unchecked}"
