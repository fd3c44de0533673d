"""Text that must not reach training data is found wherever a miner may put it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import build
from botcoin_dpo.contract.trace_text import trace_text
from botcoin_dpo.logs.unsafe_text import (
    may_be_unsafe,
    prompt_may_be_unsafe,
    token_in,
    unsafe_prompt,
    unsafe_submission,
)
from tests.builders import attempt, compute, extract, quarantine, write_log

TOKENS = [
    "<think>", "</THINK>", "<|im_end|>", "<｜begin▁of▁sentence｜>", "<s>", "</S>", "<bos>", "<eos>",
    "<start_of_turn>", "<end_of_turn>", "[INST]", "[/inst]", "<<SYS>>", "\x00", "\x1b", "\x08",
    "<|" + "x" * 64 + "|>",
]  # fmt: skip
HARMLESS = [
    "a < b", "<thinking>", "<| x |>", "<||>", "<|" + "x" * 65 + "|>", "[INSTALL]", "<sys>", "\t",
    "\n\r", "\x7f", "<strong>", "inst", "<start of turn>",
]  # fmt: skip


def places(text: str) -> list[tuple[str, str | None, list[dict[str, Any]]]]:
    """Return submissions with a text in every place that a miner writes."""
    return [
        ("ok", text, []),
        ("ok", None, [{"action": text}]),
        ("ok", None, [{"action": "note", "note": text}]),
        ("ok", None, [extract(), {"action": "note", text: 1}]),
        ("ok", None, [{"action": "note", "deep": [{"er": [text]}]}]),
        ("ok", None, [{"action": "note", "deep": {text: None}}]),
        ("ok", None, [{"step_id": text}]),
        ("ok", None, [compute(inputs=[text, "b"])]),
    ]


@pytest.mark.parametrize("token", TOKENS)
def test_every_token_is_found_everywhere(token: str) -> None:
    assert unsafe_submission(token, None, [])
    for artifact, model, trace in places(f"a{token}b"):
        assert unsafe_submission(artifact, model, trace)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_token_is_harmless(text: str) -> None:
    for artifact, model, trace in places(f"a{text}b"):
        assert unsafe_submission(artifact, model, trace) is None


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\u2028b", "a\u2029b"])
def test_an_artifact_is_one_line(text: str) -> None:
    assert unsafe_submission(text, None, []) == "a line break in the artifact"


def test_of_the_coordinators_words_those_are_checked_that_a_row_shows() -> None:
    step = extract(coordinator_provenance={"match_method": "<think>", "quote_match": 5})
    assert unsafe_submission("ok", None, [step]) is None
    nested = {"action": "note", "x": {"coordinator_provenance": "<think>"}}
    assert unsafe_submission("ok", None, [nested])


WORDS = ["EXACT", "exact", "value-anchored", "GROUND_TRUTH", "Near miss", "zone 2", "", None]
OTHER_TEXTS = [
    "</think><|im_start|>x [INST]", "a | note: b", "zone:A", "two  blanks", " EXACT", "EXACT ", "é",
    "a\nb", "a\tb", "<", "[INST]", "wörter",
]  # fmt: skip


@pytest.mark.parametrize("name", ["quote_match", "semantic_zone"])
def test_tiers_and_zones_are_words(name: str) -> None:
    def found(value: Any, action: str = "extract_fact") -> tuple[str | None, bool]:
        trace = [extract(action=action, coordinator_provenance={name: value})]
        return unsafe_submission("ok", None, trace), may_be_unsafe(json.dumps(trace).encode())

    assert not any(found(word)[0] for word in WORDS)
    for text in OTHER_TEXTS:
        assert all(found(text)), text
        assert all(found(text, "note")), text


TORN_TOKENS = [
    compute(inputs=["<|im_start", "a|>"]),
    {"action": "note", "<|im": "end|>"},
    {"action": "note", "<|im": {"end|>": 1}, "end|>": 1},
    compute(inputs=["x [INST"]),
    compute(inputs=["/INST] x"]),
    compute(inputs="INST"),
    compute(inputs=["inst"]),
    compute(inputs=["/INST"]),
    {"action": "note", "a": {"<|b": "c|>"}},
    {"action": "note", "a": ["<|b", "c|>"]},
]


@pytest.mark.parametrize("step", TORN_TOKENS)
def test_a_token_that_only_the_rendering_makes_is_found(step: dict[str, Any]) -> None:
    assert token_in(trace_text([step]))
    assert unsafe_submission("ok", None, [step])
    assert may_be_unsafe(json.dumps([step]).encode())
    assert unsafe_submission("ok", None, [compute(inputs=["INST", "x"])]) is None


_pieces = st.lists(
    st.sampled_from(
        ["<|", "|>", "<", "s>", "/think>", "[", "INST", "]", "/", "a", " ", "｜", ",", "\n", "\x00"]
    ),
    max_size=3,
).map("".join)
_values = st.recursive(
    _pieces | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_pieces, inner, max_size=2),
    max_leaves=4,
)
_steps = st.fixed_dictionaries(
    {"action": st.sampled_from(["extract_fact", "compute_logic", "note"]) | _pieces},
    optional={
        "targetEntity": _values,
        "valueExtracted": _values,
        "inputs": _values,
        "note": _values,
        "claim": _values,
        "coordinator_provenance": st.fixed_dictionaries({"semantic_zone": _pieces}),
    },
)


@given(st.lists(_steps, max_size=3), st.booleans())
def test_whatever_a_row_would_show_is_checked(
    trace: list[dict[str, Any]], ascii_only: bool
) -> None:
    if token_in(trace_text(trace)):
        assert unsafe_submission("ok", None, trace)
    if unsafe_submission("ok", None, trace):
        assert may_be_unsafe(json.dumps(trace, ensure_ascii=ascii_only).encode())


@given(st.sampled_from([*TOKENS, "harmless", "[INSTALL]"]), st.booleans(), st.integers(0, 2))
def test_the_prompt_is_checked_like_what_miners_wrote(
    text: str, ascii_only: bool, place: int
) -> None:
    parts: list[Any] = ['Line one.\n\n"Quoted" \\ two.', ["Which?"], ["Write 4 words."]]
    where = ("the document", "question 1", "constraint 1")[place]
    parts[place] = f"a {text}" if place == 0 else [f"a {text}"]
    found = unsafe_prompt(*parts)
    assert (found is not None) == (text in TOKENS)
    assert found is None or found.endswith(f" in {where}")
    if found:
        document = json.dumps(parts[0], ensure_ascii=ascii_only).encode()
        assert prompt_may_be_unsafe(document, *parts[1:])


def test_a_slash_may_be_escaped() -> None:
    document = rb'"a [\/INST] b"'
    assert unsafe_prompt(json.loads(document), [], [])
    assert prompt_may_be_unsafe(document, [], [])


@given(st.sampled_from([*TOKENS, "inst"]), st.booleans(), st.sampled_from(range(8)))
def test_the_scan_never_passes_over_what_a_closer_look_would_find(
    token: str, ascii_only: bool, place: int
) -> None:
    _, model, trace = places(token)[place]
    if model is None:
        raw = json.dumps(trace, ensure_ascii=ascii_only).encode()
        assert may_be_unsafe(raw)


def test_it_is_set_aside_with_where_it_was_found(tmp_path: Path) -> None:
    records = []
    for number, (artifact, model, trace) in enumerate(places("<|im_end|>")):
        submission = {"artifact": artifact, "model": model, "reasoning_trace": trace}
        records.append(attempt(miner=f"0x{number}", submission=submission))
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out")
    entries = quarantine(tmp_path / "out")
    assert [entry["reason"] for entry in entries] == ["unsafe_text"] * len(records)
    assert entries[0]["detail"] == "'<|im_end|>' in the model name"
    assert entries[3]["detail"] == "'<|im_end|>' in step 2 of the trace"


def test_of_all_characters_the_control_characters_are_unsafe() -> None:
    unsafe = [char for char in map(chr, range(sys.maxunicode + 1)) if token_in(f"å{char}.")]
    assert unsafe == [chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"]
