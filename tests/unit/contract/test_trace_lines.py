"""The lines of a trace text, read again."""

from typing import Any

import pytest

from botcoin_dpo.contract.trace_lines import (
    ComputeLine,
    ExtractLine,
    action_of_line,
    lines_of,
    read_compute,
    read_extract,
    without_annotations,
)
from botcoin_dpo.contract.trace_text import step_text, trace_text
from tests.builders import compute, extract

FACT = ("Alma Rose", "crates", "1200", "paragraph_2")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, ExtractLine(*FACT, "exact", "GROUND_TRUTH")),
        ({"note": "why | not: so"}, ExtractLine(*FACT, "exact", "GROUND_TRUTH")),
        ({"coordinator_provenance": None}, ExtractLine(*FACT, None, None)),
        ({"coordinator_provenance": {"quote_match": "EXACT"}}, ExtractLine(*FACT, "exact", None)),
        ({"coordinator_provenance": {"semantic_zone": "TRAP"}}, ExtractLine(*FACT, None, "TRAP")),
        ({"targetEntity": "Alma | Rose"}, None),
        ({"source": "the log"}, None),
    ],
)
def test_an_extract_step_is_read_as_it_was_written(
    changes: dict[str, Any], fields: ExtractLine | None
) -> None:
    assert read_extract(step_text(extract(**changes))) == fields


def test_a_compute_step_is_read_as_it_was_written() -> None:
    assert read_compute(step_text(compute(note="sum"))) == ComputeLine("add", "1,2", "3")
    assert read_compute(step_text(compute(inputs=[]))) == ComputeLine("add", "", "3")
    assert read_compute(step_text(compute(operation="a | b"))) is None


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("> revision: because", "revision"),
        ("> check a total: 3: right", "check a total"),
        ("> :", ""),
        ("no step", None),
        ("> no end", None),
    ],
)
def test_a_line_starts_with_its_action(line: str, action: str | None) -> None:
    assert action_of_line(line) == action


def test_a_trace_without_steps_has_no_lines() -> None:
    assert lines_of(trace_text([])) == []
    assert lines_of(trace_text([compute(), extract()])) == [
        step_text(compute()),
        step_text(extract()),
    ]


def test_annotations_are_left_out_where_they_are_clear() -> None:
    fact = "> extract: Alma Rose | crates | 1200 | paragraph_2"
    sums = step_text(compute())
    annotated = trace_text([extract(), compute(), extract(note="why")])
    assert without_annotations(annotated) == f"{fact}\n{sums}\n{fact} | note: why"
    assert without_annotations("> extract: a | b | c | d | e | exact") is None
