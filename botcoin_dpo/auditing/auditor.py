"""Audits logs or a build.

Of logs, every attempt that pairing would see is audited, with what the credited attempts of its
challenge on the same input tell. Of rows, the two sides of each.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.auditing.challenge_audit import audit_challenge
from botcoin_dpo.auditing.details_file import details_line, write_details
from botcoin_dpo.auditing.from_row import audited_attempts_of
from botcoin_dpo.auditing.pair_audit import audit_attempts
from botcoin_dpo.auditing.result import AuditResult
from botcoin_dpo.constraints.constraint import Kind
from botcoin_dpo.constraints.kinds import KINDS, Kinds, checked_kinds
from botcoin_dpo.contract.rejections import Rejection
from botcoin_dpo.dataset.folding import Fold, RowFiles
from botcoin_dpo.dataset.reading import StoredRow
from botcoin_dpo.dataset.recognition import recognised
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.blobs import BinPlan, Sink
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress, ProgressCounter, advance
from botcoin_dpo.errors import InputError, UsageError
from botcoin_dpo.files.local_paths import input_path, output_path
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.logs.discovery import FoundLogs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.scan_bins import References
from botcoin_dpo.logs.scan_logs import scan_in_scratch
from botcoin_dpo.sessions.grouping import GroupingCounts
from botcoin_dpo.sessions.partition_sessions import group_partition


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
    path, kinds = input_path(path, "PATH"), checked_kinds(kinds)
    advice = "name attempt logs or a built folder"
    engine = engine or make_engine(workers)
    target = None if details is None else output_path(details, "--details")
    with recognised(path, advice) as found:
        if found.rows is None:
            return _audit_logs(path, found.logs, max_findings, kinds, target, engine, progress)
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


def _audit_logs(
    path: Path,
    found: FoundLogs,
    max_findings: int,
    kinds: Kinds,
    details: Path | None,
    engine: Engine,
    progress: Progress | None,
) -> AuditResult:
    result = AuditResult(max_findings)
    with ExitStack() as stack:
        scanned = stack.enter_context(scan_in_scratch(found.files, engine, progress))
        counter = ProgressCounter(progress, "pairing", scanned.partitions)
        jobs = scanned.references()
        shared = scanned.reader, max_findings, kinds
        if details is None:
            for audited in run_jobs(engine, _audit_partition, jobs, counter, *shared):
                result.merge(audited)
        else:
            parts = []
            bins = BinPlan(1, stack.enter_context(scratch_folder()))
            for filled in run_jobs(engine, _audit_partition, jobs, counter, *shared, bins=bins):
                result.merge(filled.result)
                parts.append(filled.bins.blob(0))
            if result.attempts:
                write_details(details, parts)
    if not result.attempts:
        raise InputError(f"{path}: no attempt in it can be audited; see botcoin-dpo stats {path}")
    return result


def _audit_partition(
    references: References,
    reader: RecordReader,
    max_findings: int,
    kinds: Kinds,
    sink: Sink | None = None,
) -> AuditResult:
    """Audit the attempts of a partition; the sink takes the details, if they are wanted."""
    result = AuditResult(max_findings)
    for sessions in group_partition(
        references, reader, GroupingCounts(), _ignore, allow_unsafe_text=True
    ):
        loader = AttemptLoader(sessions, reader)
        for audited in audit_challenge(sessions, loader, kinds):
            result.add(audited.subject, audited.audit)
            if sink is not None:
                sink.add(0, details_line(audited))
    advance(1)
    return result


def _ignore(entry: Rejection) -> None:
    """Do nothing: what cannot be used is the business of a build."""
