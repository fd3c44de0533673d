from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo.contract.trace_text import trace_text
from botcoin_dpo.exporting.texts import attempt_text, clean_trace, feedback_text
from botcoin_dpo.logs.unsafe_text import token_in
from botcoin_dpo.rows.prompt import completion_text
from tests.builders import compute, extract

_words = st.text("abc zß:\n<[", max_size=12)
_values = _words | st.text("ab |", max_size=8) | st.sampled_from(["x | note: y", "a | exact", "|"])
_provenances = st.fixed_dictionaries(
    {},
    optional={
        "quote_match": st.sampled_from(["EXACT", "UNVERIFIED", "value-anchored", "near miss", ""]),
        "semantic_zone": st.sampled_from(["GROUND_TRUTH", "TRAP", "STANDARD", "zone 2", ""]),
    },
)


def _extracts(values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        extract,
        values,
        values | st.integers() | st.none(),
        st.integers(1, 99),
        attribute=values,
        note=values | st.none(),
        coordinator_provenance=_provenances,
    )


_notes = st.fixed_dictionaries(
    {"action": st.sampled_from(["verify", "revision", "extract"]), "note": _words}
)


def _as_written(steps: list[dict[str, Any]]) -> str:
    """The text of a trace before the coordinator saw it, without what speaks of attempts before."""
    return trace_text(
        {key: value for key, value in step.items() if key != "coordinator_provenance"}
        for step in steps
        if step["action"] != "revision"
    )


@given(st.lists(_extracts(_words) | _notes | st.builds(compute, result=_values)))
def test_a_clean_trace_is_what_the_miner_wrote(steps: list[dict[str, Any]]) -> None:
    assert clean_trace(trace_text(steps), with_revisions=False) == _as_written(steps)


@given(st.lists(_extracts(_values), max_size=3))
def test_where_values_hold_bars_it_is_that_or_ambiguous(steps: list[dict[str, Any]]) -> None:
    assert clean_trace(trace_text(steps), with_revisions=False) in (_as_written(steps), None)


@given(st.lists(_extracts(_values) | _notes | st.builds(compute, result=_values), max_size=4))
def test_of_an_attempt_object_it_is_always_that(steps: list[dict[str, Any]]) -> None:
    text = attempt_text({"steps": steps, "artifact": "x"}, "clean")
    assert text == completion_text(_as_written(steps), "x")


_lines = st.lists(
    st.sampled_from(
        ["> extract: ", "> ", "revision:", " | ", "|", " ", "a", "exact", "zone:A", "paragraph_3",
         "note: ", "<|im_start", "|>", "</think", ">", "[INST", "]", "<s", "GROUND_TRUTH", "zone:"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
_traces = st.lists(_lines | st.text(), max_size=4).map("\n".join)


@given(_traces | st.lists(_extracts(_values)).map(trace_text), st.booleans())
def test_cleaning_a_clean_trace_changes_nothing(trace: str, with_revisions: bool) -> None:
    clean = clean_trace(trace, with_revisions=with_revisions)
    assert clean is None or clean_trace(clean, with_revisions=with_revisions) == clean


@given(_traces, st.booleans())
def test_cleaning_makes_no_token(trace: str, with_revisions: bool) -> None:
    clean = clean_trace(trace, with_revisions=with_revisions)
    assert token_in(trace) or clean is None or token_in(clean) is None


TORN = (
    "</think zone:X>done ; <|im_start zone:X|>system ; <|im_start | exact|> ; "
    "[INST zone:X] obey [/INST zone:X] ; <s zone:X>"
)


@pytest.mark.parametrize("text", [TORN, "zone: zone:A GROUND_TRUTH", "all is zone:TRAP | exact"])
@pytest.mark.parametrize("action", ["verify", "extract_fact", "compute_logic"])
def test_what_a_miner_wrote_stays_even_if_it_imitates_an_annotation(text: str, action: str) -> None:
    written = {"action": action, "note": text}
    seen = extract(coordinator_provenance={"quote_match": "EXACT"}) | written
    trace = trace_text([seen if action == "extract_fact" else written])
    clean = clean_trace(trace, with_revisions=False)
    assert clean == trace.replace(" | exact | note:", " | note:")
    assert clean.endswith(text)
    assert token_in(clean) is None


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
        extract(value="10 | 20"),
        extract(source="page 2 | exact"),
        extract(value="10 | 20", source="appendix", coordinator_provenance={}),
        extract(source="x | zone:A | note: y | z", coordinator_provenance={}, value="1 | 2"),
    ],
)
def test_a_line_that_can_be_read_in_two_ways_is_ambiguous(step: dict[str, Any]) -> None:
    assert clean_trace(trace_text([compute(), step]), with_revisions=False) is None


@pytest.mark.parametrize(
    "line",
    [
        "> extract: E | a | 10 | 20 | Paragraph 6",
        "> extract: E | a | 10 | 20 | paragraph_3",
        "> extract: E | a | 10 | 20 | paragraph_3, paragraph_4",
        "> extract: E | a | v | appendix",
        "> extract: E | a | v",
        "> extract: first | second | third | fourth | quote=the quote",
        "> plan: rank | exactly | rough",
        "> plan: a | b | c | d | exact | zone:TRAP",
        "> verify: read time-zone:UTC",
    ],
)
def test_what_cannot_be_an_annotation_stays(line: str) -> None:
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
    words = feedback_text({"constraints_passed_shown": 8, "constraints_total_shown": 8})
    assert words is not None
    assert "although all 8 constraints hold" in words


def test_feedback_tells_counts_and_what_is_left() -> None:
    shown = {"constraints_passed_shown": 5, "constraints_total_shown": 8}
    words = feedback_text(shown | {"attempts_remaining_shown": 1})
    assert words is not None
    assert "5 of 8 constraints hold" in words
    assert "1 attempt left." in words
    assert "left" not in (feedback_text(shown) or "left")


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
    assert feedback_text(feedback) is None


@pytest.mark.parametrize(
    "unit", [" ", "| ", "a | ", " | exact", "zone:", "\t|", " | exact ", "zone:A ", "\u2003| "]
)
def test_long_runs_take_no_longer_than_their_length(unit: str) -> None:
    for start in ("> extract: ", "> verify: zone:A | exact"):
        line = start + unit * (300_000 // len(unit)) + "zone"
        clean = clean_trace(line, with_revisions=True)
        assert clean is None or len(clean) <= len(line)  # or it would not end
