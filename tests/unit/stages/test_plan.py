"""A plan divides all segments into tasks of a size, and is read back as it was made."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from botcoin_dpo import InputError, UsageError
from botcoin_dpo.building.options import BuildOptions
from botcoin_dpo.files.input_file import LogFile
from botcoin_dpo.files.remote_path import RemotePath, Version
from botcoin_dpo.files.segments import BLOCK, Segments
from botcoin_dpo.logs.found_logs import FoundLogs
from botcoin_dpo.stages.json_objects import decode, encode
from botcoin_dpo.stages.plan import Plan, make_plan

BUCKET = "s3://bucket"


def remote(name: str, size: int, **kind: str) -> LogFile:
    version = Version(size, f'"{name}"', datetime(2026, 1, 2, 3, 4, 5, 678, UTC))
    return LogFile(RemotePath(BUCKET, name, version), name, size=size, **kind)  # type: ignore[arg-type]


def plan_of(files: list[LogFile], task_mb: float | None = None) -> Plan:
    out = RemotePath(BUCKET, "out")
    return make_plan(["logs"], FoundLogs(files), out, BuildOptions(), task_mb)


@given(st.lists(st.integers(0, 3 * BLOCK), min_size=1, max_size=30), st.integers(1, 200))
def test_each_segment_is_in_one_group(sizes: list[int], task_mb: int) -> None:
    files = [remote(f"{number}.jsonl", size) for number, size in enumerate(sizes)]
    plan = plan_of(files, task_mb)
    assert plan.is_sound
    groups = [plan.group(number) for number in range(1, plan.scans + 1)]
    assert [segment for group in groups for segment in group] == list(Segments(files))
    totals = [sum(segment.size for segment in group) for group in groups]
    for group, size in zip(groups, totals, strict=True):
        assert size <= task_mb * 10**6 or len(group) == 1
    for size, following in zip(totals, groups[1:], strict=False):
        assert size + following[0].size > task_mb * 10**6


def test_there_are_at_most_a_thousand_tasks_unless_a_size_is_asked_for() -> None:
    files = [remote(f"{number}.jsonl", 10**9) for number in range(10_000)]
    plan = plan_of(files)
    assert (plan.scans, plan.builds) == (1000, 512)
    plan = plan_of(files, 2000)
    assert (plan.scans, plan.builds) == (5000, 4096)
    assert plan_of(files[:3]).scans == 3


def test_small_files_are_packed_and_compressed_ones_count_for_more() -> None:
    assert plan_of([remote(f"{number}.jsonl", 10**6) for number in range(1500)]).scans == 2
    packed = [remote(f"{number}.jsonl.gz", 10**6, compression="gz") for number in range(1500)]
    assert plan_of(packed).scans == 12


def test_a_plan_is_read_back_as_it_was_made() -> None:
    files = [
        remote("a.jsonl", 3 * BLOCK),
        remote("b.json.gz", 5, layout="values", compression="gz"),
    ]
    plan = plan_of(files)
    content = encode(plan)
    again = decode(content, Plan)
    assert again == plan
    assert again.found().files == files
    assert encode(again) == content
    assert again.options.options() == BuildOptions()


def test_a_plan_with_another_byte_is_none() -> None:
    content = encode(plan_of([remote("a.jsonl", 1)]))
    for at in range(0, len(content), 7):
        assert decode(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :], Plan) is None


@pytest.mark.parametrize(
    ("ends", "partitions"),
    [([], 1), ([0, 2], 1), ([1], 1), ([2, 1], 1), ([2], 3), ([2], 0), ([2], 8192)],
)
def test_a_plan_that_makes_no_sense_is_not_sound(ends: list[int], partitions: int) -> None:
    plan = plan_of([remote("a.jsonl", 1), remote("b.jsonl", 1)])
    assert plan.is_sound
    assert not structs.replace(plan, group_ends=ends, partitions=partitions).is_sound


def test_no_secret_is_planned(tmp_path: Path) -> None:
    version = Version(5, None, datetime(2026, 1, 1, tzinfo=UTC))
    signed = RemotePath("https://example.invalid/a.jsonl?signature=secret", "", version)
    with pytest.raises(UsageError) as refused:
        plan_of([LogFile(signed, "a.jsonl", size=5)])
    assert str(refused.value) == (
        "https://example.invalid/a.jsonl: the plan would hold its signature; "
        "name an object in a store"
    )
    public = RemotePath("https://example.invalid/a.jsonl", "", version)
    assert plan_of([LogFile(public, "a.jsonl", size=5)]).files[0].path == str(public)


def test_a_path_that_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.jsonl"))
    path.touch()
    with pytest.raises(InputError, match=r"\\xff\.jsonl: is not UTF-8, as plans are; rename it"):
        plan_of([LogFile(path, "x.jsonl")])
