"""Audits logs or a build; content tells which of them it is. Of rows, both sides are audited."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from botcoin_dpo.auditing.from_row import audited_attempts_of
from botcoin_dpo.auditing.pair_audit import audit_attempts
from botcoin_dpo.auditing.result import AuditResult
from botcoin_dpo.constraints.constraint import Kind
from botcoin_dpo.constraints.kinds import KINDS, Kinds, checked_kinds
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.dataset.recognition import recognised
from botcoin_dpo.engines import Engine
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress
from botcoin_dpo.errors import UsageError
from botcoin_dpo.files.local_paths import input_place, output_path


def audit(
    path: str | Path = "out",
    *,
    max_findings: int = 100,
    kinds: Iterable[Kind] = KINDS,
    details: str | Path | None = None,
    workers: int = 1,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """Audit a built folder, a file of rows, or attempt logs.

    Args:
        path: what to audit; content tells which it is. `-` is standard input.
        max_findings: most findings that are listed; all are counted.
        kinds: of constraints, those that are known.
        details: a file to write, with every attempt of the logs and the verdicts on it.
        workers: processes that share the work.
        engine: runs the jobs, wherever it does, instead of these processes.
        progress: called with bytes read.

    Raises:
        UsageError: a path is empty or a URL, a kind has no name of its own, or details are asked
            for of rows.
        InputError: the path cannot be read, or nothing in it can be audited.
    """
    place, kinds = input_place(path, "PATH"), checked_kinds(kinds)
    advice = "name attempt logs or a built folder"
    engine = engine or make_engine(workers, [place])
    target = None if details is None else output_path(details, "--details")
    with recognised(place, advice) as found:
        if found.rows is None:
            # All that reads logs, which the audit of rows does not need.
            from botcoin_dpo.auditing.log_audit import audit_logs

            return audit_logs(place, found.logs, max_findings, kinds, target, engine, progress)
        if target is not None:
            advice = "audit the logs, or build with --attempts and --audit"
            raise UsageError(f"--details: rows do not tell enough; {advice}")
        fold: Fold[AuditResult] = Fold(
            partial(AuditResult, max_findings), partial(_add_row, kinds=kinds)
        )
        return RowFiles(found.rows).fold(fold, engine, progress, "auditing")


def _add_row(result: AuditResult, stored: StoredRow, kinds: Kinds) -> None:
    row = stored.row
    rejected, chosen = audited_attempts_of(row, kinds)
    pair = audit_attempts(
        rejected,
        chosen,
        row["rejected_text"],
        row["chosen_text"],
        row["pair_annotations"]["revision_time_ms"],
    )
    result.add(rejected, pair.rejected)
    result.add(chosen, pair.chosen)
    result.add_signals(pair.signals)
