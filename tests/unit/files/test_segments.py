"""Segments of log files, and how they are packed into groups."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import InputError
from botcoin_dpo.contract.limits import LARGEST_FILE
from botcoin_dpo.files.input_file import Compression, LogFile, large_indivisible
from botcoin_dpo.files.segments import BLOCK, Segment, Segments, group_ends

COMPRESSIONS: list[Compression] = ["", "gz"]


def segments_of(*files: tuple[int, Compression]) -> Segments:
    return Segments(
        [
            LogFile(Path(f"{n}.jsonl"), f"{n}.jsonl", compression=compression, size=size)
            for n, (size, compression) in enumerate(files)
        ]
    )


def test_a_file_that_claims_more_than_any_can_have_is_one_line() -> None:
    for size in (LARGEST_FILE + 1, 2**63):
        with pytest.raises(
            InputError, match=r"^0\.jsonl: is said to have [0-9,]+ bytes, and no log"
        ):
            segments_of((size, ""))


def weight_of(group: list[Segment]) -> int:
    return sum(each.size * (8 if each.file.compression else 1) for each in group)


@given(
    st.lists(
        st.tuples(st.integers(0, 3 * BLOCK) | st.integers(0, 9), st.sampled_from(COMPRESSIONS)),
        max_size=12,
    ),
    st.integers(1, 2 * BLOCK),
)
def test_groups_are_as_full_as_can_be(files: list[tuple[int, Compression]], most: int) -> None:
    segments = list(segments_of(*files))
    ends = group_ends(segments, most)
    groups = [segments[start:end] for start, end in pairwise([0, *ends])]
    assert [segment for group in groups for segment in group] == segments
    assert all(groups)
    assert all(weight_of(group) <= most or len(group) == 1 for group in groups)
    for group, after in pairwise(groups):
        assert weight_of([*group, after[0]]) > most


def test_standard_input_is_a_group_of_its_own() -> None:
    small = [LogFile(Path(name), name, size=1) for name in "abcd"]
    given = Segments([*small[:2], LogFile(None, "standard input"), *small[2:]])
    for most in (0, 2, BLOCK):
        assert {2, 3} <= set(group_ends(given, most))
    assert group_ends(given, BLOCK) == [2, 3, 5]


def test_very_many_small_files_are_few_groups_but_not_one() -> None:
    files: list[tuple[int, Compression]] = [(1000, "")] * 10_000
    assert len(group_ends(segments_of(*files), BLOCK)) == 10


def test_large_files_that_cannot_be_divided_are_found() -> None:
    large = segments_of((10**9 + 1, "gz"), (10**9, "gz"), (10**10, ""), (10**10, "zst")).files
    values = LogFile(Path("a.json"), "a.json", layout="values", size=10**10)
    found = large_indivisible([*large, values])
    assert found == [large[0], large[3], values]
