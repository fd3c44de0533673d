"""Writes a built folder or a file of rows as one HTML file.

The rows are read once, for the numbers and for which pairs to show; then the rows of those pairs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botcoin_dpo.constraints.constraint import Kind
from botcoin_dpo.constraints.kinds import KINDS, Kinds, checked_kinds
from botcoin_dpo.dataset.local_copy import local_copy
from botcoin_dpo.dataset.reading import dataset_files, read_row
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import UsageError
from botcoin_dpo.files.atomic_file import check_place, write_atomically
from botcoin_dpo.files.input_file import display_name
from botcoin_dpo.files.local_paths import input_place, output_path
from botcoin_dpo.html_report.counting import count_rows, require_libraries
from botcoin_dpo.html_report.overview import Sampled
from botcoin_dpo.html_report.pages import MARK, Page, ShownPair, pair_section, whole_page
from botcoin_dpo.interrupts import committing
from botcoin_dpo.readable import Readable
from botcoin_dpo.viewing.pair_page import make_pair_page
from botcoin_dpo.viewing.signs import levels_found

MOST_PAIRS = 2_000
_MOST_BYTES = 13 * 10**6
"""Of the pairs in a report, so that a browser opens it at once."""


@dataclass(frozen=True, slots=True, repr=False)
class ReportResult(Readable):
    """What a report shows."""

    out: Path
    bytes: int
    rows: int
    """Of the dataset."""
    pairs: int
    """That can be looked at."""
    left_out: int
    """Pairs that were wanted too, for which a page has no room."""
    levels: dict[str, int] | None
    """Pairs by level of what their audits found; None if no row carries an audit."""
    max_lengths: dict[str, int]
    """By config of an export, the estimated `max_length` that loses no example."""
    warnings: list[str]
    """What is beyond what is usual."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "out": self.out,
            "rows": self.rows,
            "pairs": self.pairs,
            "warnings": self.warnings,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "out": display_name(self.out),
            "bytes": self.bytes,
            "rows": self.rows,
            "pairs": self.pairs,
            "left_out": self.left_out,
            "contradicted": None if self.levels is None else self.levels["contradicted"],
            "suspicious": None if self.levels is None else self.levels["suspicious"],
            "max_length": self.max_lengths,
            "warnings": self.warnings,
        }


def report(
    path: str | Path = "out",
    out: str | Path = "report.html",
    *,
    pairs: int = 200,
    kinds: Iterable[Kind] = KINDS,
    workers: int = 1,
    progress: Progress | None = None,
) -> ReportResult:
    """Write a report of a dataset.

    Args:
        path: a built folder or a file of rows; of a remote one a copy is made.
        out: the HTML file; one that is no report is not replaced.
        pairs: number of pairs to embed, flagged ones first; fewer where they are large.
        kinds: of constraints, those that are known.
        workers: processes that share the work.
        progress: called with bytes read.

    Raises:
        UsageError: an option makes no sense.
        InputError: the rows cannot be read, or there are none.
        OutputError: the file cannot be written.
        UserError: what draws it is not installed.
    """
    place, out = input_place(path, "BUILD"), output_path(out, "--out")
    if not 0 <= pairs <= MOST_PAIRS:
        raise UsageError(f"--pairs {pairs}: must be from 0 to {MOST_PAIRS:,}")
    kinds = checked_kinds(kinds)
    check_place(out, MARK, "report")
    require_libraries()
    with local_copy(place, progress) as local, Unchanged(local):
        files = dataset_files(local)
        counted = count_rows(local, files, pairs, kinds, workers=workers, progress=progress)
        sample = counted.overview.sampled()
        shown = _that_fit(files, sample, kinds)
    left_out, overview, checks = len(sample) - len(shown), counted.overview, counted.checks
    page = Page(
        counted.name, counted.rows, counted.opening, checks, counted.charts, shown, left_out
    )
    with committing():
        written = write_atomically(out, whole_page(page), MARK, "report")
    return ReportResult(
        out=out,
        bytes=written,
        rows=counted.rows,
        pairs=len(shown),
        left_out=left_out,
        levels=overview.levels if overview.statistics.audited else None,
        max_lengths=overview.training.max_lengths,
        warnings=[check.text for check in checks if check.is_warning],
    )


def _that_fit(
    files: list[tuple[Path, str]], sample: Sequence[Sampled], kinds: Kinds
) -> list[ShownPair]:
    """Return the pairs for which a page has room, those of the lowest ranks first."""
    shown: list[ShownPair] = []
    size = 0
    for sampled in sample:
        pair = _shown(files, sampled, kinds)
        if size + len(pair.html) <= _MOST_BYTES:
            size += len(pair.html)
            shown.append(pair)
        elif size > _MOST_BYTES // 2:  # one that is too large by itself is skipped
            break
    return sorted(shown, key=lambda pair: (pair.sampled.rank, pair.sampled.number))


def _shown(files: list[tuple[Path, str]], sampled: Sampled, kinds: Kinds) -> ShownPair:
    row = read_row(files[sampled.file][0], sampled.start, sampled.size)
    page = make_pair_page(row, sampled.number, kinds)
    ground = sampled.facts.ground or page.worst_ground
    return ShownPair(sampled, page.flags, levels_found(page.found_in), ground, pair_section(page))
