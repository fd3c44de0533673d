"""Numbers as text, and rounded, as JavaScript does it."""

import shutil
import subprocess

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract import numbers


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
