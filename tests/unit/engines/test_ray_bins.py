"""Bins in the memory of a cluster, with a dictionary in place of the cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.engines import Engine, bin_merging, ray_bins
from botcoin_dpo.engines.bin_merging import BinMerger
from botcoin_dpo.engines.blobs import BinPlan, Bins, JoinedBins
from botcoin_dpo.engines.ray_bins import (
    ClusterSink,
    RayBins,
    Stored,
    filled_bins,
    merge_bins,
    object_count,
)

JOBS = st.lists(st.dictionaries(st.integers(0, 12), st.binary(max_size=9)), max_size=40)


class Objects:
    """Keeps objects, and runs each job at once."""

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        self.kept: dict[int, bytes] = {}
        patched.setattr(Stored, "view", lambda stored: memoryview(self.kept[stored.ref]))

    def keep(self, data: Any) -> int:
        self.kept[len(self.kept)] = bytes(data)
        return len(self.kept) - 1

    def start(
        self, returns: int, name: str, function: Callable[..., Any], /, *arguments: Any
    ) -> list[Any]:
        values = 2 if name == "merge" else 0
        content = (self.kept[ref] for ref in arguments[values:])
        made = function(*arguments[:values], *content)
        results = made if isinstance(made, list) else [made]
        assert len(results) == returns
        return [self.keep(result) for result in results]

    def merge(self, bins: Sequence[Bins], plan: BinPlan) -> Bins:
        return merge_bins(cast(Sequence[RayBins], bins), self.start)

    def merged(self, jobs: list[dict[int, bytes]], plan: BinPlan) -> JoinedBins:
        """Let each job put some bytes into some bins, in two steps."""
        merger = BinMerger(cast(Engine, self), plan)
        for job in jobs:
            sink = ClusterSink()
            for number, data in job.items():
                sink.add(number, data[:3])
                sink.add(number, data[3:])
            refs = [self.keep(each) for each in sink.objects(plan)]
            assert len(refs) == object_count(plan)
            merger.add(filled_bins(refs, sink.sizes(plan), plan))
        return merger.finish()


@given(JOBS, st.integers(0, 13), st.integers(2, 5), st.integers(0, 20))
def test_a_bin_holds_what_all_jobs_put_there_in_their_order(
    jobs: list[dict[int, bytes]], together: int, fan: int, most_joined: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bin_merging, "_MERGED", fan)
        patched.setattr(ray_bins, "_LARGEST_JOINED", most_joined)
        bins = Objects(patched).merged(jobs, BinPlan(13, Path("unused"), together))
        for number in range(13):
            expected = b"".join(job.get(number, b"") for job in jobs)
            blob = bins.blob(number)
            assert (blob.read(), len(blob)) == (expected, len(expected))
            assert blob.read(1, 4) == expected[1:4]


def test_few_objects_are_read_for_a_bin_and_few_handles_are_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bin_merging, "_MERGED", 4)
    jobs = [dict.fromkeys(range(100), b"x") for _ in range(255)]
    objects = Objects(monkeypatch)
    bins = objects.merged(jobs, BinPlan(100, Path("unused"), 100))
    assert sum(len(cast(RayBins, each).packs) for each in bins.bins) <= 2 * len(jobs)
    assert len(bins.blob(7).blobs) == 4 * 3
    largest = cast(RayBins, bins.bins[0])
    assert len(objects.kept[largest.packs[0].ref]) < 64 * 3 + 100  # two of its bins, and their ends
