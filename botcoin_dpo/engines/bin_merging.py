"""Merges what very many jobs put into very many bins, so that little is held of it.

There may be 100,000 scans and 4,096 partitions: where each bin of each job ends would be gigabytes.
"""

from botcoin_dpo.engines import Engine
from botcoin_dpo.engines.blobs import BinPlan, Bins, JoinedBins

_MERGED = 64
"""Bins that become one. Fewer are kept of each size: 63 of one job, 63 of 64 jobs, and so on. Of a
million jobs with 8,192 bins in files, what is held of them in memory is 25 MB at most."""


class BinMerger:
    """Merges the bins of all jobs, in their order."""

    def __init__(self, engine: Engine, plan: BinPlan) -> None:
        """Let an engine merge bins that its jobs filled by a plan."""
        self._engine, self._plan = engine, plan
        self._by_size: list[list[Bins]] = []

    def add(self, bins: Bins) -> None:
        """Add the bins of a job; they may be merged with others."""
        for same in self._by_size:
            same.append(bins)
            if len(same) < _MERGED:
                return
            bins = self._engine.merge(same, self._plan)
            same.clear()
        self._by_size.append([bins])

    def finish(self) -> JoinedBins:
        """Return what all jobs put into their bins: the larger came before."""
        return JoinedBins([bins for same in reversed(self._by_size) for bins in same])
