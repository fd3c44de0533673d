"""A list of pairs in the terminal, one line for each, as wide as the console is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.pair_ids import LENGTH
from botcoin_dpo.contract.sanitize import sanitize_line
from botcoin_dpo.terminal.shell_words import shell_word
from botcoin_dpo.viewing.humanize import duration
from botcoin_dpo.viewing.pair_facts import PairFacts
from botcoin_dpo.viewing.reasons import short_reason
from botcoin_dpo.viewing.show import PairList

_CHALLENGE_FROM = 80
"""Columns from which there is room for the challenge and the similarity."""

_TYPE_FROM = 100
"""Columns from which there is room for the pair type."""

_ID_FROM = 120
"""Columns from which there is room for the pair's id."""

_RULES_FROM = 140
"""Columns from which there is room for the names of rules."""


class _Column(NamedTuple):
    """A column of the table."""

    name: str
    from_width: int | None
    """Columns from which there is room for it; None for numbers, which are never cut."""
    most: int
    """Its largest width."""
    cell: Callable[[PairFacts], str | Text]
    share: int = 0
    """It gets one part of so many of what is left; 0 if it does not grow."""


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
            first = f"botcoin-dpo show {shell_word(pairs.build, 'BUILD')} {listed[0].number}"
            yield Text(f"to see a pair: {first}", style="dim", no_wrap=True, overflow="ignore")

    def _table(self, width: int) -> Table:
        columns = self._columns(width)
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
        for column in columns:
            if column.from_width is None:
                table.add_column(
                    column.name, justify="right", no_wrap=True, min_width=len(column.name)
                )
            else:
                table.add_column(
                    column.name, no_wrap=True, overflow="ellipsis", max_width=column.most
                )
        for number, facts in self.pairs.listed:
            table.add_row(str(number), *(column.cell(facts) for column in columns[1:]))
        return table

    def _columns(self, width: int) -> list[_Column]:
        """Return the columns for which there is room."""
        has_flags = any(facts.flags for _, facts in self.pairs.listed)
        names_rules, is_narrow = has_flags and width >= _RULES_FROM, width < _CHALLENGE_FROM
        columns = [
            _Column("pair", None, 4, lambda facts: ""),
            _Column("id", _ID_FROM, LENGTH, lambda facts: facts.pair_id),
            _Column("challenge", _CHALLENGE_FROM, 10, lambda facts: _text(facts.challenge_id[:10])),
            _Column("domain", 0, 7 if is_narrow else 9, lambda facts: _text(facts.domain), 5),
            _Column("model", 0, 8 if is_narrow else 11, lambda facts: _text(facts.model), 5),
            _Column("type", _TYPE_FROM, 13, lambda facts: facts.pair_type),
            _Column("repaired", 0, 11 if is_narrow else 12, _repaired, 3),
            *([_Column("audit", 0, 5, _rules, 4)] if names_rules else []),
            *([_Column("!", 0, 2, _sign)] if has_flags and not names_rules else []),
            _Column("gain", None, 4, lambda facts: f"{facts.gain:+d}"),
            _Column("time", None, 10, _time),
        ]
        columns = [each for each in columns if width >= (each.from_width or 0)]
        alike = _Column("alike", None, 5, _alike)
        if width >= _CHALLENGE_FROM and _taken([*columns, alike]) <= width:
            columns.append(alike)
        spare = max(0, width - _taken(columns))
        return [
            each._replace(most=each.most + (spare // each.share if each.share else 0))
            for each in columns
        ]


def _taken(columns: list[_Column]) -> int:
    """Return the columns of a terminal that some columns take, with what is between them."""
    return sum(each.most + 2 for each in columns) - 1


def _repaired(facts: PairFacts) -> str:
    return short_reason(facts.repaired, facts.basis)


def _time(facts: PairFacts) -> str:
    return "-" if facts.revision_time_ms is None else duration(facts.revision_time_ms)


def _alike(facts: PairFacts) -> str:
    return "-" if facts.similarity is None else f"{facts.similarity:.0%}"


def _rules(facts: PairFacts) -> Text:
    return Text((facts.flags or "-").replace(" ", ", "), style="yellow" if facts.flags else "")


def _sign(facts: PairFacts) -> Text:
    """Return `!!` where a recorded label is wrong, `!` where something is worth a look."""
    rules = [] if facts.flags is None else facts.flags.split()
    is_wrong = any(RULES[rule].level == "contradicted" for rule in RULES if rule in rules)
    return Text("!!" if is_wrong else "!" if rules else "-", style="yellow" if rules else "")


def _text(name: str | None) -> Text:
    return Text("-" if name is None else sanitize_line(name[:200]))
