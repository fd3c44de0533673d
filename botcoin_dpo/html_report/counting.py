"""Reads all rows for what stands above the list of pairs: verdict, warnings and charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from botcoin_dpo.constraints.kinds import Kinds
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.manifest import read_manifest
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import InputError, UserError
from botcoin_dpo.extras import how_to_install
from botcoin_dpo.files.named_files import real_path
from botcoin_dpo.html_report.attempt_counts import attempt_counts
from botcoin_dpo.html_report.chart import Chart
from botcoin_dpo.html_report.charts import charts_of
from botcoin_dpo.html_report.checks import Check, checks_of
from botcoin_dpo.html_report.opening import Opening, opening_of
from botcoin_dpo.html_report.overview import Overview
from botcoin_dpo.html_report.training import Training


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of a dataset once all rows are read."""

    name: str
    overview: Overview
    opening: Opening
    checks: Sequence[Check]
    charts: Sequence[Chart]

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.overview.statistics.rows


def count_rows(
    path: Path,
    files: Sequence[tuple[Path, str]],
    pairs: int,
    kinds: Kinds,
    *,
    workers: int,
    progress: Progress | None,
) -> Counted:
    """Return the numbers of a dataset.

    Args:
        path: a built folder or a file of rows.
        files: its files of rows, with their names.
        pairs: most pairs that are sampled.
        kinds: of constraints, those that are known.
        workers: processes that share the work.
        progress: called with bytes read.

    Raises:
        InputError: the rows cannot be read, or there are none.
    """
    manifest = read_manifest(path) if path.is_dir() else None
    training = Training(has_attempts=manifest is not None and "attempt_files" in manifest)
    fold: Fold[Overview] = Fold(
        partial(_start, pairs, training), partial(Overview.add, kinds=kinds)
    )
    overview = RowFiles(files).fold(fold, make_engine(workers), progress, "counting")
    if not overview.statistics.rows:
        raise InputError(f"{path}: has no rows; there is nothing to report")
    charts = charts_of(overview, manifest, attempt_counts(path, manifest))
    name = real_path(path).name
    checks = checks_of(overview, manifest, name)
    return Counted(name, overview, opening_of(overview, checks), checks, charts)


def _start(most_sampled: int, training: Training) -> Overview:
    """Return what is known before the first row."""
    return Overview(most_sampled, Training(training.has_attempts))


def require_libraries() -> None:
    """Say at once that a library is missing, not after all rows were read.

    Raises:
        UserError: it is.
    """
    try:
        import jinja2  # noqa: F401
    except ImportError as error:
        raise UserError(f"report needs jinja2; {how_to_install('report')}") from error
