"""Renders the parts of a report as HTML: texts from the data are sanitized, and escaped by Jinja.

The page carries its style and its script; a Content-Security-Policy names both by their hashes, so
that nothing else can run, whatever the data says.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from botcoin_dpo.contract.sanitize import sanitize
from botcoin_dpo.html_report.warnings import ReportWarning
from botcoin_dpo.version import __version__
from botcoin_dpo.viewing.artifact_marks import ArtifactMark
from botcoin_dpo.viewing.humanize import attempts_words, beyond, duration, feedback_words
from botcoin_dpo.viewing.pair_facts import PairFacts
from botcoin_dpo.viewing.pair_page import PairPage
from botcoin_dpo.viewing.text_spans import Piece, pieces

if TYPE_CHECKING:
    from jinja2 import Environment

    from botcoin_dpo.html_report.charts import Chart

MARK = '<meta name="generator" content="botcoin-dpo report">'
"""By which a report is known."""

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_OF_A_TEXT = 4_000
"""Characters of a step, an artifact, a constraint or a paragraph that are shown."""

_MOST_OF_A_DOCUMENT = 60_000
_MOST_STEPS = 500
"""Lines of a comparison that are shown."""


class ShownPair(NamedTuple):
    """A pair that can be looked at."""

    number: int
    facts: PairFacts
    html: str


@dataclass(frozen=True, slots=True)
class Page:
    """A report."""

    name: str
    """Of the dataset."""
    statistics: dict[str, Any]
    charts: Sequence["Chart"]
    warnings: Sequence[ReportWarning]
    pairs: Sequence[ShownPair]
    left_out: int
    """Pairs that were wanted too, for which the page has no room."""


def whole_page(page: Page) -> Iterator[str]:
    """Yield the HTML of a report."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template("report.html")
    domains = sorted({pair.facts.domain for pair in page.pairs if pair.facts.domain})
    kinds = sorted({kind for pair in page.pairs for kind in pair.facts.repaired.split()})
    yield from template.generate(
        page=page, style=_safe(style), script=_safe(script), policy=policy, mark=_safe(MARK),
        version=__version__, domains=domains, kinds=kinds,
    )  # fmt: skip


def pair_section(page: PairPage) -> str:
    """Return the HTML of one pair."""
    shown, left = [], _MOST_OF_A_DOCUMENT
    for paragraph in page.document:
        if left <= 0:
            break
        shown.append(paragraph)
        left -= min(len(paragraph.text), _MOST_OF_A_TEXT)
    section: str = (
        _environment()
        .get_template("pair.html")
        .render(
            page=page,
            diff=page.diff[:_MOST_STEPS],
            steps_left_out=max(0, len(page.diff) - _MOST_STEPS),
            paragraphs=shown,
            paragraphs_left_out=len(page.document) - len(shown),
            known={paragraph.number for paragraph in shown} - {None},
        )
    )
    return section


def _pieces(text: str, spans: Iterable[tuple[int, int]] = ()) -> list[Piece]:
    """Return what is shown of a text, sanitized piece by piece."""
    return [
        piece._replace(text=sanitize(piece.text)) for piece in pieces(text, spans, _MOST_OF_A_TEXT)
    ]


def _spans(marks: Iterable[ArtifactMark]) -> list[tuple[int, int]]:
    return [(mark.start, mark.end) for mark in marks]


def _labelled(svg: str, title: str) -> Any:
    """Return a chart with a name for those who do not see it; its numbers stand below it."""
    from markupsafe import escape

    return _safe(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1))


def _cut(text: str | None, most: int = _MOST_OF_A_TEXT) -> str:
    if text is None:
        return "not known"
    return sanitize(text[:most]) + beyond(text, most)


def _beyond(text: str) -> str:
    return beyond(text, _MOST_OF_A_TEXT)


@cache
def _environment() -> "Environment":
    """Return what fills templates."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # an extra

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "pieces": _pieces, "cut": _cut, "beyond": _beyond, "duration": duration,
        "feedback": feedback_words, "attempts": attempts_words, "spans": _spans,
        "labelled": _labelled,
    }  # fmt: skip
    return environment


def _safe(ours: str) -> Any:
    """Return a text of our own making, or of a library that escapes, as it is."""
    from markupsafe import Markup

    return Markup(ours)


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
