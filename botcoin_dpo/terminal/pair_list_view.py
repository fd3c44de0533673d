"""A list of pairs in the terminal, one line for each, as wide as the console is."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from botcoin_dpo.contract.pair_ids import LENGTH
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.viewing.humanize import duration
from botcoin_dpo.viewing.show import PairList

_NARROW = 80
_TYPE_FROM = 100
"""Columns from which there is room for the pair type."""

_ID_FROM = 120
"""Columns from which there is room for the pair's id."""


@dataclass(frozen=True, slots=True)
class PairListView:
    """A list of pairs, to be printed as wide as the console is."""

    pairs: PairList

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield what to print."""
        pairs, listed = self.pairs, self.pairs.listed
        yield Text(f"{pairs.count:,} of {pairs.total:,} pairs", style="bold")
        yield self._table(options.max_width)
        if pairs.count > len(listed):
            yield Text(f"the first {len(listed):,}; see --limit")
        if listed:
            first = f"botcoin-dpo show {sanitize_line(pairs.build)} {listed[0].number}"
            yield Text(f"{first} shows a pair", style="dim")

    def _table(self, width: int) -> Table:
        has_type, has_id = width >= _TYPE_FROM, width >= _ID_FROM
        spare = max(0, width - _NARROW - (14 if has_type else 0) - (17 if has_id else 0))
        texts = {"id": LENGTH} if has_id else {}
        texts |= {"challenge": 10, "domain": 9 + spare // 4, "model": 11 + spare // 4}
        texts |= {"type": 13} if has_type else {}
        texts["repaired"] = 12 + spare // 2
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
        table.add_column("pair", justify="right", no_wrap=True)
        for column, most in texts.items():
            table.add_column(column, no_wrap=True, overflow="ellipsis", max_width=most)
        for column in ("gain", "time", "alike"):
            table.add_column(column, justify="right", no_wrap=True)
        for number, facts in self.pairs.listed:
            time, alike = facts.revision_time_ms, facts.similarity
            table.add_row(
                str(number),
                *([facts.pair_id] if has_id else []),
                *map(_text, (facts.challenge_id[:10], facts.domain, facts.model)),
                *([facts.pair_type] if has_type else []),
                facts.repaired.replace(" ", ", ") or "-",
                f"{facts.gain:+d}",
                "-" if time is None else duration(time),
                "-" if alike is None else f"{alike:.0%}",
            )
        return table


def _text(name: str | None) -> Text:
    return Text("-" if name is None else sanitize_line(name[:200]))
