"""What a record is: the fast way may only agree with the exact one, and assembly with both."""

import json
import math
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from botcoin_dpo.contract import identifiers, record_types, schemas, timestamps
from botcoin_dpo.contract.rejections import Cause
from botcoin_dpo.logs import record_decoder, strict_json
from botcoin_dpo.logs.session_heads import SessionHead
from botcoin_dpo.logs.undecoded import decode_value
from tests.builders import SHARED, as_lines, attempt, challenge, context, session

_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner,
                                                                max_size=3),
    max_leaves=8,
)  # fmt: skip
_names = st.sampled_from([*schemas.load("attempt")["properties"], "unknown"])


def plain(record: Any) -> Any:
    """Return a scanned or decoded record as JSON values, documents and traces decoded."""
    value = {}
    for name in ("record_id", "challenge_id", "miner_id", "attempt_index", "passed", "timestamp",
                 "operator", "rigId", "model_version", "modelVersion", "quality_schema_version",
                 "path_a_would_have_passed", "challenge_domain",
                 "constraint_total", "acceptance_path", "credit_eligible", "attempt_submitted_at",
                 "constraint_results", "constraints_passed", "challenge_seed"):  # fmt: skip
        value[name] = msgspec.to_builtins(getattr(record, name, None))
    given = record.challenge_context
    if given is not None:
        text = given.document
        value["document"] = text if isinstance(text, str) else json.loads(bytes(text))
        value["texts"] = (given.questions, given.constraints, given.paragraph_count)
    if hasattr(record, "submission"):
        value["trace"] = decode_value(record.submission.reasoning_trace)
        value["artifact"] = record.submission.artifact
        value["model"] = record.submission.model
    return json.loads(json.dumps(value))


def agree(raw: bytes, head: SessionHead | None = None) -> None:
    """Assert that all ways to read a record, or an element with this head, agree on it."""
    fast = record_decoder._scan_fast(raw, head)
    exact = (
        record_decoder._scan_element_exactly(raw, head)
        if head
        else record_decoder._scan_exactly(raw)
    )
    if isinstance(exact, record_decoder.RejectedRecord):
        assert not isinstance(fast, record_types.AttemptShape | record_types.ChallengeShape)
        return
    if fast is not None:
        assert plain(fast) == plain(exact)
    if isinstance(exact, record_types.AttemptShape):
        assert plain(record_decoder.decode_attempt(raw, head)) == plain(exact)
        rescanned = record_decoder.rescan_attempt(raw, head)  # the stand-in may be in the trace
        rescanned.submission.reasoning_trace = exact.submission.reasoning_trace
        rescanned.challenge_context = exact.challenge_context
        assert plain(rescanned) == plain(exact)
    else:
        assert plain(record_decoder.decode_challenge(raw)) == plain(exact)


@given(_names, _json, _names, _json)
def test_any_value_in_any_field(name: str, value: Any, other: str, more: Any) -> None:
    agree(json.dumps(attempt(miner_id=..., operator="0xaa") | {name: value, other: more}).encode())
    base = attempt(constraints_passed=[0], timestamp="2026-01-01T00:00:00Z")
    agree(json.dumps(base | {name: value, other: more}).encode())
    agree(orjson.dumps(challenge() | {name: value}))


_shared = st.sampled_from([name for name in schemas.load("session")["properties"]][:-1])


@given(_shared, _json, _shared, _json, st.sets(st.sampled_from(SHARED)), _names, _json)
def test_any_value_in_a_session_and_in_its_element(
    name: str, value: Any, other: str, more: Any, absent: set[str], field: str, element: Any
) -> None:
    whole = session([attempt()]) | {name: value, other: more, "attempts": []}
    head = SessionHead(json.dumps(whole).encode())
    record = {key: inner for key, inner in attempt().items() if key not in absent}
    agree(json.dumps(record).encode(), head)
    agree(json.dumps(record | {field: element}).encode(), head)
    del record["submission"]["model"]
    agree(json.dumps(record | {"challenge_id": None, "miner_id": None}).encode(), head)


