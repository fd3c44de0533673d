"""The shards: one task decides which lines go into which file, and the others write a file each."""

from itertools import groupby

from botcoin_dpo.building.built import BuiltPartitions
from botcoin_dpo.contract.layout import INDEX
from botcoin_dpo.dataset.file_plan import Piece, PlannedFile, file_path, plan_files
from botcoin_dpo.dataset.index_files import with_head
from botcoin_dpo.dataset.line_files import write_file
from botcoin_dpo.dataset.parts import FileKey
from botcoin_dpo.engines.progress import Progress, ProgressCounter, listening
from botcoin_dpo.engines.stored_bins import StoredBlob
from botcoin_dpo.files.scratch import scratch_folder
from botcoin_dpo.logs.index import index_head
from botcoin_dpo.stages.scanning import index_parts
from botcoin_dpo.stages.summaries import (
    BuildSummary,
    PlannedPiece,
    PlannedShard,
    ShardPlan,
    ShardSummary,
    are_sizes,
)
from botcoin_dpo.stages.work import Stage, TaskResult, Work
from botcoin_dpo.version import __version__


def run_plan_shards(work: Work) -> int:
    """Decide which lines go into which file, and return how many files there are.

    Args:
        work: what was planned; all builds are done.

    Raises:
        UsageError: a build is not done.
        InputError: what a build left cannot be read.
        OutputError: there is no room.
    """
    work.run("plan-shards", 1, 1, lambda _: _plan_shards(work))
    return len(planned_shards(work))


def run_shard(work: Work, number: int, progress: Progress | None = None) -> TaskResult:
    """Write one file of the dataset.

    Args:
        work: what was planned, shards included.
        number: of the file; the first is 1.
        progress: called with bytes written.

    Raises:
        UsageError: there is no such file, or they are not planned yet.
        InputError: what a build left cannot be read.
        OutputError: there is no room.
    """
    planned = planned_shards(work)

    def write(number: int) -> ShardSummary:
        return _write_shard(work, number, planned[number - 1], progress)

    return work.run("shard", number, len(planned), write)


def built_partitions(work: Work) -> BuiltPartitions:
    """Return what all builds left.

    Raises:
        UsageError: a build is not done.
        InputError: what one left cannot be read.
    """
    work.require("build", work.plan.builds)
    keys = work.plan.options.options().part_keys
    partitions = BuiltPartitions(keys)
    for number in range(1, work.plan.builds + 1):
        summary = work.summary("build", number, BuildSummary)
        is_sound = all(are_sizes(size) for size in summary.sizes if size)
        if len(summary.sizes) != len(keys) or not is_sound:
            raise work.damaged("build", number)
        partitions.add(summary.built(keys), work.bins("build", number, len(keys) + 1))
    return partitions


def planned_shards(work: Work) -> list[PlannedFile]:
    """Return the files of the dataset that hold lines.

    Raises:
        UsageError: they are not planned yet.
        InputError: what was planned cannot be read.
    """
    work.require("plan-shards", 1)
    shards = work.summary("plan-shards", 1, ShardPlan).shards
    keys = _file_keys(work)
    head = index_head(__version__, work.plan.options.options().record_limit)
    planned: list[PlannedFile] = []
    for number, group in groupby(shards, key=lambda shard: shard.key):
        files = list(group)
        are_sound = all(piece.is_sound for shard in files for piece in shard.pieces)
        if number >= len(keys) or not are_sound:
            raise work.damaged("plan-shards", 1)
        key = keys[number]
        made_by: Stage = "scan" if key == INDEX else "build"
        found = [
            PlannedFile(
                file_path(key, at, len(files)),
                key,
                shard.lines,
                [_piece(work, made_by, piece) for piece in shard.pieces],
            )
            for at, shard in enumerate(files)
        ]
        planned += [with_head(file, head) for file in found] if key == INDEX else found
    return planned


def _plan_shards(work: Work) -> ShardPlan:
    options = work.plan.options.options()
    keys = _file_keys(work)
    planned = plan_files(built_partitions(work).parts, options.part_keys, options.shard_bytes)
    planned += plan_files({INDEX: list(index_parts(work))}, [INDEX], options.shard_bytes)
    tasks: list[tuple[Stage, int]] = [("scan", work.plan.scans), ("build", work.plan.builds)]
    names = {
        work.name(stage, number, "bins"): number
        for stage, count in tasks
        for number in range(1, count + 1)
    }
    return ShardPlan(
        [
            PlannedShard(
                keys.index(file.key), file.lines, [_stored(piece, names) for piece in file.pieces]
            )
            for file in planned
        ]
    )


def _file_keys(work: Work) -> list[FileKey]:
    return [*work.plan.options.options().part_keys, INDEX]


def _stored(piece: Piece, tasks: dict[str, int]) -> PlannedPiece:
    """Return where a piece lies in what a task left."""
    blob = piece.blob
    assert isinstance(blob, StoredBlob)
    return PlannedPiece(tasks[blob.name], blob.start + piece.start, blob.start + piece.end)


def _piece(work: Work, kind: Stage, piece: PlannedPiece) -> Piece:
    name = work.name(kind, piece.task, "bins")
    blob = StoredBlob(work.folder, name, piece.start, piece.end)
    return Piece(blob, 0, len(blob), True)


def _write_shard(
    work: Work, number: int, planned: PlannedFile, progress: Progress | None
) -> ShardSummary:
    counter = ProgressCounter(progress, "writing", planned.bytes)
    with scratch_folder() as scratch, listening(counter.add):
        written = write_file(planned, scratch)
        work.folder.put(work.name("shard", number, "file"), scratch / written.path)
    return ShardSummary(written.bytes, written.sha256)
