"""What the trace of a failing side leads to."""

from pathlib import Path
from typing import Any

import pytest

from tests.audited import EQUATION, INCLUDE, PRIME
from tests.builders import compute, extract
from tests.unit.viewing.test_pair_page import page_of

WRITTEN = [  # of PRIME: 1200 mod 100 = 0, + 11 = 11, the next prime is 11
    compute(step_id="c1", operation="mod", inputs=["e1", 100], result=0),
    compute(step_id="c2", operation="add", inputs=["c1", 11], result=11),
    compute(step_id="c3", operation="next_prime", inputs=["c2"], result=11),
]
DERIVED = [  # from 1200 and a difference, which is another value
    compute(step_id="c0", operation="relative_to", inputs=["e1", "e2"], result=1205),
    compute(step_id="c1", operation="mod", inputs=["c0", 100], result=5),
    compute(step_id="c2", operation="add", inputs=["c1", 11], result=16),
    compute(step_id="c3", operation="next_prime", inputs=["c2"], result=17),
]


@pytest.mark.parametrize(
    ("text", "computations", "read"),
    [
        (PRIME, WRITTEN, "11"),
        (PRIME, [], "11"),
        (PRIME, DERIVED, None),
        (EQUATION, DERIVED, None),
        (INCLUDE, DERIVED, "1200"),
    ],
)
def test_what_is_computed_must_be_among_the_recorded_results(
    tmp_path: Path, text: str, computations: list[Any], read: str | None
) -> None:
    trace = [extract(), *computations]
    page = page_of(tmp_path, ("has 7", trace), ("has 1200", [extract()]), text)
    assert page.constraints[0].rejected.read == read
