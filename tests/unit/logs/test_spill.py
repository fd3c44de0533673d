"""References on disk: few files, whatever the number of scans, and each in its place."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.logs import spill
from botcoin_dpo.logs.references import ChallengeRef, Location, Partitions, pack_challenge
from botcoin_dpo.logs.scan_logs import _partition_count
from botcoin_dpo.logs.spill import SpillMerger, Spills, spill_partitions


def reference(number: int, challenge: int) -> bytes:
    digest = hashlib.sha256(str(challenge).encode()).digest()[:16]
    return pack_challenge(ChallengeRef(Location(number, 0, 1, 1, 0), digest, 0, False, bytes(16)))


def put_all(folder: Path, scans: list[list[int]], count: int) -> SpillMerger:
    """Put the challenge records of some scans on shelves, each of the scan's number."""
    merger = SpillMerger(folder)
    for number, challenges in enumerate(scans):
        partitions = Partitions(count)
        for challenge in challenges:
            partitions.add_challenge(reference(number, challenge))
        if challenges:
            merger.add(spill_partitions(partitions, folder / f"{number}.references"))
    return merger


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=40), st.sampled_from([1, 8, 4096])
)
def test_a_partition_finds_its_references_in_the_order_of_the_logs(
    tmp_path_factory: pytest.TempPathFactory, scans: list[list[int]], count: int
) -> None:
    folder = tmp_path_factory.mktemp("shelves")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spill, "_MERGED", 3)
        kept = put_all(folder, scans, count).spills()
    filled = {path for path in folder.iterdir() if path.stat().st_size}
    assert {spill.path for spill in kept} == filled
    assert len(kept) <= 2 * 4  # of 1, 3, 9 and 27 scans
    on_disk = Spills(kept, count)
    found = [ref for number in range(count) for ref in on_disk.challenges(number)]
    assert not any(on_disk.attempts(number) for number in range(count))
    expected = [(number, each) for number, scan in enumerate(scans) for each in scan]
    assert sorted(ref.location.file for ref in found) == [number for number, _ in expected]
    by_challenge: dict[bytes, list[int]] = {}
    for ref in found:
        by_challenge.setdefault(ref.challenge, []).append(ref.location.file)
    assert all(files == sorted(files) for files in by_challenge.values())


def test_what_is_held_of_many_scans_is_bounded(tmp_path: Path) -> None:
    scans = [list(range(number % 7, 300)) for number in range(650)]
    kept = put_all(tmp_path, scans, 4096).spills()
    assert len(kept) == 650 // 64 + 650 % 64
    held = sum(len(spill.slots) * 4 + len(spill.ends) * 8 for spill in kept)
    assert held < 12 * 300 * len(kept)  # ends of all partitions of all scans would be 43 MB
    ref = len(reference(0, 0))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == ref * sum(map(len, scans))


def test_small_files_get_as_many_partitions_as_large_ones() -> None:
    small = [LogFile(Path("a.jsonl"), "a.jsonl", size=30_000)] * 1_000_000
    assert _partition_count(small, 32 * 10**6) == 1024
    assert _partition_count(small[:10], 32 * 10**6) == 1
