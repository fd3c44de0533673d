"""Audits logs: every attempt that pairing would see.

It is audited with what the credited attempts of its challenge on the same input tell.
"""

from contextlib import ExitStack
from pathlib import Path

from botcoin_dpo.attempts.loading import AttemptLoader
from botcoin_dpo.auditing.challenge_audit import audit_challenge
from botcoin_dpo.auditing.details_file import details_line, write_details
from botcoin_dpo.auditing.result import AuditResult
from botcoin_dpo.constraints.kinds import Kinds
from botcoin_dpo.contract.rejections import Rejection
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.blobs import BinPlan, Sink
from botcoin_dpo.engines.progress import Progress, ProgressCounter, advance
from botcoin_dpo.errors import InputError
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.logs.found_logs import FoundLogs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.records import RecordsInPlace
from botcoin_dpo.logs.scan_bins import References
from botcoin_dpo.logs.scan_logs import scan_in_scratch
from botcoin_dpo.sessions.grouping import GroupingCounts
from botcoin_dpo.sessions.partition_sessions import group_partition


def audit_logs(
    place: Path | RemotePath,
    found: FoundLogs,
    max_findings: int,
    kinds: Kinds,
    details: Path | None,
    engine: Engine,
    progress: Progress | None,
) -> AuditResult:
    """Audit attempt logs.

    Args:
        place: what the logs were found in, for messages.
        found: the logs.
        max_findings: most findings that are listed; all are counted.
        kinds: of constraints, those that are known.
        details: a file to write, with the verdicts on every attempt.
        engine: runs the jobs.
        progress: called with bytes read.

    Raises:
        InputError: a log cannot be read, or no attempt in them can be audited.
    """
    result = AuditResult(max_findings)
    with ExitStack() as stack:
        scanned = stack.enter_context(scan_in_scratch(found.files, engine, progress))
        counter = ProgressCounter(progress, "pairing", scanned.partitions)
        jobs = scanned.references()
        shared = scanned.in_place, max_findings, kinds
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
        raise InputError(f"{place}: no attempt in it can be audited; see botcoin-dpo stats {place}")
    return result


def _audit_partition(
    references: References,
    in_place: RecordsInPlace,
    max_findings: int,
    kinds: Kinds,
    sink: Sink | None = None,
) -> AuditResult:
    """Audit the attempts of a partition; the sink takes the details, if they are wanted."""
    result = AuditResult(max_findings)
    reader = RecordReader(references.records(in_place))
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
