"""A validation's result in the terminal."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.terminal.findings_lines import place_of, verdict_on
from botcoin_dpo.terminal.tables import make_table
from botcoin_dpo.validation.findings import RULES
from botcoin_dpo.validation.validate import ValidationResult


def findings_view(result: ValidationResult) -> Iterator[RenderableType]:
    """Yield what to print after a validation."""
    if result.is_valid:
        yield Text(verdict_on(result))
        return
    listed = [
        (
            place_of(finding),
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
    yield Text(verdict_on(result))
