"""Scans of all segments: how they are grouped makes no difference, and little is held of them."""

import tracemalloc
from array import array
from collections import Counter, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botcoin_dpo import simulate
from botcoin_dpo.engines.blobs import BinPlan, Bins, Filled, JoinedBins, JoinedBlob
from botcoin_dpo.engines.file_bins import FileBins, Run
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.segments import Segments
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.rejected_records import RejectionReader
from botcoin_dpo.logs.scan import ScanCounts, ScanJob, ScannedSegment, ScanPlan, scan_group
from botcoin_dpo.logs.scan_bins import ScanBins
from botcoin_dpo.logs.scan_logs import _partition_count, scan_logs
from tests.builders import challenge, recovery, write_log
from tests.toys.engine import fill

NUMBERS, ENDS = array("I", range(8194)), array("Q", range(1, 8195))


def bins_of(plan: BinPlan) -> FileBins:
    return FileBins((Run(plan.scratch / "file", NUMBERS[: plan.count], ENDS[: plan.count]),))


class Simulated:
    """Scans nothing: says of each segment that something in it belongs to every partition."""

    workers = 2
    memory = 10**9
    sees_files = True

    def put(self, value: Any) -> Any:
        return value

    def submit(
        self, function: Callable[..., Any], *arguments: Any, bins: BinPlan | None = None
    ) -> Filled:
        group: Sequence[ScanJob]
        plan: ScanPlan
        group, plan = arguments
        assert bins is not None and bins.count == plan.bins.count
        return Filled([scanned(job) for job in group], bins_of(bins))

    def get(self, handle: Filled, advance: Callable[[int], None]) -> Filled:
        return handle

    def merge(self, bins: Sequence[Bins], plan: BinPlan) -> FileBins:
        return bins_of(plan)

    def release(self) -> None:
        pass


def scanned(job: ScanJob) -> ScannedSegment:
    blocks = [bytes(16)]
    counts = ScanCounts(1000, 0, 1000)
    return ScannedSegment(counts, Counter(), job.segment.size, blocks, True, None, 1000, 1000)


def test_memory_holds_little_of_each_segment(tmp_path: Path) -> None:
    """100,000 segments of 3 TB may take 500 MB, so a tenth of them 50 MB and what does not grow."""
    large = LogFile(Path("a.jsonl"), "a.jsonl", size=5_000 << 25)
    small = [LogFile(Path(f"{n}.jsonl"), f"{n}.jsonl", size=1 << 25) for n in range(5_000)]
    tracemalloc.start()
    try:
        with scan_logs([large, *small], tmp_path, Simulated(), record_limit=10**6) as logs:
            assert logs.partitions == 4096
            assert len(logs.segments) == 10_000
            attempts = next(logs.references()).packed_attempts
            assert isinstance(attempts, JoinedBlob) and len(attempts.blobs) < 3 * 64
            assert logs.files[0].counts.attempts == 5_000_000
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


@given(st.lists(st.integers(1, 5), max_size=5), st.sampled_from([1, 2, 16]))
@settings(max_examples=10)
def test_it_makes_no_difference_how_segments_are_grouped(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], partitions: int
) -> None:
    folder = tmp_path_factory.mktemp("scans")
    simulate(folder / "logs", challenges=2, miners=2, noise=0.3, format="mixed", files=9)
    plan = ScanPlan(ScanBins(partitions), 10**6)
    jobs = [ScanJob(segment) for segment in Segments(find_logs([folder / "logs"]).files)]
    one_by_one = [fill(scan_group, [job], plan) for job in jobs]
    groups, waiting = [], deque(jobs)
    for size in [*sizes, len(jobs)]:
        group = [waiting.popleft() for _ in range(min(size, len(waiting)))]
        groups.append(fill(scan_group, group, plan))
    assert not waiting
    assert [each for filled in groups for each in filled.result] == [
        each for filled in one_by_one for each in filled.result
    ]
    for number in range(plan.bins.count):
        found, expected = (
            JoinedBins([filled.bins for filled in way]).blob(number).read()
            for way in (groups, one_by_one)
        )
        assert found == expected


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_scan_needs_no_folder(tmp_path: Path, name: str) -> None:
    log = write_log(tmp_path / name, [*recovery(), b"{", challenge()])
    plan = ScanPlan(ScanBins(1), 10**6)
    (segment,) = Segments(find_logs([log]).files)
    (scanned,), bins = fill(scan_group, [ScanJob(segment)], plan)
    (entry,) = RejectionReader([bins.blob(plan.bins.rejections)]).entries()
    assert scanned.rejections == {entry.cause.reason: 1}
    assert list(tmp_path.iterdir()) == [log]


def test_small_files_get_as_many_partitions_as_large_ones() -> None:
    small = [LogFile(Path("a.jsonl"), "a.jsonl", size=30_000)] * 1_000_000
    assert _partition_count(Segments(small), 32 * 10**6) == 1024
    assert _partition_count(Segments(small[:10]), 32 * 10**6) == 1


def test_small_files_are_packed_so_that_all_workers_have_some(tmp_path: Path) -> None:
    class Counting(SingleProcess):
        workers = 4
        jobs = 0

        def submit(self, *arguments: Any, **options: Any) -> Any:
            self.jobs += 1
            return super().submit(*arguments, **options)

    for number in range(100):
        write_log(tmp_path / f"logs/{number}.jsonl", recovery())
    files = find_logs([tmp_path / "logs"]).files
    engine = Counting()
    (tmp_path / "scratch").mkdir()
    with scan_logs(files, tmp_path / "scratch", engine, record_limit=10**6):
        assert 4 <= engine.jobs < 100
