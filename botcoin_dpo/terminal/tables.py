"""Tables for the terminal: plain, narrow enough for 80 columns, and sanitized."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from botcoin_dpo.contract.sanitize import sanitize_line

_NAME = 32
_WORD = 12
"""Columns of the terminal to which names, in the first column, and other texts may be folded."""

_BETWEEN = 2
"""Columns of the terminal between two of a table."""

_NOTHING = frozenset({"0", "0.0%", "-", ""})
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


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table that breaks no number: it leaves columns out where there is no room for them."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Text]]
    words: int

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield the table as wide as the console allows, and what it leaves out."""
        kept = self._kept(options.max_width)
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_header=any(self.columns))
        for position in kept:
            is_word = position < self.words
            table.add_column(
                self.columns[position],
                justify="left" if is_word else "right",
                overflow="fold",
                no_wrap=not is_word,
            )
        for row in self.rows:
            table.add_row(*(row[position] for position in kept))
        yield table
        if len(kept) < len(self.columns):
            left_out = [each for each in range(len(self.columns)) if each not in kept]
            empty = [self.columns[each] for each in left_out if self._is_empty(each)]
            others = [self.columns[each] for each in left_out if not self._is_empty(each)]
            told = [f"columns left out, all 0: {', '.join(empty)}"] if empty else []
            told += [f"too narrow for: {', '.join(others)}"] if others else []
            yield Text("; ".join(told), style="dim")

    def _kept(self, width: int) -> list[int]:
        """Return the columns that there is room for; first those go that hold nothing but 0."""
        kept = list(range(len(self.columns)))
        numbers = kept[: self.words - 1 : -1] if self.words else kept[::-1]
        for position in sorted(numbers, key=lambda each: not self._is_empty(each)):
            if sum(map(self._least, kept)) + _BETWEEN * len(kept) + 1 <= width:
                break
            kept.remove(position)
        return kept

    def _least(self, position: int) -> int:
        """Return the columns of the terminal that a column of the table needs at least."""
        texts = [row[position].cell_len for row in self.rows]
        header = cell_len(self.columns[position])
        whole = max([header, *texts])
        if position >= self.words:
            return whole
        return max(header, min(whole, _WORD if position else _NAME))

    def _is_empty(self, position: int) -> bool:
        return all(row[position].plain in _NOTHING for row in self.rows)


def make_table(
    title: str, columns: Sequence[str], rows: Iterable[Iterable[object]], *, words: int = 1
) -> Group:
    """Return a table whose first `words` columns are text and whose others are numbers."""
    cells = [[cell(value) for value in row] for row in rows]
    return Group(Text(title, style="bold"), WholeTable(columns, cells, words))


def spark_line(counts: list[int]) -> str:
    """Return a bar chart of one line."""
    most = max(counts, default=0)
    if not most:
        return ""
    return "".join(
        " " if not count else _BARS[(count * (len(_BARS) - 1) + most - 1) // most]
        for count in counts
    )
