"""The text of a trace from its JSON: what the definition says of its steps, or nothing."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from botcoin_dpo import read_attempts, simulate
from botcoin_dpo.attempts.compiled_text import compiled_text
from botcoin_dpo.contract.trace_text import trace_text
from botcoin_dpo.logs.compiled_scanner import SCANNER
from botcoin_dpo.logs.undecoded import decode_value
from tests.builders import SAMPLE_LOGS, attempt, compute, extract, write_log

compiled = pytest.mark.skipif(SCANNER.module is None, reason=f"scanner: {SCANNER}")

FIELDS = (
    "step_id", "action", "targetEntity", "attribute", "valueExtracted", "source", "operation",
    "inputs", "result", "note", "step", "coordinator_provenance", "quote_match", "semantic_zone",
)  # fmt: skip
_texts = st.text(st.sampled_from('aZ |:\\"/<\t\n\r\x00\x0b\x7f\x85é\u2028İ😀'), max_size=6)
_json = st.recursive(
    _texts | st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(FIELDS) | _texts, inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
_provenance = st.fixed_dictionaries(
    {},
    optional={
        "quote_match": st.sampled_from(["EXACT", "", "É", "a\\b"]) | _json,
        "semantic_zone": st.sampled_from(["TRAP", ""]) | _json,
    },
)
_actions = st.sampled_from(["extract_fact", "compute_logic", "revision", "Extract_fact"])
_steps = st.fixed_dictionaries(
    {"action": _actions | _json},
    optional={name: _json for name in FIELDS if name not in ("action", "coordinator_provenance")}
    | {"coordinator_provenance": _provenance | _json, "inputs": st.lists(_json) | _json},
)
_plain_values = st.sampled_from(["Alma Rose", "é", 12, -3, 0.25, -17.5, True, None])
_plain_steps = st.one_of(
    st.builds(extract, value=_plain_values, note=_plain_values),
    st.builds(compute, inputs=st.lists(_plain_values), result=_plain_values),
    st.builds(dict, action=st.just("revision"), note=st.sampled_from(["why", 5])),
)
_layouts: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{"separators": (",", ":"), "ensure_ascii": False}, {}, {"indent": 1}, {"sort_keys": True}]
)


def agree(raw: str | bytes) -> bool:
    """Return whether the compiled text is sure of a trace; then assert that it is right."""
    trace = msgspec.Raw(raw)
    text = compiled_text(trace)
    if text is None:
        return False
    assert text == trace_text(decode_value(trace))
    return True


@compiled
@given(st.lists(_steps, max_size=4), _layouts)
@example([], {})
@example([{"action": "extract_fact"}, {"action": "compute_logic"}] * 9, {})
def test_any_trace(steps: list[Any], layout: dict[str, Any]) -> None:
    agree(json.dumps(steps, **layout))


@compiled
@given(st.lists(_plain_steps), _layouts)
def test_it_is_sure_of_what_traces_are_made_of(steps: list[Any], layout: dict[str, Any]) -> None:
    assert agree(json.dumps(steps, **layout))


@compiled
@given(
    st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)
)
@example("-0")
@example("-0.0")
@example("1.50")
@example("0.000001")
@example("0.0000001")
@example("999999999999999999")
@example("9007199254740993.5")
def test_numbers_as_they_are_spelled(number: str) -> None:
    if not re.fullmatch(r"-?[0-9]{20,}", number):  # longer ones are refused with their record
        agree(f'[{{"action":"compute_logic","inputs":[{number}],"result":{number}}}]')


@compiled
@pytest.mark.parametrize("number", ["0", "-7", "123456789012345678", "0.5", "-12.25", "0.00001"])
def test_it_is_sure_of_common_numbers(number: str) -> None:
    assert agree(f'[{{"action":"compute_logic","result":{number}}}]')


@compiled
@pytest.mark.parametrize(
    "raw",
    [
        '[{"action":"extract_fact","action":"compute_logic"}]',
        '[{"action":"extract_fact","source":"a","source":"b"}]',
        '[{"action":"extract_fact","sourc\\u0065":"b","source":"a"}]',
        '[{"action":"extract\\u005ffact","note":"n"}]',
        '[{"action":"revision","note":"a\\u000ab"}]',
        '[{"action":"extract_fact","coordinator_provenance":{"quote_match":"\\u0041"}}]',
        '[{"action":"note","b":1}]',
        '[{"action":7,"note":"x"}]',
        "[1]",
        "{}",
        "[] ",
        "[",
        "",
        '[{"action":"extract_fact"}',
        '[{"action":"extract_fact"},]',
    ],
)
def test_it_is_not_sure(raw: str) -> None:
    assert compiled_text(msgspec.Raw(raw)) is None


@compiled
@given(st.data())
def test_damaged_json_has_no_text_or_a_right_one(data: st.DataObject) -> None:
    raw = bytearray(json.dumps([extract(note="\u2028 \ud83d\ude00"), compute()]).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))]
    agree(bytes(raw))


@compiled
def test_nearly_all_attempts_have_their_text_from_it(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=6, seed=3)
    for logs in (tmp_path / "logs", SAMPLE_LOGS):
        attempts = list(read_attempts(logs))
        sure = [agree(bytes(each.record.submission.reasoning_trace)) for each in attempts]
        assert len(sure) > 20
        assert sum(sure) >= 0.9 * len(sure)


@compiled
def test_so_have_real_ones(reference: Path) -> None:
    attempts = list(read_attempts(reference / "attempts_v2.jsonl"))
    assert all(agree(bytes(each.record.submission.reasoning_trace)) for each in attempts)


def test_the_definition_decides_where_it_is_not_sure(tmp_path: Path) -> None:
    record = attempt()
    steps = [extract(value=[1.0, "a\nb"]), {"action": "note", "b": 1}, compute()]
    record["submission"]["reasoning_trace"] = steps
    (read,) = read_attempts(write_log(tmp_path / "a.jsonl", [record]))
    assert compiled_text(read.record.submission.reasoning_trace) is None
    assert read.think == trace_text(steps)
