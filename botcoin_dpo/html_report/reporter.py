"""Writes a built folder or a file of rows as one HTML file.

The rows are read once, for the numbers and for which pairs to show; then the rows of those pairs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from botcoin_dpo.constraints.constraint import Kind
from botcoin_dpo.constraints.kinds import KINDS, Kinds, checked_kinds
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.dataset.reading import dataset_files, read_row
from botcoin_dpo.dataset.unchanged import Unchanged
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import InputError, UsageError, UserError
from botcoin_dpo.exporting.extras import how_to_install
from botcoin_dpo.files.atomic_file import check_place, write_atomically
from botcoin_dpo.files.input_file import display_name
from botcoin_dpo.files.local_paths import input_path, output_path
from botcoin_dpo.files.named_files import real_path
from botcoin_dpo.html_report.charts import charts_of
from botcoin_dpo.html_report.overview import Overview, Sampled
from botcoin_dpo.html_report.pages import MARK, Page, ShownPair, pair_section, whole_page
from botcoin_dpo.html_report.warnings import warnings_of
from botcoin_dpo.interrupts import committing
from botcoin_dpo.readable import Readable
from botcoin_dpo.viewing.pair_page import make_pair_page

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
    warnings: list[str]
    """That are beyond what is usual."""

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
        path: a built folder or a file of rows.
        out: the HTML file; one that is no report is not replaced.
        pairs: number of pairs to embed, sampled evenly; fewer where they are large.
        kinds: of constraints, those that are known.
        workers: processes that share the work.
        progress: called with bytes read.

    Raises:
        UsageError: an option makes no sense.
        InputError: the rows cannot be read, or there are none.
        OutputError: the file cannot be written.
        UserError: what draws it is not installed.
    """
    path, out = input_path(path, "BUILD"), output_path(out, "--out")
    if not 0 <= pairs <= MOST_PAIRS:
        raise UsageError(f"--pairs {pairs}: must be from 0 to {MOST_PAIRS:,}")
    kinds = checked_kinds(kinds)
    check_place(out, MARK, "report")
    _require_libraries()
    with Unchanged(path):
        files = dataset_files(path)
        manifest = read_manifest(path) if path.is_dir() else None
        fold: Fold[Overview] = Fold(partial(Overview, pairs), partial(Overview.add, kinds=kinds))
        overview = RowFiles(files).fold(fold, make_engine(workers), progress, "counting")
        if not overview.statistics.rows:
            raise InputError(f"{path}: has no rows; there is nothing to report")
        charts = charts_of(overview, manifest)
        shown: list[ShownPair] = []
        size = 0
        sample = overview.sampled()
        for sampled in sample:
            section = _section(files, sampled, kinds)
            if size + len(section.html) <= _MOST_BYTES:
                size += len(section.html)
                shown.append(section)
            elif size > _MOST_BYTES // 2:  # one that is too large by itself is skipped
                break
        shown.sort(key=lambda pair: pair.number)
    warnings = warnings_of(overview, manifest)
    name, left_out = real_path(path).name, len(sample) - len(shown)
    page = Page(name, overview.statistics.as_json(), charts, warnings, shown, left_out)
    with committing():
        written = write_atomically(out, whole_page(page), MARK, "report")
    serious = [warning.text for warning in warnings if warning.is_serious]
    return ReportResult(out, written, overview.statistics.rows, len(shown), left_out, serious)


def _require_libraries() -> None:
    """Say at once that a library is missing, not after all rows were read.

    Raises:
        UserError: it is.
    """
    try:
        import jinja2  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise UserError(
            f"report needs vl-convert-python and jinja2; {how_to_install('report')}"
        ) from error


def _section(files: list[tuple[Path, str]], sampled: Sampled, kinds: Kinds) -> ShownPair:
    row = read_row(files[sampled.file][0], sampled.start, sampled.size)
    page = make_pair_page(row, sampled.number, kinds)
    return ShownPair(sampled.number, sampled.facts, pair_section(page))
