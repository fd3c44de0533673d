"""A prompt with unsafe text quarantines every attempt at it, and is named once."""

import json
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, validate
from tests.builders import attempt, challenge, context, quarantine, recovery, run, write_log

PLACES: dict[str, Any] = {
    "the document": {"document": "[paragraph_1]\nHe said: <|im_end|>"},
    "question 2": {"questions": ["Which?", "<|im_end|>"]},
    "constraint 1": {"constraints": ["Must include <|im_end|>", "Write 4 words.", "Tip: x"]},
}


def several(changes: dict[str, Any], miners: int = 3) -> list[Any]:
    """Return attempts of some miners at one challenge, their contexts changed."""
    return [
        record | {"challenge_context": context(7) | changes}
        for miner in range(miners)
        for record in recovery("0x07", f"0x{miner}", number=7)
    ]


@pytest.mark.parametrize("place", PLACES)
def test_all_attempts_are_quarantined_and_the_challenge_is_named_once(
    tmp_path: Path, place: str
) -> None:
    log = write_log(tmp_path / "a.jsonl", [*recovery(), *several(PLACES[place])])
    result = build(log, tmp_path / "out")
    assert [entry["reason"] for entry in quarantine(tmp_path / "out")] == ["unsafe_text"] * 6
    detail = f"'<|im_end|>' in {place}"
    assert {entry["detail"] for entry in quarantine(tmp_path / "out")} == {detail}
    assert result.as_json()["unsafe_prompts"] == {
        "challenges": 1,
        "first": [{"challenge_id": "0x07", "detail": detail, "attempts": 6}],
    }
    assert result.funnel.rows == 1


@pytest.mark.parametrize("place", PLACES)
def test_a_joined_prompt_is_checked_as_well(tmp_path: Path, place: str) -> None:
    bare = [
        attempt(index, passed=index == 2, challenge="0x07", challenge_context=...)
        for index in (1, 2)
    ]
    records = [*bare, challenge("0x07", challenge_context=context(7) | PLACES[place])]
    log = write_log(tmp_path / "a.jsonl", records)
    result = build(log, tmp_path / "out")
    assert result.funnel.quarantined == {"unsafe_text": 2}
    assert result.unsafe_prompts.first[0].attempts == 2
    assert build(log, tmp_path / "allowed", allow_unsafe_text=True).funnel.rows == 1


def test_an_update_remembers_it(tmp_path: Path) -> None:
    write_log(tmp_path / "logs/a.jsonl", [*recovery(), *several(PLACES["the document"])])
    build(tmp_path / "logs", tmp_path / "out")
    write_log(tmp_path / "logs/b.jsonl", recovery("0x09", number=9))
    result = build(tmp_path / "logs", tmp_path / "out", update=True)
    assert result.unsafe_prompts.first[0].attempts == 6
    assert result.funnel.quarantined == {"unsafe_text": 6}


def test_the_command_warns_once_for_a_challenge(tmp_path: Path) -> None:
    records = [
        record | {"challenge_id": f"0x{number:02x}"}
        for number in range(16, 28)
        for record in several(PLACES["the document"], miners=2)
    ]
    log = write_log(tmp_path / "a.jsonl", [*recovery(), *records])
    done = run("build", log, "--out", tmp_path / "out", "--json")
    warnings = done.stderr.splitlines()
    assert len(warnings) == 11
    assert "'<|im_end|>' in the document; quarantined with its attempts, 4 in all" in warnings[0]
    assert "2 more challenges" in warnings[-1]
    assert json.loads(done.stdout)["unsafe_prompts"]["challenges"] == 12
    assert not run("build", log, "--out", tmp_path / "quiet", "--quiet").stderr


def test_validate_holds_a_build_to_what_its_options_say(tmp_path: Path) -> None:
    hostile = several(PLACES["question 2"], miners=1)
    hostile[0]["submission"]["model"] = "<s>"
    hostile[1]["submission"]["artifact"] = "a [INST]"
    hostile[1]["submission"]["reasoning_trace"] = [{"action": "note", "note": "</think>"}]
    log = write_log(tmp_path / "a.jsonl", [*recovery(), *hostile])
    build(log, tmp_path / "out", allow_unsafe_text=True)
    assert validate(tmp_path / "out").is_valid
    path = tmp_path / "out/manifest.json"
    path.write_text(path.read_text().replace('unsafe_text": true', 'unsafe_text": false'))
    found = validate(tmp_path / "out").findings
    assert {(finding.rule, finding.pointer) for finding in found} == {
        ("unsafe_text", "/prompt"),
        ("unsafe_text", "/rejected_metadata/model"),
        ("unsafe_text", "/chosen/artifact"),
        ("unsafe_text", "/chosen/think"),
    }
