"""Records of JSON files, and where their structure breaks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.files.json_values import split_values

LIMIT = 40


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
