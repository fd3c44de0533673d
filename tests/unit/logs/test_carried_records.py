"""Records that travel with their references are what lies in the logs, and take little memory."""

import gzip
import random
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botcoin_dpo import InputError, build
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.engines.single import SingleProcess
from botcoin_dpo.logs import carried_records, carrying, scan
from botcoin_dpo.logs.discovery import find_logs
from botcoin_dpo.logs.record_reader import RecordReader
from botcoin_dpo.logs.references import Ref
from botcoin_dpo.logs.scan_logs import ScannedLogs, scan_logs
from tests.builders import SHARED, all_bytes, attempt, challenge, session, shard_bytes, write_log

_limits = st.fixed_dictionaries(
    {
        "most_gathered": st.sampled_from([1, 4_000, 10**9]),
        "largest_frame": st.sampled_from([1, 5_000, 10**9]),
        "most_kept": st.sampled_from([0, 6_000, 10**9]),
        "most_fetched": st.sampled_from([0, 10**9]),
    }
)

_records = st.lists(
    st.tuples(
        st.sampled_from(["attempt", "challenge", "session", "mixed session"]),
        st.integers(1, 5),  # challenge
        st.sampled_from(["0xaa", "0xbb", "carol"]),
        st.integers(1, 3),  # attempts
        st.integers(0, 1),  # bytes more
    ),
    min_size=1,
    max_size=12,
)


