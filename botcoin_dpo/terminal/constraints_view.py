"""The constraints of a pair in the terminal: both outcomes, and what their verdicts stand on."""

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from botcoin_dpo.contract.sanitize import sanitize_start
from botcoin_dpo.viewing.pair_page import ConstraintLine, Outcome, PairPage

_ROOM_FOR_GROUNDS = 80
"""Columns from which what a verdict stands on has room beside the outcome."""

_MOST_OF_A_CONSTRAINT = 600
_MOST_OF_A_TEXT = 80


def constraints_table(page: PairPage, width: int) -> RenderableType:
    """Return the table of constraints, numbered from 1 as in the prompt."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    for column in ("#", "rejected", "chosen"):
        table.add_column(column, no_wrap=True)
    table.add_column("constraint", overflow="fold")
    is_wide = width >= _ROOM_FOR_GROUNDS
    for line in page.constraints:
        style = "bold" if line.is_flipped else "" if line.index < page.checked else "dim"
        text = Text(sanitize_start(line.text, _MOST_OF_A_CONSTRAINT), style=style)
        if line.asks_for is not None:
            text.append(f"  [{sanitize_start(line.asks_for, _MOST_OF_A_TEXT)}]")
        if not is_wide:
            text.append(_grounds(line), style="not bold dim")
        outcomes = (_outcome(each, line, is_wide) for each in (line.rejected, line.chosen))
        table.add_row(str(line.number), *outcomes, text)
    return table


def _outcome(outcome: Outcome, line: ConstraintLine, has_ground: bool) -> Text:
    if outcome.passed is None or not outcome.is_checked:
        return Text("-", style="dim")
    text = Text("pass", style="green") if outcome.passed else Text("FAIL", style="red")
    if line.is_flipped:
        text.stylize("bold")
    if outcome.audit == "contradicted":
        text.append(" wrong!", style="bold yellow")
    if has_ground and (checked_by := outcome.checked_by) is not None:
        text.append(f" {checked_by}", style="dim")
    return text


def _grounds(line: ConstraintLine) -> str:
    """Return what checked both outcomes, in parentheses, where it is known."""
    sides = (("rejected", line.rejected), ("chosen", line.chosen))
    told = [
        (name, by if each.audit == "unchecked" else f"by {by}")
        for name, each in sides
        if (by := each.checked_by) is not None
    ]
    if len(told) == len(sides) and told[0][1] == told[1][1]:
        return f"  ({told[0][1]})"
    return f"  ({', '.join(f'{name} {by}' for name, by in told)})" if told else ""
