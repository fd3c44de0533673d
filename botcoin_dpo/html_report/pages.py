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

from botcoin_dpo.contract.audit_rules import LEVELS, RULES, RuleId
from botcoin_dpo.contract.sanitize import sanitize
from botcoin_dpo.contract.verdicts import GROUND_MEANINGS, GROUNDS
from botcoin_dpo.html_report.checks import Check, filter_value, shell_name
from botcoin_dpo.html_report.opening import Opening
from botcoin_dpo.html_report.overview import Sampled
from botcoin_dpo.html_report.signs import SIGNS
from botcoin_dpo.version import __version__
from botcoin_dpo.viewing.artifact_marks import ArtifactMark
from botcoin_dpo.viewing.humanize import (
    LEFT_OPEN,
    answer_words,
    attempts_words,
    beyond,
    duration,
    feedback_words,
    grounds_words,
    lacking,
)
from botcoin_dpo.viewing.pair_facts import NO_GROUND
from botcoin_dpo.viewing.pair_page import ConstraintLine, Outcome, PairPage
from botcoin_dpo.viewing.questions import QuestionLine
from botcoin_dpo.viewing.reasons import short_reason
from botcoin_dpo.viewing.text_spans import Piece, pieces

if TYPE_CHECKING:
    from jinja2 import Environment

    from botcoin_dpo.html_report.chart import Chart

MARK = '<meta name="generator" content="botcoin-dpo report">'
"""By which a report is known."""

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_OF_A_TEXT = 4_000
"""Characters of a step, an artifact, a constraint or a paragraph that are shown."""

_MOST_OF_A_DOCUMENT = 60_000
_MOST_OF_A_NAME = 80
_MOST_STEPS = 500
"""Lines of a comparison that are shown."""

_LARGE_GAP = 100
"""Tokens of a difference of lengths that a filter asks for."""

_SCRIPTS = ("pairs.js", "list.js", "marks.js", "keys.js")
"""Parts of the page's one script, in their order."""

_MEANINGS: dict[str, str] = {
    **{name: sign.meaning for name, sign in SIGNS.items()},
    **{str(ground): meaning for ground, meaning in GROUND_MEANINGS.items()},
    NO_GROUND: "nothing decides",
    "longer": "chosen is longer",
    "longer-100": f"chosen is longer by {_LARGE_GAP} tokens or more",
    "shorter": "chosen is shorter",
    "shorter-100": f"chosen is shorter by {_LARGE_GAP} tokens or more",
    "equal": "both are as long",
}
"""What values of filters mean, where their names do not tell."""


class ShownPair(NamedTuple):
    """A pair that can be looked at."""

    sampled: Sampled
    flags: Sequence[RuleId]
    ground: str
    """The worst that a verdict on one of its outcomes stands on."""
    html: str

    @property
    def filters(self) -> dict[str, str]:
        """What it is found by, by the name of the filter; blanks are between several values."""
        facts, gap = self.sampled.facts, self.sampled.gap
        levels = sorted({RULES[rule].level for rule in self.flags})
        return {
            "flag": " ".join([*levels, *self.flags]),
            "sign": " ".join(self.sampled.signs),
            "ground": self.ground,
            "domain": filter_value(facts.domain),
            "model": filter_value(facts.model),
            "split": facts.split,
            "type": facts.pair_type,
            "kind": facts.repaired,
            "gain": str(facts.gain),
            "gap": "" if gap is None else _gap_class(gap),
        }


def _gap_class(gap: int) -> str:
    """Return by how many tokens chosen is longer, as the filter has it."""
    side = "longer" if gap > 0 else "shorter" if gap < 0 else "equal"
    return f"{side} {side}-100" if abs(gap) >= _LARGE_GAP else side


@dataclass(frozen=True, slots=True)
class Page:
    """A report."""

    name: str
    """Of the dataset."""
    rows: int
    """Of the dataset."""
    opening: Opening
    checks: Sequence[Check]
    charts: Sequence["Chart"]
    pairs: Sequence[ShownPair]
    left_out: int
    """Pairs that were wanted too, for which the page has no room."""

    @property
    def shell_name(self) -> str:
        """Its name as commands take it."""
        return shell_name(self.name)


def whole_page(page: Page) -> Iterator[str]:
    """Yield the HTML of a report."""
    style = _asset("report.css")
    script = "".join(map(_asset, _SCRIPTS))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    yield from _environment().get_template("report.html").generate(
        page=page, style=_safe(style), script=_safe(script), policy=policy, mark=_safe(MARK),
        version=__version__, choices=_choices(page.pairs), meanings=_MEANINGS,
    )  # fmt: skip


def _choices(pairs: Sequence[ShownPair]) -> dict[str, list[str]]:
    """Return by filter the values that some pair has; domains and models may have blanks."""
    found: dict[str, set[str]] = {}
    for pair in pairs:
        for name, value in pair.filters.items():
            values = [value] if name in ("domain", "model") else value.split()
            found.setdefault(name, set()).update(values)
    known: dict[str, list[str]] = {
        "flag": [*LEVELS, *RULES],
        "ground": [*GROUNDS, NO_GROUND],
        "sign": [*SIGNS],
    }
    return {
        name: [each for each in known[name] if each in values] if name in known else sorted(values)
        for name, values in found.items()
    }


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


def _answers(question: QuestionLine) -> str:
    return answer_words(question, lambda name: _cut(name, _MOST_OF_A_NAME))


def _lacking(line: ConstraintLine, outcome: Outcome) -> str | None:
    return lacking(line, outcome, lambda text: _cut(text, _MOST_OF_A_NAME))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


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
    environment.globals |= {"lacking": _lacking, "left_open": LEFT_OPEN, "rules": RULES}
    environment.filters |= {
        "pieces": _pieces, "cut": _cut, "beyond": _beyond, "duration": duration,
        "feedback": feedback_words, "attempts": attempts_words, "spans": _spans,
        "answers": _answers, "grounds": grounds_words, "reason": short_reason,
        "capitalised": _capitalised,
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
