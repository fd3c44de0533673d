"""Tables for the terminal: plain, narrow enough for 80 columns, and sanitized."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, JustifyMethod
from rich.table import Table
from rich.text import Text

from botcoin_dpo.contract.sanitize import sanitize_line

_BARS = "▁▂▃▄▅▆▇█"


def cell(value: object) -> Text:
    """Return a cell: numbers with thousands separators, all else as sanitized text."""
    if value is None:
        return Text("-", style="dim")
    if isinstance(value, bool):
        return Text(str(value).lower())
    if isinstance(value, int | float):
        return Text(f"{value:,}")
    return Text(sanitize_line(str(value)))


def make_table(
    title: str, columns: Sequence[str], rows: Iterable[Iterable[object]], *, words: int = 1
) -> Group:
    """Return a table whose first `words` columns are text and whose others are numbers."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_header=any(columns))
    for position, column in enumerate(columns):
        justify: JustifyMethod = "left" if position < words else "right"
        table.add_column(column, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*map(cell, row))
    return Group(Text(title, style="bold"), table)


def spark_line(counts: list[int]) -> str:
    """Return a bar chart of one line."""
    most = max(counts, default=0)
    if not most:
        return ""
    return "".join(
        " " if not count else _BARS[(count * (len(_BARS) - 1) + most - 1) // most]
        for count in counts
    )
