"""What a build has made, added up, before anything of it is published; and writing it down."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from botcoin_dpo.building.funnel import Funnel, make_funnel
from botcoin_dpo.building.options import BuildOptions
from botcoin_dpo.building.partition import BuiltPartition, PartitionCounts
from botcoin_dpo.contract.rejections import Reason
from botcoin_dpo.dataset.card import write_card
from botcoin_dpo.dataset.facts import Facts, facts_in
from botcoin_dpo.dataset.index_files import index_files_in
from botcoin_dpo.dataset.line_files import WrittenFile, shards_in
from botcoin_dpo.dataset.listed_files import IndexFile, Shard
from botcoin_dpo.dataset.manifest import make_manifest, write_manifest
from botcoin_dpo.dataset.parts import Part, PartKey, count_rows, parts_in
from botcoin_dpo.dataset.quarantine import Quarantine
from botcoin_dpo.engines.blobs import Bins, Blob
from botcoin_dpo.logs.found_logs import FoundLogs
from botcoin_dpo.logs.gathering import ScannedFile
from botcoin_dpo.sessions.unsafe_prompts import UnsafePrompts, all_unsafe_prompts
from botcoin_dpo.version import __version__


class BuiltPartitions:
    """What all partitions come to, added up in their order."""

    def __init__(self, keys: Sequence[PartKey]) -> None:
        """Add up partitions that were built with some keys."""
        self._keys = keys
        self.counts: list[PartitionCounts] = []
        self.parts: defaultdict[PartKey, list[Part]] = defaultdict(list)
        self.rejections: list[Blob] = []
        """The quarantine entries; see `RejectionReader`."""
        self.rejected: Counter[Reason] = Counter()
        """How many records they quarantined, and why."""

    def add(self, built: BuiltPartition, bins: Bins) -> Iterable[Part]:
        """Add the next partition, and return its parts."""
        self.counts.append(built.counts)
        self.rejections.append(bins.blob(len(self._keys)))
        self.rejected.update(built.rejections)
        parts = parts_in(bins, self._keys, built.parts)
        for key, part in parts.items():
            self.parts[key].append(part)
        return parts.values()


@dataclass(frozen=True, slots=True)
class Built:
    """Everything made, nothing published."""

    files: list[ScannedFile]
    funnel: Funnel
    shards: list[Shard]
    facts: Facts | None
    quarantine: Quarantine
    index_files: list[IndexFile]
    unsafe_prompts: UnsafePrompts


def add_up(
    files: list[ScannedFile],
    found: FoundLogs,
    partitions: BuiltPartitions,
    quarantine: Quarantine,
    written: Sequence[WrittenFile],
    options: BuildOptions,
) -> Built:
    """Return everything that was made, with what became of each record.

    Args:
        files: the log files, as they were scanned.
        found: the log files, as they were found.
        partitions: all partitions.
        quarantine: what scans quarantined; what partitions did is added.
        written: the files of rows, of facts and of the index.
        options: what shaped all that.
    """
    quarantine.add(partitions.rejections, partitions.rejected)
    counts = partitions.counts
    funnel = make_funnel(
        files=files,
        skipped=found.skipped,
        grouped=[count.grouped for count in counts],
        pairs=count_rows(partitions.parts, options.part_keys),
        quarantined=quarantine.by_reason,
        dropped=sum((count.dropped for count in counts), Counter()),
    )
    return Built(
        files,
        funnel,
        shards_in(written),
        facts_in(written, partitions.parts) if options.attempts else None,
        quarantine,
        index_files_in(written),
        all_unsafe_prompts(count.grouped.unsafe_prompts for count in counts),
    )


def write_rest(folder: Path, built: Built, options: BuildOptions) -> None:
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
        index_files=built.index_files,
    )
    write_manifest(manifest, folder)
    meanings = {strategy.name: strategy.meaning for strategy in options.pairs}
    write_card(manifest, meanings, built.shards, folder)
