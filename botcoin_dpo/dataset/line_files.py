"""Writes the files of a plan, any number of them at the same time."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from botcoin_dpo.dataset.file_plan import PlannedFile
from botcoin_dpo.dataset.listed_files import Shard
from botcoin_dpo.dataset.parts import FileKey
from botcoin_dpo.engines import Engine, run_jobs
from botcoin_dpo.engines.progress import Progress, ProgressCounter, advance
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.files.hashed_file import HashedFile

_PIECE = 1 << 20


class WrittenFile(NamedTuple):
    """A file of lines."""

    path: str
    """Relative to the dataset."""
    key: FileKey
    lines: int
    bytes: int
    sha256: str


def write_files(
    planned: Sequence[PlannedFile], folder: Path, engine: Engine, progress: Progress | None = None
) -> Iterator[WrittenFile]:
    """Write files, yield what each became, and discard parts once all their lines are written.

    Args:
        planned: the files.
        folder: the dataset's.
        engine: runs the jobs, if they see the folder.
        progress: called with the bytes that are written.
    """
    counter = ProgressCounter(progress, "writing", sum(file.bytes for file in planned))
    writer = engine if engine.sees_files else SingleProcess()
    results = run_jobs(writer, write_file, planned, counter, folder)
    for file, written in zip(planned, results, strict=True):
        for piece in file.pieces:
            if piece.is_last:
                piece.blob.discard()
        yield written


def shards_in(written: Iterable[WrittenFile]) -> list[Shard]:
    """Return the files of rows, as the manifest lists them."""
    return [
        Shard(file.path, *file.key, file.lines, file.bytes, file.sha256)
        for file in written
        if not isinstance(file.key, str)
    ]


def write_file(planned: PlannedFile, folder: Path) -> WrittenFile:
    """Write one file, hashed on the way."""
    with HashedFile(folder / planned.path) as file:
        for blob, start, end, _ in planned.pieces:
            for at in range(start, end, _PIECE):
                data = blob.read(at, min(at + _PIECE, end))
                file.write(data)
                advance(len(data))
    return WrittenFile(planned.path, planned.key, planned.lines, file.size, file.sha256)
