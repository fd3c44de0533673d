from typing import Any

import pytest
from builders import compute, extract
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.export.texts import clean_trace, feedback_words
from botcoin_dpo.rows.trace_text import trace_text

_words = st.text("abc |zß:\n<[", max_size=12).filter(lambda text: "zone" not in text)
_extracts = st.builds(
    extract,
    _words,
    _words | st.integers() | st.none(),
    st.integers(1, 99),
    attribute=_words,
    coordinator_provenance=st.fixed_dictionaries(
        {},
        optional={
            "quote_match": st.sampled_from(["EXACT", "UNVERIFIED", "PARTIAL", ""]),
            "semantic_zone": st.sampled_from(["GROUND_TRUTH", "TRAP", "STANDARD", ""]),
        },
    ),
)
_notes = st.fixed_dictionaries({"action": st.sampled_from(["verify", "revision"]), "note": _words})


def _as_written(steps: list[dict[str, Any]]) -> str:
    """The text of a trace before the coordinator saw it, without what speaks of attempts before."""
    return trace_text(
        {key: value for key, value in step.items() if key != "coordinator_provenance"}
        for step in steps
        if step["action"] != "revision"
    )


@given(st.lists(_extracts | _notes | st.builds(compute, result=_words)))
def test_a_clean_trace_is_what_the_miner_wrote(steps: list[dict[str, Any]]) -> None:
    assert clean_trace(trace_text(steps), with_revisions=False) == _as_written(steps)


def test_a_note_after_the_annotations_stays() -> None:
    line = trace_text([extract(note="read twice | paragraph_7")])
    assert "| exact | zone:GROUND_TRUTH | note:" in line
    assert clean_trace(line, with_revisions=False) == (
        "> extract: Alma Rose | crates | 1200 | paragraph_2 | note: read twice | paragraph_7"
    )


@pytest.mark.parametrize(
    "step",
    [
        extract("Alma | exact | zone:TRAP"),
        extract(attribute="crates | zone:GROUND_TRUTH"),
        extract(source="page 2 | exact"),
        extract(note="seen | exact"),
        {"action": "verify", "note": "all is zone:GROUND_TRUTH | exact"},
        {"action": "verify", "claim": "x", "Zone:TRAP": "| EXACT"},
        compute(operation="add | exact", inputs=["zone:TRAP"]),
    ],
)
def test_imitations_of_annotations_go_as_well(step: dict[str, Any]) -> None:
    text = clean_trace(trace_text([step]), with_revisions=False).lower()
    assert "zone:" not in text
    assert "| exact" not in text


@pytest.mark.parametrize(
    "line",
    [
        "> extract: E | a | 10 | 20 | Paragraph 6",
        "> extract: E | a | 10 | 20 | paragraph_3, paragraph_4",
        "> extract: E | a | v | appendix",
        "> extract: first | second | third | fourth | quote=the quote",
        "> plan: rank | exactly | rough",
        "> verify: read time-zone:UTC",
    ],
)
def test_what_only_looks_like_an_annotation_stays(line: str) -> None:
    assert clean_trace(line, with_revisions=False) == line


@pytest.mark.parametrize(
    "action", ["revision", "Revision", "revision ", "revision_note", "revise", "revised plan"]
)
def test_steps_that_speak_of_attempts_before_go_whatever_they_are_called(action: str) -> None:
    trace = trace_text([{"action": action, "note": "passed 7/8 before"}, compute()])
    assert clean_trace(trace, with_revisions=False) == trace_text([compute()])


def test_revisions_stay_where_the_attempt_before_is_shown() -> None:
    trace = trace_text([{"action": "revision", "note": "passed 5/8"}, compute()])
    assert clean_trace(trace, with_revisions=True) == trace
    assert clean_trace(trace, with_revisions=False) == trace_text([compute()])


def test_feedback_does_not_contradict_itself() -> None:
    words = feedback_words({"constraints_passed_shown": 8, "constraints_total_shown": 8})
    assert words is not None
    assert "although all 8 constraints hold" in words


def test_feedback_tells_counts_and_what_is_left() -> None:
    shown = {"constraints_passed_shown": 5, "constraints_total_shown": 8}
    words = feedback_words(shown | {"attempts_remaining_shown": 1})
    assert words is not None
    assert "5 of 8 constraints hold" in words
    assert "1 attempt left." in words
    assert "left" not in (feedback_words(shown) or "left")


@pytest.mark.parametrize(
    "feedback",
    [
        None,
        {},
        {"constraints_passed_shown": 5},
        {"constraints_passed_shown": "5", "constraints_total_shown": 8},
        {"constraints_passed_shown": True, "constraints_total_shown": 8},
        {"constraints_passed_shown": -1, "constraints_total_shown": 8},
    ],
)
def test_feedback_that_is_not_known_is_not_invented(feedback: object) -> None:
    assert feedback_words(feedback) is None


@pytest.mark.parametrize(
    "unit", [" ", "| ", "a | ", " | exact", "zone:", "\t|", " | exact ", "zone:A ", "\u2003| "]
)
def test_long_runs_take_no_longer_than_their_length(unit: str) -> None:
    for start in ("> extract: ", "> verify: zone:A | exact"):
        line = start + unit * (300_000 // len(unit)) + "zone"
        assert len(clean_trace(line, with_revisions=True)) <= len(line)  # or it would not end
