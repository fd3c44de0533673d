"""What an attempt has read, and what follows from it for a constraint and for a trap."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.auditing.attempt_audit import audit_attempt
from botcoin_dpo.auditing.expected_texts.consensus import Knowledge
from botcoin_dpo.auditing.expected_texts.from_trace import _has_number, expected_texts
from tests.audited import EQUATION, INCLUDE, PRIME, one_constraint, rules_of, subjects
from tests.builders import compute, extract


def texts_of(tmp_path: Path, constraint: str, trace: list[dict[str, Any]]) -> list[str]:
    """The texts that a constraint may ask for, by such a trace."""
    record = one_constraint(constraint, "carries 1200 crates")
    record["submission"]["reasoning_trace"] = trace
    [subject] = subjects(tmp_path, record)
    return [expected.text for expected in expected_texts(subject, 0)]


def test_all_that_is_read_of_an_attribute_counts(tmp_path: Path) -> None:
    trace = [extract(), extract(value=900, paragraph=3), extract(attribute="crew", value=1200)]
    assert texts_of(tmp_path, INCLUDE, trace) == ["1200", "900"]


@pytest.mark.parametrize(
    ("attribute", "inputs", "texts"),
    [
        ("crates", [1200, 100], ["11"]),
        ("harbours", [1200, 100], []),  # no paragraph has the word together with the number
        ("crates", [200, 100], []),  # only a part of a number
        ("crates", [1200, 99], []),  # not what the constraint asks for
    ],
)
def test_a_figure_that_no_step_extracts_needs_its_words_beside_it(
    tmp_path: Path, attribute: str, inputs: list[int], texts: list[str]
) -> None:
    trace = [compute(operation="mod", inputs=inputs, result=inputs[0] % inputs[1])]
    assert texts_of(tmp_path, PRIME.replace("crates", attribute), trace) == texts


@given(st.text("0123. ,a", max_size=12), st.text("0123", min_size=1, max_size=3))
def test_digits_are_a_number_where_no_others_are_beside_them(text: str, digits: str) -> None:
    assert _has_number(text, digits) == (digits in re.findall(r"(?<![0-9.])[0-9]+", text))


def test_what_is_known_may_grow_after_it_was_asked(tmp_path: Path) -> None:
    first = one_constraint(INCLUDE, "carries 1200 crates")
    other = one_constraint(INCLUDE, "carries salt crates", miner="0xbb", record_id="r-other")
    other["submission"]["reasoning_trace"] = [extract(value="salt")]
    one, two = subjects(tmp_path, first, other)
    knowledge = Knowledge.of([one])
    confirmed = knowledge.confirmed(0)
    assert confirmed is not None
    assert confirmed.text == "1200"
    knowledge.add(two)
    assert knowledge.confirmed(0) is None  # they do not agree


TRAP = {"target_entity": "Alma Rose", "attribute": "crates", "correct_value": 1200}


@pytest.mark.parametrize(
    ("read", "path", "is_found"),
    [
        ([900], "B", True),
        ([900, 1200], "B", False),
        ([1200], "B", False),
        ([1200], "A", True),
        ([900], "A", False),
        ([900], None, False),
    ],
)
def test_who_computes_only_with_the_other_value_of_a_trap_is_found(
    tmp_path: Path, read: list[int], path: str | None, is_found: bool
) -> None:
    record = one_constraint(INCLUDE, "carries 1200 crates", acceptance_path=path)
    record["trap_metadata"] = {"trap_count": 1, "traps": [TRAP | {"wrong_value": 900}]}
    steps = [
        extract(step_id=f"e{value}", value=value, paragraph={1200: 2, 900: 3}[value])
        for value in read
    ]
    sums = [
        compute(step_id=f"c{value}", inputs=[f"e{value}", 1], result=value + 1) for value in read
    ]
    record["submission"]["reasoning_trace"] = [*steps, *sums]
    [subject] = subjects(tmp_path, record)
    found = rules_of(audit_attempt(subject, Knowledge()).findings)
    assert ("trap_value" in found) == is_found


def test_a_long_run_of_digits_is_read_once(tmp_path: Path) -> None:
    # Tried from each of its digits on, it would take many minutes.
    record = one_constraint(EQUATION, "1" * 300_000, acceptance_path="B")
    record["trap_metadata"] = {"trap_count": 1, "traps": [TRAP | {"wrong_value": 907}]}
    [subject] = subjects(tmp_path, record)
    assert "path_claim" not in rules_of(audit_attempt(subject, Knowledge()).findings)
