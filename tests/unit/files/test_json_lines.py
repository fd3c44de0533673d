"""Records and their places, whatever pieces the content comes in."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.files.json_lines import RawRecord, split_lines
from botcoin_dpo.files.json_values import split_values

LIMIT = 40
_fragments = st.sampled_from(
    [b'{"a": 1}', b"[", b"]", b"{", b"}", b",", b'"', b"\\", b'\\"', b" ", b"\n", b"\r\n", b"nul",
     b"12", b'"s"', b'{"a": "]"}', b'{"k": [1, {"b": 2}]}', b"\xef\xbb\xbf", b"\xff", b"x" * 50]
)  # fmt: skip


def pieces(content: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted({cut % (len(content) + 1) for cut in cuts}), len(content)]
    return [content[a:b] for a, b in pairwise(edges) if a < b]


@given(st.lists(_fragments, max_size=25).map(b"".join), st.lists(st.integers(0, 10**6), max_size=8))
@pytest.mark.parametrize("split", [split_lines, split_values])
def test_pieces_do_not_matter_and_places_are_true(
    split: Callable[[Iterable[bytes], int], Iterator[RawRecord]], content: bytes, cuts: list[int]
) -> None:
    whole = list(split(pieces(content, []), LIMIT))
    assert whole == list(split(pieces(content, cuts), LIMIT))
    assert whole == list(split([content[i : i + 1] for i in range(len(content))], LIMIT))
    assert [record.is_tail for record in whole] == [False] * (len(whole) - 1) + [True]
    for record in whole:
        assert content[record.offset :].startswith(record.raw)
        assert record.line == 1 + content.count(b"\n", 0, record.offset)
        assert len(record.raw) <= LIMIT
        assert record.raw == record.raw.strip(b" \t\r\n")


def test_a_longer_line_than_the_limit_is_followed_not_kept() -> None:
    long = b'{"a": "' + b"x" * 100 + b'"}'
    records = list(split_lines([long + b"\n" + b'{"b": 1}'], LIMIT))
    assert records[0].cause is not None
    assert records[0].cause.reason == "oversized_record"
    assert records[1] == RawRecord(2, len(long) + 1, b'{"b": 1}', None, True)
