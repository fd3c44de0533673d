"""One pair in the terminal: what changed between failing and passing, at a glance.

From 120 columns on the two traces stand side by side, below that one under the other. Where there
is no colour, signs say what colours would.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.sanitize import sanitize_line, sanitize_start
from botcoin_dpo.terminal.constraints_view import constraints_table
from botcoin_dpo.terminal.questions_view import questions_view
from botcoin_dpo.viewing.cited_document import CitedParagraph
from botcoin_dpo.viewing.humanize import (
    LEFT_OPEN,
    attempts_words,
    beyond,
    duration,
    feedback_words,
    grounds_words,
    lacking,
)
from botcoin_dpo.viewing.pair_page import PairPage, Side
from botcoin_dpo.viewing.text_spans import pieces
from botcoin_dpo.viewing.trace_diff import DiffLine, StepChange

_WIDE = 120
"""Columns from which traces stand side by side."""

_MOST_OF_A_STEP = 2_000
_MOST_OF_A_TEXT = 20_000
"""Characters that are shown."""

_MOST_LINES = 1_000
"""Lines of a comparison that are shown."""

_SIGNS: dict[StepChange, str] = {"same": " ", "changed": "~", "added": "+", "removed": "-"}
_REJECTED, _CHOSEN = "red", "green"
_CHANGED = {"rejected": "bold red", "chosen": "bold green"}
_BRACKETS = {"rejected": ("[-", "-]"), "chosen": ("{+", "+}")}
_ZONES = {"trap": "yellow", "truth": "cyan"}


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair, to be printed as wide as the console is."""

    page: PairPage
    context: int | None = 2
    """Unchanged steps that are shown around changed ones; None for all."""
    with_document: bool = False
    is_wrapped: bool = False
    """Break questions where the console ends, for a picture; else each is one unbroken text."""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield what to print."""
        has_color = console.color_system is not None and not console.no_color
        page = self.page
        yield from _header(page)
        yield Rule("constraints", align="left", style="dim", characters="─")
        yield constraints_table(page, options.max_width)
        if page.leaves_open:
            yield Text(LEFT_OPEN, style="dim")
        if page.questions:
            yield Rule("questions", align="left", style="dim")
            yield from questions_view(page.questions, is_wrapped=self.is_wrapped)
        yield Rule("traces", align="left", style="dim")
        if options.max_width >= _WIDE:
            yield _side_by_side(page, self.context, has_color)
        else:
            yield _one_under_the_other(page, self.context, has_color)
        yield Rule("artifacts", align="left", style="dim")
        yield from _artifact("rejected", page.rejected, page)
        yield from _artifact("chosen", page.chosen, page)
        if self.with_document:
            yield Rule("document", align="left", style="dim")
            yield from map(_paragraph, page.document)
        yield from _neighbours(page)


def _header(page: PairPage) -> Iterator[RenderableType]:
    yield Text.assemble(
        (f"pair {page.number}", "bold"),
        f"  {page.pair_id}  {page.pair_type}, {page.split}  ",
        (_cut(page.challenge_id, 20), "dim"),
    )
    yield Text(_cut(page.why, _MOST_OF_A_STEP), style="bold")
    about = [page.domain or "domain not known", page.chosen.model or "model not known"]
    about.append(f"miner {page.miner_id}")
    yield Text(" · ".join(_cut(part, 26) for part in about))
    told = [_cut(attempts_words(page), 110), _passed(page)]
    if page.revision_time_ms is not None:
        told.append(f"{duration(page.revision_time_ms)} between them")
    if page.similarity is not None:
        told.append(f"{page.similarity:.0%} of the words in common")
    yield Text(" · ".join(told))
    yield Text(f"shown in between: {_cut(feedback_words(page.feedback), 300)}")
    answers = page.rejected.answers, page.chosen.answers
    if any(answers):
        yield Text(f"answers: {' → '.join(each or 'not known' for each in answers)}")
    if page.flags:
        found = (
            f"{page.sides_of(rule)}: {rule} ({RULES[rule].level}: {RULES[rule].meaning})"
            for rule in page.flags
        )
        yield Text(f"audit: {'; '.join(found)}", style="bold yellow")
    grounds = grounds_words(page)
    if grounds is not None:
        yield Text(f"outcomes checked by: {grounds}", style="dim")


def _neighbours(page: PairPage) -> Iterator[RenderableType]:
    """Yield which pairs come before and after."""
    near = [("previous", page.number - 1), ("next", page.number + 1)]
    last = page.number if page.total is None else page.total
    told = [f"{word}: {number}" for word, number in near if 1 <= number <= last]
    if page.total is not None:
        told = [f"pair {page.number:,} of {page.total:,}", *told]
    if told:
        yield Text(" · ".join(told), style="dim")


def _passed(page: PairPage) -> str:
    before, after = page.rejected.passed, page.chosen.passed
    known = ["?" if count is None else str(count) for count in (before, after)]
    return f"{known[0]} → {known[1]} of {page.checked} constraints passed"


def _side_by_side(page: PairPage, context: int | None, has_color: bool) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), expand=True, header_style="dim")
    table.add_column("", width=1)
    table.add_column("rejected", ratio=1, overflow="fold")
    table.add_column("chosen", ratio=1, overflow="fold")
    for lines in _folded(page.diff, context):
        if isinstance(lines, str):
            table.add_row("", Text(lines, style="dim"), "")
            continue
        table.add_row(
            _SIGNS[lines.change],
            _step("rejected", page.rejected, lines.rejected, lines, has_color),
            _step("chosen", page.chosen, lines.chosen, lines, has_color),
        )
    return table


def _one_under_the_other(page: PairPage, context: int | None, has_color: bool) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False)
    table.add_column(width=1)
    table.add_column(overflow="fold")
    for line in _folded(page.diff, context):
        if isinstance(line, str):
            table.add_row("", Text(line, style="dim"))
            continue
        if line.rejected is not None:
            sign = " " if line.change == "same" else "-"
            table.add_row(sign, _step("rejected", page.rejected, line.rejected, line, has_color))
        if line.chosen is not None and line.change != "same":
            table.add_row("+", _step("chosen", page.chosen, line.chosen, line, has_color))
    return table


def _folded(diff: Sequence[DiffLine], context: int | None) -> Iterator[DiffLine | str]:
    """Yield the lines, and in place of those that are not shown how many they are."""
    for line in _without_long_runs(diff[:_MOST_LINES], context):
        yield f"… {line:,} steps are the same" if isinstance(line, int) else line
    if len(diff) > _MOST_LINES:
        yield f"… {len(diff) - _MOST_LINES:,} more lines; --json has them all"


def _without_long_runs(diff: Sequence[DiffLine], context: int | None) -> Iterator[DiffLine | int]:
    runs = [
        (same, list(lines)) for same, lines in groupby(diff, lambda line: line.change == "same")
    ]
    for at, (is_same, lines) in enumerate(runs):
        before = 0 if at == 0 else context or 0
        after = 0 if at == len(runs) - 1 else context or 0
        if not is_same or context is None or len(lines) <= before + after + 1:
            yield from lines
            continue
        yield from lines[:before]
        yield len(lines) - before - after
        yield from lines[len(lines) - after :]


def _step(name: str, side: Side, at: int | None, line: DiffLine, has_color: bool) -> Text:
    if at is None:
        return Text("")
    step = side.steps[at]
    parts = line.rejected_parts if name == "rejected" else line.chosen_parts
    style = "" if line.change in ("same", "changed") else _CHANGED[name].split()[-1]
    if line.change == "same":
        style = "dim"
    text = Text(style=style)
    for piece in pieces(step, parts, _MOST_OF_A_STEP):
        if piece.span is None:
            text.append(sanitize_line(piece.text))
        else:
            text.append_text(_changed(name, piece.text, has_color))
    text.append(beyond(step, _MOST_OF_A_STEP), style="dim")
    verdict = side.verdicts[at]
    if verdict.status == "unsound" and verdict.reason is not None:
        text.append(f" [{verdict.reason.replace('_', ' ')}]", style="bold yellow")
    return text


def _changed(name: str, part: str, has_color: bool) -> Text:
    if has_color:
        return Text(sanitize_line(part), style=_CHANGED[name])
    opening, closing = _BRACKETS[name]
    return Text(f"{opening}{sanitize_line(part)}{closing}")


def _artifact(name: str, side: Side, page: PairPage) -> Iterator[RenderableType]:
    color = _REJECTED if name == "rejected" else _CHOSEN
    text = Text()
    visible = side.visible
    spans = [(mark.start, mark.end) for mark in visible]
    for piece in pieces(side.artifact, spans, _MOST_OF_A_TEXT):
        style = ""
        if piece.span is not None:
            keeps = visible[piece.span].keeps
            style = f"underline {_CHOSEN}" if keeps else f"bold underline {_REJECTED}"
        text.append(sanitize_line(piece.text), style=style)
    text.append(beyond(side.artifact, _MOST_OF_A_TEXT), style="dim")
    yield Text(name, style=f"bold {color}")
    yield Padding(text, (0, 0, 0, 2))
    for keeps, word in ((True, "keeps"), (False, "breaks")):
        if told := _told(side, page, keeps):
            yield Padding(Text(f"{word} {told}", style="dim" if keeps else ""), (0, 0, 0, 2))
    lacking_of = [(line, getattr(line, name)) for line in page.constraints]
    lacks = [lacking(line, outcome, lambda text: _cut(text, 60)) for line, outcome in lacking_of]
    if told := "; ".join(filter(None, lacks)):
        yield Padding(Text(f"lacks {told}"), (0, 0, 0, 2))


def _told(side: Side, page: PairPage, keeps: bool) -> str:
    """Return what keeps or breaks constraints, in words."""
    return "; ".join(
        f"{index + 1} ({page.constraints[index].kind}): {_cut(text, 60)}"
        for index, text in side.parts(keeps).items()
    )


def _paragraph(paragraph: CitedParagraph) -> RenderableType:
    marks = [name for name, is_cited in (("rejected", paragraph.by_rejected),
                                         ("chosen", paragraph.by_chosen)) if is_cited]  # fmt: skip
    head = Text("" if paragraph.number is None else f"[paragraph_{paragraph.number}]", style="dim")
    if marks:
        head.append(f"  cited by {' and '.join(marks)}", style="bold")
    if paragraph.zone is not None:
        head.append(f"  {paragraph.zone}", style=f"bold {_ZONES[paragraph.zone]}")
    style = "" if marks or paragraph.zone else "dim"
    return Group(head, Text(_cut(paragraph.text, _MOST_OF_A_TEXT), style=style), Text(""))


def _cut(text: str, most: int) -> str:
    return sanitize_start(text, most)
