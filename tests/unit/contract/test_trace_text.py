"""The text of a trace, step by step."""

import shutil
import subprocess
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract import numbers
from botcoin_dpo.contract.trace_text import one_line, step_text, trace_text, value_text
from tests.builders import compute, extract


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (extract(),
         "> extract: Alma Rose | crates | 1200 | paragraph_2 | exact | zone:GROUND_TRUTH"),
        (extract(coordinator_provenance={"quote_match": "", "semantic_zone": 7}),
         "> extract: Alma Rose | crates | 1200 | paragraph_2"),
        (extract(coordinator_provenance="EXACT", note="why"),
         "> extract: Alma Rose | crates | 1200 | paragraph_2 | note: why"),
        ({"action": "extract_fact"}, "> extract: null | null | null | null"),
        (extract(value=2.0, coordinator_provenance=None, note=None),
         "> extract: Alma Rose | crates | 2 | paragraph_2"),
        (compute(), "> compute: add | inputs=[1,2] | result=3"),
        (compute(inputs="e1", result=None), "> compute: add | inputs=[e1] | result=null"),
        (compute(inputs=None), "> compute: add | inputs=[null] | result=3"),
        ({"action": "compute_logic"}, "> compute: null | inputs=[] | result=null"),
        (compute(inputs=["c1", [1.0, "a\nb"], {"k": 1e-7}], note=0),
         '> compute: add | inputs=[c1,[1,"a b"],{"k":1e-7}] | result=3 | note: 0'),
        ({"action": "revision", "note": "a \r\n b"}, "> revision: a b"),
        ({"action": "note", "note": ""}, "> note: "),
        ({"action": "note", "note": None, "b": 1, "step_id": "x", "a": [True, None]},
         "> note: b=1 | a=[true,null]"),
        ({"action": "note", "a\nb": "c\td"}, "> note: a b=c\td"),
        ({"action": "wait", "step_id": "s1", "coordinator_provenance": {}}, "> wait:"),
        ({"action": "note", "step": 3, "a": 1}, "> note: a=1"),
        ({"action": "note", "step": 3.0, "step_id": None}, "> note:"),
        ({"action": "note", "step": 3, "step_id": "n3"}, "> note: step=3"),
        ({"action": "note", "step": 3, "step_id": 4}, "> note: step=3"),
        ({"action": "note", "step": "3"}, "> note: step=3"),
        ({"action": "note", "step": True}, "> note: step=true"),
        ({"action": "note", "step": 2.5}, "> note: step=2.5"),
        ({"action": 7, "note": "x"}, "> null: x"),
        ({}, "> null:"),
        ({"action": "EXTRACT_FACT"}, "> EXTRACT_FACT:"),
    ],
)  # fmt: skip
def test_steps(step: dict[str, Any], text: str) -> None:
    assert step_text(step) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-7, "1e-7"), (1e-6, "0.000001"), (1.5e-10, "1.5e-10"), (1e21, "1e+21"),
        (1e20, "100000000000000000000"), (123456789012345680000.0, "123456789012345680000"),
        (1.2345678901234568e18, "1234567890123456800"), (-0.0, "0"), (-2.50, "-2.5"), (0.1, "0.1"),
        (2**64 - 1, "18446744073709551615"), (5e-324, "5e-324"), (1.7976931348623157e308,
        "1.7976931348623157e+308"), (True, "true"), (None, "null"), ("–“x”", "–“x”"),
        ({"ü": "\x7f\u2028", "n": [1.0, -0.0]}, '{"ü":"\x7f\u2028","n":[1,0]}'),
        (['q"\\\x01'], '["q\\"\\\\\\u0001"]'),
    ],
)  # fmt: skip
def test_values(value: Any, text: str) -> None:
    assert value_text(value) == text


@pytest.mark.skipif(
    shutil.which("node") is None,
    reason="Node.js is not installed: it prints the numbers to compare with",
)
def test_numbers_print_as_javascript_prints_them() -> None:
    import random

    rng = random.Random(7)
    values = [rng.uniform(-1, 1) * 10.0 ** rng.randint(-30, 30) for _ in range(3000)]
    values += [float(round(value)) for value in values if abs(value) < 1e22]
    script = "JSON.parse(require('fs').readFileSync(0)).forEach(x => console.log(String(x)))"
    shown = subprocess.check_output(["node", "-e", script], input=orjson.dumps(values))
    assert [numbers.to_text(value) for value in values] == shown.decode().split()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_read_back_as_the_same_double(value: float) -> None:
    assert float(numbers.to_text(value)) == value


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [(0.0625, 3, 0.063), (-0.125, 2, -0.12), (2.5, 0, 3), (-2.5, 0, -2), (-0.2, 0, 0), (1.0, 2, 1),
     (0.49999999999999994, 0, 0)],
)  # fmt: skip
def test_halves_go_up(value: float, digits: int, rounded: float) -> None:
    result = numbers.round_half_up(value, digits)
    assert (result, type(result)) == (rounded, type(rounded))


@given(st.lists(st.sampled_from(list(" \t\n\r\x0b\x0cab\u2028"))).map("".join))
def test_only_runs_with_a_line_break_become_one_space(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert "\r" not in line
    assert one_line(line) == line
    if "\n" not in text and "\r" not in text:
        assert line == text


@given(
    st.lists(st.dictionaries(st.text(), st.text() | st.lists(st.text()), max_size=4), max_size=4)
)
def test_a_trace_has_one_line_a_step(trace: list[dict[str, Any]]) -> None:
    text = trace_text(trace)
    assert text.count("\n") == max(0, len(trace) - 1)
