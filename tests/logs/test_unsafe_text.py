"""Text that must not reach training data is found wherever a miner may put it."""

from pathlib import Path
from typing import Any

import pytest
from builders import attempt, compute, extract, quarantine, write_log
from hypothesis import given
from hypothesis import strategies as st

from botcoin_dpo import build
from botcoin_dpo.logs.unsafe_text import may_be_unsafe, unsafe_submission

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


def test_the_coordinators_words_are_not_the_miners() -> None:
    step = extract(coordinator_provenance={"semantic_zone": "<think>"})
    assert unsafe_submission("ok", None, [step]) is None
    nested = {"action": "note", "x": {"coordinator_provenance": "<think>"}}
    assert unsafe_submission("ok", None, [nested])


@pytest.mark.parametrize("inputs", ["INST", ["inst"], ["/INST"], [" inst\n"]])
def test_a_token_that_only_the_rendering_makes_is_found(inputs: Any) -> None:
    assert unsafe_submission("ok", None, [compute(inputs=inputs)])
    assert unsafe_submission("ok", None, [compute(inputs=["INST", "x"])]) is None


@given(st.sampled_from([*TOKENS, "inst"]), st.booleans(), st.sampled_from(range(8)))
def test_the_scan_never_passes_over_what_a_closer_look_would_find(
    token: str, ascii_only: bool, place: int
) -> None:
    import json

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
