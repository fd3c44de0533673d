"""A session record, taken apart: both ways find the same elements at their true places."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.logs.session_split import SessionText, split_exactly, split_valid

LIMIT = 60

_texts = st.text(st.sampled_from('a"\\\n[]{},:é '), max_size=6)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 99)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=6,
)
_objects = st.dictionaries(_texts | st.just("attempts"), _values, max_size=3)
_layouts = st.sampled_from([{"separators": (",", ":")}, {}, {"indent": 1}, {"ensure_ascii": False}])


def parts(text: SessionText | None, limit: int = LIMIT) -> Any:
    assert text is not None
    found = [(r.offset, r.raw, r.cause is None) for r in text.elements(limit)]
    return text.head, found


@given(_objects, st.lists(_values, min_size=1, max_size=4), _objects, _layouts)
def test_both_ways_find_the_same_elements_where_they_are(
    before: dict[str, Any], elements: list[Any], after: dict[str, Any], layout: dict[str, Any]
) -> None:
    record = before | {"attempts": None} | after
    record["attempts"] = elements
    raw = json.dumps(record, **layout).encode()
    assert parts(split_valid(raw)) == parts(split_exactly(raw))
    head, found = parts(split_valid(raw), limit=len(raw))
    assert json.loads(head) == record | {"attempts": []}
    assert [json.loads(element) for _, element, _ in found] == elements
    assert all(raw[offset:].startswith(element) for offset, element, _ in found)


def test_a_key_is_known_however_it_is_spelled() -> None:
    raw = rb'{"a": {"attempts": [2]}, "\u0061ttempts" : [1, "]"] }'
    assert parts(split_exactly(raw)) == parts(split_valid(raw))
    assert parts(split_exactly(raw))[1] == [(44, b"1", True), (47, b'"]"', True)]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"attempts": []}', b'{"attempts": [1,]}', b'{"attempts": [,1]}', b'{"attempts": [1}',
        b'{"attempts": [{]}]}', b'{"attempts": [1', b'{"attempts": 1}', b'{"attempts": "[1]"}',
        b'{"a": [1}, "attempts": [1]', b'{"attempts"}', b"[]", b"", b'{"a": {"attempts": [1]}}',
        b'{"a": "\\', b'{"attempts": [1] 2', b'{"attempts":',
    ],
)  # fmt: skip
def test_what_has_no_such_structure_is_not_split(raw: bytes) -> None:
    assert split_exactly(raw) is None


def test_a_bad_element_does_not_keep_the_others_from_being_found() -> None:
    raw = b'{"attempts": [nul, {"a" 1}, "\xff", 1 2, {"b": NaN}], "x": 1}'
    head, found = parts(split_exactly(raw))
    assert head == b'{"attempts": [], "x": 1}'
    assert [element for _, element, _ in found] == [
        b"nul", b'{"a" 1}', b'"\xff"', b"1 2", b'{"b": NaN}',
    ]  # fmt: skip


@given(st.lists(st.sampled_from([
    b'"attempts"', b"[", b"]", b"{", b"}", b",", b":", b'"', b"\\", b" ", b"1", b'"a"', b"\xff",
]), max_size=20).map(b"".join))  # fmt: skip
def test_no_bytes_are_too_strange(noise: bytes) -> None:
    for raw in (noise, b'{"attempts":[' + noise):
        text = split_exactly(raw)
        if text is not None:
            head, found = parts(text)
            assert len(head) + sum(len(element) for _, element, _ in found) <= len(raw)
