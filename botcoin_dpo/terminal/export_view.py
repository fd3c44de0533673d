"""What an export wrote, in the terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.contract.pair_types import EXCLUDED
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.contract.splits import SPLITS
from botcoin_dpo.terminal.tables import make_table

if TYPE_CHECKING:
    from botcoin_dpo.exporting.result import ExportResult


def export_view(result: "ExportResult") -> Iterator[RenderableType]:
    """Yield what to print after an export."""
    rows = [
        (
            each.config.name,
            *(each.rows(split) for split in SPLITS),
            each.dropped.total(),
            each.lengths.max_length(1.0) if each.lengths else None,
        )
        for each in result.configs
    ]
    title = "Exported" if result.out is not None else "Not published"
    yield make_table(title, ("config", *SPLITS, "dropped", "max_length"), rows)
    dropped: list[tuple[str, str, int]] = [
        (each.config.name, reason, count)
        for each in (*result.configs, *result.left_out)
        for reason, count in sorted(each.dropped.items())
    ]
    dropped += [
        ("every config", reason if reason == EXCLUDED else f"condition: {reason}", count)
        for reason, count in sorted(result.rows_dropped.items())
    ]
    if dropped:
        yield make_table("Dropped", ("config", "reason", "examples"), dropped, words=2)
    if result.left_out:
        names = ", ".join(each.config.name for each in result.left_out)
        yield Text(f"left out, without a row: {names}")
    if any(each.lengths for each in result.configs):
        how = (
            f"counted with {sanitize_line(result.tokenizer)}"
            if result.tokenizer
            else "estimated at 3 bytes a token; count them with --tokenizer"
        )
        yield Text(f"max_length, in tokens, keeps every row of a config; {how}")
    if result.out is not None:
        yield Text(f"wrote {sanitize_line(str(result.out))}")
