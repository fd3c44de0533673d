"""The main job: makes a dataset of preference pairs from attempt logs.

    files ─scan─▶ references ─group─▶ sessions ─pair─▶ pairs ─assemble─▶ rows ─check─▶ shards
                      │                   │                               │
                      └───────── quarantined, with place and reason ────────┴──▶ quarantine

Scanning a segment (`logs/scan.py`) and building a partition (`building/partition.py`) carry all of
it; an engine decides how they are run. Contract: schemas/README.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from botcoin_dpo.building.built import Built, BuiltPartitions, add_up
from botcoin_dpo.building.gates import BuildGates
from botcoin_dpo.building.options import BuildOptions, make_options
from botcoin_dpo.building.partition import build_partition
from botcoin_dpo.building.publishing import own_places, publish_built, staging_of
from botcoin_dpo.building.result import BuildResult
from botcoin_dpo.contract.limits import DEFAULT_RECORD_MB, MEGABYTE
from botcoin_dpo.contract.splits import Shares
from botcoin_dpo.dataset.excluded_pairs import read_excluded
from botcoin_dpo.dataset.file_plan import plan_files
from botcoin_dpo.dataset.index_files import IndexPart, copied_index, plan_index, read_index
from botcoin_dpo.dataset.line_files import WrittenFile, write_files
from botcoin_dpo.dataset.quarantine import Quarantine
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.blobs import BinPlan
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress, ProgressCounter
from botcoin_dpo.errors import UsageError, writing
from botcoin_dpo.files.local_paths import log_arguments, output_place
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.staging import Staging
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.found_logs import FoundLogs
from botcoin_dpo.logs.index import IndexHead, PreviousIndex, index_head
from botcoin_dpo.logs.scan_logs import PARTITION_BYTES, scan_logs
from botcoin_dpo.pairing.strategy import Strategy
from botcoin_dpo.version import __version__

_LARGEST_MEMORY_MB = 10**9


def build(
    logs: Sequence[str | Path] | str | Path,
    out: str | Path = "out",
    *,
    pairs: Iterable[Strategy | str] | Strategy | str = ("sequential",),
    splits: Sequence[float] = Shares(),
    max_per_prompt: int | None = None,
    shard_mb: float = 500,
    max_record_mb: float = DEFAULT_RECORD_MB,
    allow_unsafe_text: bool = False,
    audit: bool = False,
    drop_if: Sequence[str] | str = (),
    keep_if: Sequence[str] | str = (),
    exclude: str | Path | None = None,
    attempts: bool = False,
    strict: bool = False,
    min_pairs: int = 0,
    max_quarantined: float | None = None,
    max_shrink: float | None = None,
    allow_empty: bool = False,
    overwrite: bool = False,
    dry_run: bool = False,
    update: bool = False,
    workers: int = 1,
    engine: Engine | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Build a dataset of preference pairs from attempt logs.

    Args:
        logs: log files and folders, local or by URL; `-` is standard input.
        out: the folder to publish, local or in a store, by URL.
        pairs: the strategies, each yielding its own pair type; those that are built in by name.
        splits: the shares of train, validation and test.
        max_per_prompt: most pairs of a challenge and pair type, by different miners and models
            where there are some; 3 by `cross_session`, all by others if not given.
        shard_mb: size of a shard, in 10^6 bytes.
        max_record_mb: most a record may have, in 10^6 bytes.
        allow_unsafe_text: use attempts with unsafe text as well.
        audit: add what an audit finds to each row.
        drop_if: conditions on pairs; a pair that one of them holds for is dropped.
        keep_if: conditions on pairs; a pair that one of them does not hold for is dropped.
        exclude: a file of pair ids; these pairs are dropped.
        attempts: write every usable attempt and its challenge, beside the rows of pairs.
        strict: publish nothing if a single record is quarantined.
        min_pairs: publish nothing if there are fewer pairs.
        max_quarantined: publish nothing if a larger share of the records is quarantined, or a
            larger share of the log files damaged.
        max_shrink: publish nothing if a larger share of the previous build's pairs is lost.
        allow_empty: publish a dataset of logs without a single attempt.
        overwrite: replace a previous build.
        dry_run: do everything but write the dataset.
        update: replace a previous build, without scanning files again that it has scanned.
        workers: processes that share the work.
        engine: runs the jobs, wherever it does, instead of these processes.
        memory_mb: memory to plan for, in 10^6 bytes; a quarter of what is available if not given.
        progress: called with the stage, what is done and the total.

    Raises:
        UsageError: an option makes no sense.
        InputError: an input cannot be used, or has no attempt in it.
        OutputError: the output cannot be written.
    """
    options = make_options(
        pairs=pairs,
        splits=splits,
        max_per_prompt=max_per_prompt,
        shard_mb=shard_mb,
        max_record_mb=max_record_mb,
        allow_unsafe_text=allow_unsafe_text,
        audit=audit,
        drop_if=drop_if,
        keep_if=keep_if,
        exclude=read_excluded(exclude),
        attempts=attempts,
    )
    gates = BuildGates(strict, min_pairs, max_quarantined, max_shrink)
    arguments, place = log_arguments(logs), output_place(out, "--out")
    found = find_logs(arguments, own_places(place))
    if workers < 1:
        raise UsageError("--workers: must be at least 1")
    if memory_mb is not None and not 0 < memory_mb <= _LARGEST_MEMORY_MB:
        raise UsageError(f"--memory-mb: must be more than 0 and at most {_LARGEST_MEMORY_MB}")
    engine = engine or make_engine(workers, [*arguments, place])
    memory = engine.memory // 4 if memory_mb is None else int(memory_mb * MEGABYTE)
    with (
        staging_of(None if dry_run else place, overwrite=overwrite or update) as (staging, scratch),
        _build_in(
            scratch, staging, found, options, engine, memory, progress, update=update
        ) as built,
    ):
        return publish_built(
            built,
            staging,
            options,
            gates=gates,
            allow_empty=allow_empty,
            arguments=arguments,
            files=found.files,
            out=place,
        )


