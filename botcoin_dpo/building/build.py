"""The main job: makes a dataset of preference pairs from attempt logs.

    files ─scan─▶ references ─group─▶ sessions ─pair─▶ pairs ─assemble─▶ rows ─check─▶ shards
                      │                   │                               │
                      └───────── quarantined, with place and reason ────────┴──▶ quarantine

Scanning a segment (`logs/scan.py`) and building a partition (`building/partition.py`) carry all of
it; an engine decides how they are run. Contract: schemas/README.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from botcoin_dpo.building.funnel import Funnel, make_funnel
from botcoin_dpo.building.gates import BuildGates, Refusal, require_attempts
from botcoin_dpo.building.options import BuildOptions
from botcoin_dpo.building.partition import build_partition
from botcoin_dpo.contract.layout import FactKind
from botcoin_dpo.contract.limits import DEFAULT_RECORD_MB, MEGABYTE
from botcoin_dpo.contract.pair_conditions import choose_pairs
from botcoin_dpo.contract.splits import Shares
from botcoin_dpo.dataset.card import write_card
from botcoin_dpo.dataset.excluded_pairs import read_excluded
from botcoin_dpo.dataset.facts import Facts, facts_in
from botcoin_dpo.dataset.file_plan import plan_files
from botcoin_dpo.dataset.index_file import copied_index, read_index, write_index
from botcoin_dpo.dataset.line_files import WrittenFile, shards_in, write_files
from botcoin_dpo.dataset.listed_files import Shard
from botcoin_dpo.dataset.manifest import BUILD, make_manifest, write_manifest
from botcoin_dpo.dataset.parts import Part, PartKey, count_rows, parts_in
from botcoin_dpo.dataset.quarantine import Quarantine
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.blobs import BinPlan, Blob
from botcoin_dpo.engines.processes import make_engine
from botcoin_dpo.engines.progress import Progress, ProgressCounter
from botcoin_dpo.errors import UsageError, writing
from botcoin_dpo.files.current import published_in
from botcoin_dpo.files.input_file import display_name
from botcoin_dpo.files.local_paths import log_arguments, output_place
from botcoin_dpo.files.remote_path import RemotePath
from botcoin_dpo.files.remote_staging import staging_in
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.files.staging import Staging, staging_paths
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.found_logs import FoundLogs
from botcoin_dpo.logs.gathering import ScannedFile
from botcoin_dpo.logs.index import IndexHead, PreviousIndex, index_head
from botcoin_dpo.logs.scan_logs import PARTITION_BYTES, scan_logs
from botcoin_dpo.pairing.strategies import STRATEGIES, strategies_of
from botcoin_dpo.pairing.strategy import Strategy
from botcoin_dpo.readable import Readable
from botcoin_dpo.sessions.unsafe_prompts import UnsafePrompts, all_unsafe_prompts
from botcoin_dpo.version import __version__

_LARGEST_MEMORY_MB = 10**9


@dataclass(frozen=True, slots=True, repr=False)
class BuildResult(Readable):
    """What a build did."""

    funnel: Funnel
    shards: list[Shard]
    facts: Facts | None
    """The attempts and challenges beside the rows; None if they were not asked for."""
    out: Path | RemotePath | None
    """The published dataset; None if nothing was published."""
    refusals: list[Refusal]
    """The gates that kept it from being published."""
    first_quarantined: list[dict[str, object]]
    """The first few quarantine entries."""
    places: Mapping[str, str]
    """Where the log files lie that these entries name."""
    advice: str | None
    """Why there is not a single pair, if so."""
    unsafe_prompts: UnsafePrompts
    """Challenges that were quarantined whole, for unsafe text in their prompt."""

    def key_facts(self) -> Mapping[str, object]:
        """Return what is most worth knowing."""
        return {
            "out": self.out,
            "rows": self.funnel.rows,
            "attempts": self.funnel.attempts.total,
            "quarantined": self.funnel.quarantined.total(),
            **(
                {"refused": [refusal.message for refusal in self.refusals]} if self.refusals else {}
            ),
            "why_no_pairs": self.advice or "",
        }

    @property
    def is_refused(self) -> bool:
        """Whether a gate kept it from being published."""
        return bool(self.refusals)

    def as_json(self) -> dict[str, Any]:
        """Return the result as `--json` prints it."""
        return {
            "out": None if self.out is None else display_name(self.out),
            "published": self.out is not None,
            "refusals": [refusal._asdict() for refusal in self.refusals],
            "rows": self.funnel.rows,
            "funnel": self.funnel.as_json(),
            "shards": [shard._asdict() for shard in self.shards],
            **{
                kind: self.facts[kind].as_json() if self.facts else None
                for kind in get_args(FactKind)
            },
            "first_set_aside": self.first_quarantined,
            "advice": self.advice,
            "unsafe_prompts": {
                "challenges": self.unsafe_prompts.challenges,
                "first": [prompt.as_json() for prompt in self.unsafe_prompts.first],
            },
        }


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
    options = BuildOptions(
        pairs=strategies_of(pairs),
        splits=Shares.of(splits),
        max_per_prompt=max_per_prompt,
        shard_mb=shard_mb,
        max_record_mb=max_record_mb,
        allow_unsafe_text=allow_unsafe_text,
        audit=audit,
        choice=choose_pairs(drop_if, keep_if),
        exclude=read_excluded(exclude),
        attempts=attempts,
    )
    gates = BuildGates(strict, min_pairs, max_quarantined, max_shrink)
    arguments, place = log_arguments(logs), output_place(out, "--out")
    own_places = [place] if isinstance(place, RemotePath) else staging_paths(place)
    found = find_logs(arguments, frozenset(map(str, own_places)))
    target = None if dry_run else place
    if workers < 1:
        raise UsageError("--workers: must be at least 1")
    if memory_mb is not None and not 0 < memory_mb <= _LARGEST_MEMORY_MB:
        raise UsageError(f"--memory-mb: must be more than 0 and at most {_LARGEST_MEMORY_MB}")
    engine = engine or make_engine(workers, [*arguments, place])
    memory = engine.memory // 4 if memory_mb is None else int(memory_mb * MEGABYTE)
    with (
        _staging(target, overwrite or update) as (staging, scratch),
        _build_in(
            scratch, staging, found, options, engine, memory, progress, update=update
        ) as built,
    ):
        first_quarantined = built.quarantine.first(20)
        named = {entry["file"] for entry in first_quarantined}
        places = {
            file.name: display_name(file.path)
            for file in found.files
            if file.path and file.name in named
        }
        if not allow_empty:
            require_attempts(built.funnel, arguments, first_quarantined, places)
        refusals = gates.refusals(built.funnel, published_in(own_places[0]))
        if staging and not refusals:
            _write_dataset(staging.dataset, built, options)
            staging.publish()
        return BuildResult(
            funnel=built.funnel,
            shards=built.shards,
            facts=built.facts,
            out=target if staging and not refusals else None,
            refusals=refusals,
            first_quarantined=first_quarantined,
            places=places,
            advice=None if built.funnel.rows else _why_no_pairs(built.funnel, options),
            unsafe_prompts=built.unsafe_prompts,
        )


@dataclass(frozen=True, slots=True)
class _Built:
    """Everything made, nothing published."""

    files: list[ScannedFile]
    funnel: Funnel
    shards: list[Shard]
    facts: Facts | None
    quarantine: Quarantine
    index_head: IndexHead
    index: Blob
    """Frames of the index."""
    unsafe_prompts: UnsafePrompts


@contextmanager
def _staging(
    target: Path | RemotePath | None, overwrite: bool
) -> Iterator[tuple[Staging | None, Path]]:
    """Yield the staging folder beside the output, or, for a dry run, only a scratch folder."""
    if target is None:
        with scratch_folder() as scratch:
            yield None, scratch
    else:
        with staging_in(target, BUILD, overwrite=overwrite) as staging:
            yield staging, staging.scratch


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
) -> Iterator[_Built]:
    """Scan the logs, build every partition, and count what became of each record."""
    parts_folder = scratch / "parts"
    with writing(parts_folder):
        parts_folder.mkdir()
    record_limit = int(options.max_record_mb * MEGABYTE)
    head = index_head(__version__, record_limit)
    folder = staging.dataset if staging else None
    with scan_logs(
        found.files,
        scratch,
        engine,
        record_limit=record_limit,
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
        counts = []
        parts: defaultdict[PartKey, list[Part]] = defaultdict(list)
        for built, made in run_jobs(engine, build_partition, jobs, counter, *shared, bins=bins):
            counts.append(built.counts)
            quarantine.add([made.blob(len(keys))], built.rejections)
            for key, part in parts_in(made, keys, built.parts).items():
                parts[key].append(part)
                if folder is None:
                    part.blob.discard()
        funnel = make_funnel(
            files=scanned.files,
            skipped=found.skipped,
            grouped=[count.grouped for count in counts],
            pairs=count_rows(parts, keys),
            quarantined=quarantine.by_reason,
            dropped=sum((count.dropped for count in counts), Counter()),
        )
        written: list[WrittenFile] = []
        if folder is not None:
            planned = plan_files(parts, keys, int(options.shard_mb * MEGABYTE))
            written = list(write_files(planned, folder, engine, progress))
        yield _Built(
            scanned.files,
            funnel,
            shards_in(written),
            facts_in(written, parts) if options.attempts else None,
            quarantine,
            head,
            scanned.index,
            all_unsafe_prompts(count.grouped.unsafe_prompts for count in counts),
        )


def _previous_index(staging: Staging, head: IndexHead) -> PreviousIndex | None:
    """Return the index of the build that is replaced; one in a store is copied first."""
    previous = staging.previous
    if isinstance(previous, RemotePath):
        previous = copied_index(previous, staging.scratch)
    return read_index(previous, head)


def _write_dataset(folder: Path, built: _Built, options: BuildOptions) -> None:
    """Write what is not shards: quarantine, manifest, card."""
    facts = None
    if built.facts is not None:
        facts = {kind: written.files for kind, written in built.facts.items()}
    manifest = make_manifest(
        tool_version=__version__,
        options=options.as_json(),
        inputs=[
            {"path": file.name, "bytes": file.size, "xxh3_128": file.digest}
            for file in built.files
            if file.is_readable
        ],
        funnel=built.funnel.as_json(),
        shards=built.shards,
        facts=facts,
        quarantine=built.quarantine.write_to(folder),
        index=write_index(folder, built.index_head, built.index),
    )
    write_manifest(manifest, folder)
    meanings = {strategy.name: strategy.meaning for strategy in options.pairs}
    write_card(manifest, meanings, built.shards, folder)


def _why_no_pairs(funnel: Funnel, options: BuildOptions) -> str:
    """Return the main cause of an empty dataset, in words."""
    attempts = funnel.attempts
    if not attempts.total:
        return "the logs hold no attempt records"
    if not attempts.usable:
        return f"every attempt was quarantined, most often as {_most_common(funnel.quarantined)}"
    if not funnel.credited_sessions:
        return "no session has a credited pass"
    if funnel.dropped:
        return f"every pair was dropped, most often as {_most_common(funnel.dropped)}"
    chosen = [strategy.name for strategy in options.pairs]
    others = [name for name in STRATEGIES if name not in chosen]
    return f"no attempts fit {', '.join(chosen)}" + (
        f"; try --pairs {others[-1]}" if others else ""
    )


def _most_common(reasons: Counter[Any]) -> str:
    reason, count = reasons.most_common(1)[0]
    return f"{reason} ({count})"