@contextmanager
def limited(limits: dict[str, int]) -> Iterator[None]:
    """Gather and keep little, so that a small log has many frames."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carrying, "MOST_GATHERED", limits["most_gathered"])
        patch.setattr(carrying, "LARGEST_FRAME", limits["largest_frame"])
        patch.setattr(carried_records, "MOST_KEPT", limits["most_kept"])
        patch.setattr(carried_records, "MOST_FETCHED", limits["most_fetched"])
        yield


def made(records: list[Any]) -> list[dict[str, Any]]:
    """Return records; a mixed session has attempts at two challenges."""
    result = []
    for kind, number, miner, count, more in records:
        attempts = [
            attempt(index, passed=index == count, challenge=f"0x{number:02}", miner=miner,
                    number=number, extra="x" * more)
            for index in range(1, count + 1)
        ]  # fmt: skip
        if kind == "attempt":
            result += attempts
        elif kind == "challenge":
            result.append(challenge(f"0x{number:02}", number))
        elif kind == "session":
            result.append(session(attempts))
        else:
            other = attempt(1, challenge="0x77", miner=miner, number=number)
            result.append(session([*attempts, other], set(SHARED) - {"challenge_id"}))
    return result


@contextmanager
def scanned(log: Path, **options: Any) -> Iterator[ScannedLogs]:
    scratch = log.parent / f"scratch-{log.name}"
    scratch.mkdir()
    options.setdefault("partition_bytes", 3_000)
    with scan_logs(
        find_logs([log]).files, scratch, SingleProcess(), record_limit=10**6, **options
    ) as logs:
        yield logs


def readers(logs: ScannedLogs) -> Iterator[tuple[RecordReader, list[Ref]]]:
    """Yield what reads each partition, and its references."""
    for references in logs.references():
        reader = RecordReader(references.records(logs.in_place))
        yield reader, [*references.attempts(), *references.challenges()]


def as_read(log: Path, seed: int) -> dict[int, tuple[bytes, bytes | None]]:
    """Return each record and what it takes of its session by offset, read in any order, twice."""
    found: dict[int, tuple[bytes, bytes | None]] = {}
    with scanned(log) as logs:
        for reader, refs in readers(logs):
            for ref in random.Random(seed).sample(refs * 2, 2 * len(refs)):
                raw, head = reader._read(ref)
                read = raw, head.raw if head is not None else None
                assert found.setdefault(ref.location.offset, read) == read
    return found


@settings(max_examples=40)
@given(records=_records, limits=_limits, seed=st.integers(0, 10**6))
def test_they_are_what_lies_in_the_log(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[Any],
    limits: dict[str, int],
    seed: int,
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    plain = write_log(folder / "a.jsonl", made(records))
    expected = as_read(plain, seed)
    assert expected
    with limited(limits):
        for name in ("a.jsonl.gz", "a.jsonl.zst"):
            assert as_read(write_log(folder / name, made(records)), seed) == expected


@settings(max_examples=20)
@given(
    files=st.lists(
        st.tuples(st.sampled_from(["jsonl", "jsonl.gz", "jsonl.zst"]), _records),
        min_size=2,
        max_size=4,
    ),
    limits=_limits,
    update_after=st.integers(1, 3),
)
def test_builds_do_not_show_what_was_carried(
    tmp_path_factory: pytest.TempPathFactory,
    files: list[tuple[str, list[Any]]],
    limits: dict[str, int],
    update_after: int,
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    options: dict[str, Any] = {"pairs": PAIR_TYPES, "attempts": True, "allow_empty": True}
    for number, (kind, records) in enumerate(files):
        write_log(folder / f"plain/{number}.jsonl", made(records))
        write_log(folder / f"mixed/{number}.{kind}", made(records))
    build(folder / "plain", folder / "expected", **options)
    build(folder / "mixed", folder / "full", **options)
    assert shard_bytes(folder / "full") == shard_bytes(folder / "expected")
    with limited(limits), pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_FRAME_OF_REFERENCES", 500)  # frames of the index have few
        build(folder / "mixed", folder / "frames", **options)
        later = sorted((folder / "mixed").iterdir())[update_after:]
        for path in later:
            path.rename(folder / path.name)
        build(folder / "mixed", folder / "grown", **options)
        for path in later:
            (folder / path.name).rename(path)
        build(folder / "mixed", folder / "grown", update=True, memory_mb=0.001, **options)
    assert all_bytes(folder / "grown") == all_bytes(folder / "frames")
    differing = {"index/part-00000.bin", "manifest.json"}  # the index was cut into other frames
    full, frames = all_bytes(folder / "full"), all_bytes(folder / "frames")
    assert all(frames[name] == full[name] for name in full.keys() - differing)


def large_log(path: Path, attempts: int, **changes: Any) -> Path:
    """Write attempts of some kilobytes at one challenge, which a compressor can do little with."""
    digits = random.Random(4)
    return write_log(
        path,
        (
            attempt(miner=f"0x{number:04x}", extra=f"{digits.getrandbits(32_000):x}", **changes)
            for number in range(attempts)
        ),
    )


def test_memory_holds_a_few_frames_of_a_challenge_however_large_it_is(tmp_path: Path) -> None:
    log = large_log(tmp_path / "a.jsonl.gz", 1_000)
    size = len(gzip.decompress(log.read_bytes()))
    assert size > 8_000_000
    limits = {
        "most_gathered": 400_000,
        "largest_frame": 100_000,
        "most_kept": 300_000,
        "most_fetched": 0,
    }
    with limited(limits), scanned(log) as logs:
        for reader, refs in readers(logs):
            random.Random(1).shuffle(refs)
            tracemalloc.start()
            try:
                for ref in refs[:200]:
                    assert len(reader.read(ref)) == ref.location.length
                assert tracemalloc.get_traced_memory()[1] < 1_500_000
            finally:
                tracemalloc.stop()


def test_a_scan_holds_what_it_gathers_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = 0
    added = carrying.RecordCarrier.add

    def add(carrier: carrying.RecordCarrier, *record: Any) -> None:
        nonlocal largest
        added(carrier, *record)
        held = [raw for each in carrier._gathered.values() for raw in each.frame.records.values()]
        assert sum(map(len, held)) == carrier._size
        largest = max(largest, carrier._size)

    monkeypatch.setattr(carrying.RecordCarrier, "add", add)
    monkeypatch.setattr(carrying, "MOST_GATHERED", 100_000)
    records = [attempt(challenge=f"0x{number:03x}") for number in range(300)]
    with scanned(write_log(tmp_path / "a.jsonl.gz", records)) as logs:
        assert sum(len(refs) for _, refs in readers(logs)) == 300
    assert 90_000 < largest < 100_000


def test_nothing_of_a_compressed_log_is_copied(tmp_path: Path) -> None:
    records = [attempt(index, miner=f"0x{n:03x}") for n in range(500) for index in (1, 2)]
    log = write_log(tmp_path / "a.jsonl.gz", records)
    size = len(gzip.decompress(log.read_bytes()))
    with scanned(log, partition_bytes=10**9):
        kept = sum(path.stat().st_size for path in tmp_path.rglob("scratch-*/*/*"))
    assert kept < size / 4


def test_a_carried_log_may_be_gone_once_it_was_scanned(tmp_path: Path) -> None:
    plain = write_log(tmp_path / "a.jsonl", [attempt()])
    packed = write_log(tmp_path / "b.jsonl.gz", [attempt()])
    for log in (plain, packed):
        with scanned(log) as logs:
            data = log.read_bytes()
            log.unlink()
            ((reader, (ref,)),) = ((reader, refs) for reader, refs in readers(logs) if refs)
            if log == packed:
                assert reader.read(ref) == gzip.decompress(data).rstrip(b"\n")
            else:
                with pytest.raises(InputError, match=r"a\.jsonl: .*; it was readable before"):
                    reader.read(ref)