@given(st.data())
def test_damaged_bytes(data: st.DataObject) -> None:
    raw = bytearray(as_lines([data.draw(st.sampled_from([attempt(), challenge()]))]).strip())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.binary(max_size=2)
            | st.sampled_from([b"\\u0000", b"\\ud800", b"1e309", b"-0", b"2.0", b"[[", b"{", b'"'])
        )
    agree(bytes(raw))


@given(st.integers(100, 140), st.sampled_from(['["[" ', '["]", ', '{"\\"[": ', '{"a": ', "["]))
def test_deep_nesting_in_any_disguise(depth: int, opener: str) -> None:
    closer = "]" if opener.startswith("[") else "}"
    inner = opener.replace('" ', '", ') * depth + "1" + closer * depth
    for field in ("unknown", "trace_stats", "submission"):
        record = attempt()
        if field == "submission":
            record["submission"]["reasoning_trace"] = [{"x": "@"}]
        else:
            record[field] = "@"
        agree(json.dumps(record).replace('"@"', inner).encode())


@given(
    st.text(st.sampled_from('a"\\\n[{é')),
    st.sampled_from([{"separators": (",", ":")}, {}, {"sort_keys": True}, {"indent": 1}]),
    st.sampled_from(["", "aside", "key", "step"]),
)
def test_a_document_of_any_text_in_any_layout(
    document: str, layout: dict[str, Any], decoy: str
) -> None:
    given = context() | {"document": document}
    record = attempt(challenge_context={"document": document} | given)
    if decoy == "aside":  # what looks like the document, but is not
        record = {"feedback_shown": {"challenge_context": {"document": "x"}}} | record
    elif decoy == "key":
        record = {'"challenge_context': {"document": "x"}} | record
    elif decoy == "step":
        step = {"challenge_context": {"document": "x"}}
        record["submission"]["reasoning_trace"].append(step)
    raw = json.dumps(record, **layout).encode()
    agree(raw)
    if document and not decoy:
        assert record_decoder._scan_fast(raw) is not None
    agree(json.dumps(record | {"challenge_context": None}, **layout).encode())


@pytest.mark.parametrize("document", [None, 5, [], {}, True, ""])
def test_a_document_that_is_no_text(document: Any) -> None:
    agree(json.dumps(attempt(challenge_context=context() | {"document": document})).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}', b'{"a": 1} x', b"\x0c{}", b'{"a": "\t"}', b'{"a": 01}', b'{"a": 1.}',
        b'{"a": .5}', b'{"a": +1}', b'{"a": 1e}', b'{"a": \'b\'}', b'{"a": 1,}', b'{"a": tru}',
        b'{"a": "\\x41"}', b'{"a": "\\u12"}', b"", b" ", b'{"\\ud800": 1}', b'\xef\xbb\xbf{"a": 1}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_no_json_to_anybody(raw: bytes) -> None:
    agree(raw)


def test_real_records_take_the_fast_way(reference: Any) -> None:
    for name in ("attempts_v2.jsonl", "session_0x37289055.attempts.jsonl"):
        for line in (reference / name).read_bytes().splitlines():
            assert record_decoder._scan_fast(line) is not None
            agree(line)


def test_the_schema_and_the_decoders_know_the_same_fields() -> None:
    known = {field.encode_name for field in msgspec.structs.fields(record_types.AttemptShape)}
    assert known == set(schemas.load("attempt")["properties"])
    known = {field.encode_name for field in msgspec.structs.fields(record_types.ChallengeShape)}
    assert known == set(schemas.load("challenge")["properties"])
    known = {field.encode_name for field in msgspec.structs.fields(record_types.SessionShape)}
    assert known | {"attempts"} == set(schemas.load("session")["properties"])