@contextmanager
def _build_in(
    scratch: Path,
    staging: Staging | None,
    found: FoundLogs,
    options: BuildOptions,
    engine: Engine,
    memory: int,
    progress: Progress | None,
    *,
    update: bool,
) -> Iterator[Built]:
    """Scan the logs, build every partition, and count what became of each record."""
    parts_folder = scratch / "parts"
    with writing(parts_folder):
        parts_folder.mkdir()
    head = index_head(__version__, options.record_limit)
    folder = staging.dataset if staging else None
    with scan_logs(
        found.files,
        scratch,
        engine,
        record_limit=options.record_limit,
        # A partition is held twice over at most: as references, and as rows in the making.
        previous=_previous_index(staging, head) if update and staging else None,
        partition_bytes=max(1, min(PARTITION_BYTES, memory // (2 * engine.workers))),
        progress=progress,
    ) as scanned:
        quarantine = Quarantine(scanned.segments, scratch)
        quarantine.add(scanned.rejections, scanned.rejected)
        counter = ProgressCounter(progress, "pairing", scanned.partitions)
        keys = options.part_keys
        shared = scanned.in_place, options
        bins = BinPlan(len(keys) + 1, parts_folder)
        jobs = scanned.references()
        partitions = BuiltPartitions(keys)
        for built, made in run_jobs(engine, build_partition, jobs, counter, *shared, bins=bins):
            parts = partitions.add(built, made)
            if folder is None:
                for part in parts:
                    part.blob.discard()
        written: list[WrittenFile] = []
        if folder is not None:
            index = IndexPart(scanned.index, scanned.index_sizes)
            planned = plan_files(partitions.parts, keys, options.shard_bytes)
            planned += plan_index([index], head, options.shard_bytes)
            written = list(write_files(planned, folder, engine, progress))
        yield add_up(scanned.files, found, partitions, quarantine, written, options)


def _previous_index(staging: Staging, head: IndexHead) -> PreviousIndex | None:
    """Return the index of the build that is replaced; one in a store is copied first."""
    previous = staging.previous
    if isinstance(previous, RemotePath):
        previous = copied_index(previous, staging.scratch)
    return read_index(previous, head, staging.previous_versions())
