"""Records and their places, whatever pieces the content comes in."""

import json
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
    split: type[split_lines], content: bytes, cuts: list[int]
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


@given(st.lists(st.dictionaries(st.text(), st.integers() | st.text() | st.none()), max_size=6))
@pytest.mark.parametrize("style", ["array", "pretty array", "values", "pretty values"])
def test_every_record_of_a_json_file_comes_out(style: str, values: list[object]) -> None:
    indent = 2 if "pretty" in style else None
    text = (
        json.dumps(values, indent=indent)
        if "array" in style
        else "\n".join(json.dumps(value, indent=indent) for value in values)
    )
    records = list(split_values([text.encode()], 10**6))
    assert [json.loads(record.raw) for record in records[:-1]] == values
    assert records[-1].cause is None


def faults(content: bytes) -> list[tuple[int, bytes, bool]]:
    return [(r.offset, r.raw, r.cause is not None) for r in split_values([content], LIMIT)][:-1] + [
        (r.offset, r.raw, True) for r in split_values([content], LIMIT) if r.is_tail and r.cause
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'[{"a": {}]', [(1, b"", True)]),
        (b'[{"a": 1}}', [(1, b'{"a": 1}', False), (9, b"", True)]),
        (b'[{"a": 1}', [(1, b'{"a": 1}', False), (9, b"", True)]),
        (b'{"a": 1}, {"b": 1}', [(0, b'{"a": 1}', False), (8, b"", True)]),
        (b"[,]", [(1, b"", True)]),
        (b"no json", [(0, b"", True)]),
        (b'7 {"a": 1}', [(0, b"7", False), (2, b'{"a": 1}', False)]),
        (b'"\\"" {"a": 1}', [(0, b'"\\""', False), (5, b'{"a": 1}', False)]),
        (b"[" * 200_000, [(1, b"", True)]),
    ],
)
def test_where_structure_breaks(content: bytes, expected: list[tuple[int, bytes, bool]]) -> None:
    assert faults(content) == expected


def test_a_longer_line_than_the_limit_is_followed_not_kept() -> None:
    long = b'{"a": "' + b"x" * 100 + b'"}'
    records = list(split_lines([long + b"\n" + b'{"b": 1}'], LIMIT))
    assert records[0].cause is not None
    assert records[0].cause.reason == "oversized_record"
    assert records[1] == RawRecord(2, len(long) + 1, b'{"b": 1}', None, True)