def test_integral_doubles_count_as_integers() -> None:
    raw = as_lines([attempt()]).replace(b'"attempt_index": 1', b'"attempt_index": 1.0')
    scanned = record_decoder.scan_record(raw)
    assert isinstance(scanned, record_types.AttemptShape)
    assert scanned.attempt_index == 1
    assert record_decoder.decode_attempt(raw).attempt_index == 1


def test_the_reason_that_comes_first_in_the_list_is_given() -> None:
    bad_text_and_syntax = b'{"a": "\xff", '
    assert record_decoder.scan_record(bad_text_and_syntax).cause.reason == "invalid_utf8"  # type: ignore[union-attr]
    bad_syntax_and_schema = b'{"attempt_index": "x", "attempt_index": 1}'
    assert record_decoder.scan_record(bad_syntax_and_schema).cause.reason == "malformed_json"  # type: ignore[union-attr]


def test_a_challenge_record_may_carry_nulls_where_an_attempt_has_fields() -> None:
    raw = as_lines([challenge(submission=None, attempt_index=None)])
    assert isinstance(record_decoder.scan_record(raw), record_types.ChallengeShape)


@given(st.binary(max_size=300))
def test_shallow_is_never_said_of_what_is_deep(noise: bytes) -> None:
    deep = b'{"a":' * 129 + json.dumps(noise.decode("latin-1")).encode() + b"}" * 129
    assert not strict_json.is_surely_shallow(deep)
    assert strict_json.is_too_deep(deep)
    assert isinstance(strict_json.decode(deep), Cause)


def test_numbers_beyond_a_double_are_refused_and_the_largest_is_not() -> None:
    largest = repr(1.7976931348623157e308).encode()
    assert strict_json.decode(largest) == math.nextafter(math.inf, 0)
    assert isinstance(strict_json.decode(b"1.8e308"), Cause)
    assert isinstance(strict_json.decode(b"1" * 5000), Cause)


def test_the_document_may_look_like_any_other_part_of_the_record() -> None:
    for text in ('","', "],[", '"submission":', "{" * 300, "\\", "a"):
        raw = orjson.dumps(attempt(challenge_context=context(document=text)))
        assert isinstance(record_decoder.scan_record(raw), record_types.AttemptShape)
        agree(raw)


_disguises = ['"]"', '"["', '"x"', '"\\\\"', '"\\""', '"}{"', '"\\n"', '"[{"', "1"]


@given(
    st.lists(st.sampled_from(_disguises), max_size=6),
    st.lists(st.sampled_from(_disguises), max_size=6),
    st.integers(100, 160),
)
@example(['"\\\\"', '"]"', '"\\\\"'], ['"\\\\"', '"["', '"\\\\"'], 150)
@example(['"\\n"', '"]"', '"\\n"'], ['"\\n"', '"["', '"\\n"'], 150)
@example(['"]"'], ['"["'], 150)
def test_shallow_is_said_of_valid_json_only_if_it_is(
    before: list[str], after: list[str], depth: int
) -> None:
    head = "[" + "".join(f"{item}," for item in before)
    tail = "".join(f",{item}" for item in after) + "]"
    raw = (head * depth + "0" + tail * depth).encode()
    assert json.loads(raw)
    if strict_json.is_surely_shallow(raw):
        assert depth <= strict_json.DEEPEST
    assert strict_json.is_too_deep(raw) == (depth > strict_json.DEEPEST)
    assert strict_json.count_openers(raw) >= depth


def test_what_is_as_long_as_a_record_is_not_remembered() -> None:
    for read, remembered in (
        (identifiers.challenge_hash, identifiers._remembered_hash),
        (timestamps.to_milliseconds, timestamps._remembered),
    ):
        short, long = "2026-01-01T00:00:00Z", "2026-01-01T00:00:00." + "0" * 200 + "Z"
        remembered.cache_clear()
        assert read(long) is not None
        assert remembered.cache_info().currsize == 0
        assert read(short) == read(short)
        assert remembered.cache_info().hits == 1
    assert timestamps.to_milliseconds(short) == timestamps.to_milliseconds(long)
