"""Renders the parts of a report as HTML: texts from the data are sanitized, and escaped by Jinja.

The page carries its style and its script; a Content-Security-Policy names both by their hashes, so
that nothing else can run, whatever the data says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from botcoin_dpo.contract.audit_rules import RuleId
from botcoin_dpo.contract.verdicts import GROUND_MEANINGS
from botcoin_dpo.html_report.assets import assets, safe
from botcoin_dpo.html_report.checks import Check, shell_name
from botcoin_dpo.html_report.environment import MOST_OF_A_TEXT, environment
from botcoin_dpo.html_report.opening import Opening
from botcoin_dpo.html_report.overview import Sampled
from botcoin_dpo.version import __version__
from botcoin_dpo.viewing.list_choices import in_order
from botcoin_dpo.viewing.list_facts import LARGE_GAP, filter_value, gap_class
from botcoin_dpo.viewing.pair_facts import NO_GROUND
from botcoin_dpo.viewing.pair_page import PairPage
from botcoin_dpo.viewing.signs import LEVELS_BY_SIDE, SIGNS

if TYPE_CHECKING:
    from botcoin_dpo.html_report.chart import Chart

MARK = '<meta name="generator" content="botcoin-dpo report">'
"""By which a report is known."""

_MOST_OF_A_DOCUMENT = 60_000
_MOST_STEPS = 500
"""Lines of a comparison that are shown."""

_MEANINGS: dict[str, str] = {
    **LEVELS_BY_SIDE,
    **{name: sign.meaning for name, sign in SIGNS.items()},
    **{str(ground): meaning for ground, meaning in GROUND_MEANINGS.items()},
    NO_GROUND: "nothing decides",
    "longer": "chosen is longer",
    "longer-100": f"chosen is longer by {LARGE_GAP} tokens or more",
    "shorter": "chosen is shorter",
    "shorter-100": f"chosen is shorter by {LARGE_GAP} tokens or more",
    "equal": "both are as long",
}
"""What values of filters mean, where their names do not tell."""


class ShownPair(NamedTuple):
    """A pair that can be looked at."""

    sampled: Sampled
    flags: Sequence[RuleId]
    levels: Sequence[str]
    """By `levels_found`."""
    ground: str
    """The worst that a verdict on one of its outcomes stands on."""
    html: str

    @property
    def filters(self) -> dict[str, str]:
        """What it is found by, by the name of the filter; blanks are between several values."""
        facts, gap = self.sampled.facts, self.sampled.gap
        return {
            "flag": " ".join([*self.levels, *self.flags]),
            "sign": " ".join(self.sampled.signs),
            "ground": self.ground,
            "domain": filter_value(facts.domain),
            "model": filter_value(facts.model),
            "split": facts.split,
            "type": facts.pair_type,
            "kind": facts.repaired,
            "gain": str(facts.gain),
            "gap": "" if gap is None else gap_class(gap),
        }


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


class Served(NamedTuple):
    """How a page asks for its list."""

    marks: str
    """By what a browser keeps the marks of this dataset."""
    size: int
    """Pairs of a part of the list."""
    most_marked: int
    """Pairs that are marked at once."""


def whole_page(page: Page) -> Iterator[str]:
    """Yield the HTML of a report that carries its pairs."""
    return _page(
        name=page.name, total=page.rows, overview=safe(overview_part(page)), pairs=page.pairs,
        left_out=page.left_out, choices=_choices(page.pairs), served=None,
    )  # fmt: skip


def served_page(
    name: str, rows: int, overview: str, choices: Mapping[str, Sequence[str]], served: Served
) -> Iterator[str]:
    """Yield the HTML of a report that asks for its pairs.

    Args:
        name: of the dataset.
        rows: of the dataset.
        overview: what `overview_part` returned.
        choices: the values of each filter.
        served: how to ask.
    """
    return _page(
        name=name, total=rows, overview=safe(overview), pairs=(), left_out=0, choices=choices,
        served=served,
    )  # fmt: skip


def _page(name: str, served: Served | None, **parts: object) -> Iterator[str]:
    own = assets(is_served=served is not None)
    return (
        environment()
        .get_template("report.html")
        .generate(
            **parts, name=name, served=served, shell_name=shell_name(name), style=safe(own.style),
            script=safe(own.script), policy=own.policy, mark=safe(MARK), version=__version__,
            meanings=_MEANINGS,
        )
    )  # fmt: skip


def overview_part(page: Page) -> str:
    """Return the HTML of all that stands above the list of pairs."""
    part: str = environment().get_template("overview.html").render(page=page)
    return part


def list_part(pairs: Sequence[ShownPair], fitting: int) -> str:
    """Return the HTML of some rows of the list, and of how many there are."""
    part: str = environment().get_template("rows.html").render(pairs=pairs, fitting=fitting)
    return part


def _choices(pairs: Sequence[ShownPair]) -> dict[str, list[str]]:
    """Return by filter the values that some pair has; domains and models may have blanks."""
    found: dict[str, set[str]] = {}
    for pair in pairs:
        for name, value in pair.filters.items():
            found.setdefault(name, set()).add(value)
    return {name: in_order(name, values) for name, values in found.items()}


def pair_section(page: PairPage) -> str:
    """Return the HTML of one pair."""
    shown, left = [], _MOST_OF_A_DOCUMENT
    for paragraph in page.document:
        if left <= 0:
            break
        shown.append(paragraph)
        left -= min(len(paragraph.text), MOST_OF_A_TEXT)
    section: str = (
        environment()
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
