"""Where the paragraphs of a document start, and when a citation matches one."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.attempts.citations import (
    citation_flags,
    citations_of,
    paragraphs_of,
)
from tests.builders import document, extract, real_records


def test_real_citations_match_one_by_one_the_one_mismatch_included(reference: Path) -> None:
    checked = []
    for record in real_records(reference):
        resolved = record["trace_validation"].get("resolved_citations")
        if resolved is not None:
            trace = record["submission"]["reasoning_trace"]
            flags = citation_flags(citations_of(trace), record["challenge_context"]["document"])
            assert flags == [citation["matched"] for citation in resolved]
            checked += flags
    assert checked.count(False) == 1


@pytest.mark.parametrize(
    ("changes", "matches"),
    [
        ({}, True),
        ({"value": "1200"}, True),
        ({"value": "1,200"}, True),
        ({"value": 1200.0}, True),
        ({"entity": "ALMA rose"}, True),
        ({"value": "“SALT”"}, False),
        ({"value": "“salt”"}, True),
        ({"value": ""}, False),
        ({"value": None}, False),
        ({"entity": ""}, False),
        ({"entity": None}, False),
        ({"paragraph": 3}, False),
        ({"paragraph": 99}, False),
        ({"coordinator_provenance": None}, True),
        ({"coordinator_provenance": None, "source": "paragraph_2 "}, False),
        ({"coordinator_provenance": None, "source": "paragraph_٢"}, False),
        ({"coordinator_provenance": {"paragraph_index": "2"}}, True),
        ({"coordinator_provenance": {"paragraph_index": True}, "source": "x"}, False),
    ],
)
def test_when_a_citation_matches(changes: dict[str, Any], matches: bool) -> None:
    assert citation_flags(citations_of([extract(**changes)]), document()) == [matches]


def test_the_first_paragraph_of_a_number_counts() -> None:
    text = "[paragraph_1]\nAlma Rose 7\n[paragraph_1]\nAlma Rose 1200\n[paragraph_x]\n"
    assert citation_flags(citations_of([extract(value=7, paragraph=1)]), text) == [True]
    assert citation_flags(citations_of([extract(value=1200, paragraph=1)]), text) == [False]
    assert paragraphs_of(text).total == 2


_pieces = st.lists(
    st.sampled_from(
        ["[paragraph_1]", "[paragraph_2]", "[paragraph_02]", "[paragraph_x]", "[paragraph_",
         "[paragraph_1234567890]", "\n", "\r\n", " ", "\t", "\u2028", "Alma 1,200", "é"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(_pieces)
def test_paragraphs_start_with_a_line_of_their_own(text: str) -> None:
    marks, texts = 0, dict[int, list[str]]()
    current: list[str] | None = None
    for line in text.split("\n"):
        mark = re.fullmatch(r"\[paragraph_([0-9]{1,9})\][ \t\r]*", line)
        if mark:
            marks += 1
            current = [] if int(mark[1]) not in texts else None
            if current is not None:
                texts[int(mark[1])] = current
        elif current is not None:
            current.append(line)
        if mark and int(mark[1]) in texts and texts[int(mark[1])] is not current:
            current = []  # a number that was there before: its text is nobody's
    paragraphs = paragraphs_of(text)
    assert paragraphs.total == marks
    assert {number: each.split() for number, each in paragraphs.texts.items()} == {
        number: "\n".join(lines).split() for number, lines in texts.items()
    }
