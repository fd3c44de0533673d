"""A list of pairs in the terminal."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from botcoin_dpo.report.inert import inert_line
from botcoin_dpo.report.tables import make_table
from botcoin_dpo.report.words import duration
from botcoin_dpo.viewing.catalogue import Listed

_COLUMNS = ("pair", "challenge", "domain", "model", "repaired", "gain", "time", "alike")


def pair_list_view(listed: Sequence[Listed], count: int, total: int) -> Iterator[RenderableType]:
    """Yield what to print of the first of so many pairs that fit, of so many in all."""
    rows = [
        (
            str(number),
            facts.challenge_id[:10],
            _cut(facts.domain),
            _cut(facts.model),
            facts.repaired.replace(" ", ", ") or "-",
            f"{facts.gain:+d}",
            "-" if facts.revision_time_ms is None else duration(facts.revision_time_ms),
            "-" if facts.similarity is None else f"{facts.similarity:.0%}",
        )
        for number, facts in listed
    ]
    yield make_table(f"{count:,} of {total:,} pairs", _COLUMNS, rows, words=5)
    if count > len(listed):
        yield Text(f"the first {len(listed):,}; see --limit")
    if listed:
        yield Text(f"botcoin-dpo show BUILD {listed[0].number} shows a pair", style="dim")


def _cut(name: str | None) -> str | None:
    return None if name is None else inert_line(name[:28])
