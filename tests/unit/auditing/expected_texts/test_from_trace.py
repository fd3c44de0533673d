"""What an attempt has read, and what follows from it for a constraint."""

import re
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.auditing.expected_texts.from_trace import expected_texts
from botcoin_dpo.auditing.expected_texts.numbers import has_number
from tests.audited import INCLUDE, one_constraint, subjects
from tests.builders import extract


def texts_of(tmp_path: Path, constraint: str, trace: list[dict[str, Any]]) -> list[str]:
    """The texts that a constraint may ask for, by such a trace."""
    record = one_constraint(constraint, "carries 1200 crates")
    record["submission"]["reasoning_trace"] = trace
    [subject] = subjects(tmp_path, record)
    return [expected.text for expected in expected_texts(subject, 0)]


def test_all_that_is_read_of_an_attribute_counts(tmp_path: Path) -> None:
    trace = [extract(), extract(value=900, paragraph=3), extract(attribute="crew", value=1200)]
    assert texts_of(tmp_path, INCLUDE, trace) == ["1200", "900"]


@given(st.text("0123. ,a", max_size=12), st.text("0123", min_size=1, max_size=3))
def test_digits_are_a_number_where_no_others_are_beside_them(text: str, digits: str) -> None:
    assert has_number(text, digits) == (digits in re.findall(r"(?<![0-9.])[0-9]+", text))
