"""Bins of many jobs: few are held, and what lies in each is there in the order of the jobs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.engines import bin_merging, file_bins
from botcoin_dpo.engines.bin_merging import BinMerger
from botcoin_dpo.engines.blobs import BinPlan, JoinedBins
from botcoin_dpo.engines.file_bins import FileSink
from botcoin_dpo.engines.single import SingleProcess

JOBS = st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=40)


def merged(folder: Path, jobs: list[list[int]]) -> JoinedBins:
    """Let each job put its number into some bins."""
    merger = BinMerger(SingleProcess(), BinPlan(10, folder))
    for job, numbers in enumerate(jobs):
        sink = FileSink(folder)
        for number in numbers:
            sink.add(number, f"{job} ".encode())
        merger.add(sink.finish())
    return merger.finish()


@given(JOBS, st.integers(3, 1000))
def test_a_bin_holds_what_all_jobs_put_there_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, jobs: list[list[int]], most_held: int
) -> None:
    folder = tmp_path_factory.mktemp("bins")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bin_merging, "_MERGED", 3)
        patched.setattr(file_bins, "_MERGED", 2)
        patched.setattr(file_bins, "_MOST_HELD", most_held)
        bins = merged(folder, jobs)
    assert len(bins.bins) <= 2 * 4  # of 1, 3, 9 and 27 jobs
    for number in range(10):
        expected = [job for job, numbers in enumerate(jobs) for each in numbers if each == number]
        assert bins.blob(number).read().split() == [str(job).encode() for job in expected]


def test_what_is_held_of_many_jobs_is_bounded(tmp_path: Path) -> None:
    jobs = [list(range(job % 7, 300)) for job in range(650)]
    bins = merged(tmp_path, jobs)
    assert len(bins.bins) == 650 // 64 + 650 % 64
    content = sum(len(f"{job} ") * len(numbers) for job, numbers in enumerate(jobs))
    # What was merged takes no room any more.
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == content
