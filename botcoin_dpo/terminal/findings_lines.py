"""A validation's result in plain lines, for pipes and logs; nothing is drawn."""

from collections.abc import Iterator

from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.validation.findings import Finding
from botcoin_dpo.validation.near_duplicates import how_to_compare
from botcoin_dpo.validation.validate import ValidationResult


def findings_lines(result: ValidationResult) -> Iterator[str]:
    """Yield a line for each finding, `FILE:LINE: POINTER: rule: message`, and one for the whole."""
    for finding in result.findings:
        pointer = finding.pointer or "/"
        yield sanitize_line(f"{place_of(finding)}: {pointer}: {finding.rule}: {finding.message}")
    yield verdict_on(result)


def place_of(finding: Finding) -> str:
    """Return where something is wrong."""
    return finding.file if finding.line is None else f"{finding.file}:{finding.line}"


def verdict_on(result: ValidationResult) -> str:
    """Return what was checked and found, as one line."""
    checked = f"rows {result.rows:,}, files {result.files:,}"
    unchecked = "" if result.near_duplicates is not None else f"; {how_to_compare()}"
    if result.is_valid:
        return f"valid: {checked}, nothing found{unchecked}"
    total = result.counts.total()
    hidden = total - len(result.findings)
    more = f", {hidden:,} of them not listed (--max-errors)" if hidden else ""
    return f"not valid: {checked}, findings {total:,}{more}{unchecked}"
