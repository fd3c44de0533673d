"""The audit names what miners hid and where, and raises no alarm where nothing is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from botcoin_dpo import build, validate
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.result import AuditResult
from botcoin_dpo.cli.app import app
from botcoin_dpo.contract.hidden_text import hidden_characters
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import compute, context, document, extract, read_rows, recovery, write_log

Found = list[tuple[int, str, str]]
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ORDINARY = (
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0915\u094d\u200d\u0937 \u0d28\u0d4d\u200d "
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u845b\U000e0100\u57ce \ud55c\uad6d \u4e2d\u6587 "
    f"\U0001f469\u200d\U0001f469\u200d\U0001f467 1\ufe0f\u20e3 {ENGLAND} \u2014 caf\u00e9"
)
PLACES: list[tuple[dict[str, Any], str]] = [
    ({"artifact": "Alma\u202e sails"}, "artifact"),
    ({"model": "small\u202emodel"}, "model"),
    ({"reasoning_trace": [compute(), extract(entity="Al\u202ema")]}, "step 2"),
    ({"reasoning_trace": [{"action": "note", "note": "\u202e"}]}, "step 1"),
    ({"reasoning_trace": [{"action": "guess", "a\u202eb": [1]}]}, "step 1"),
    ({"reasoning_trace": [extract(), {"action": "\u202e"}]}, "step 2"),
    ({"reasoning_trace": [extract(value={"deep": ["\u202e"]})]}, "step 1"),
    ({"reasoning_trace": [extract(note="a | b | \u202e")]}, "step 1"),  # no parser reads the line
]
IN_LOGS_ONLY: list[tuple[dict[str, Any], str]] = [
    ({"reasoning_trace": [extract(), compute(step_id="c\u202e1")]}, "step 2"),
    ({"reasoning_trace": [extract(confidence="\u202e")]}, "step 1"),
    ({"reasoning_trace": [extract() | {"\u202e": 1}]}, "step 1"),
]


def session(changes: dict[str, Any], **others: Any) -> list[dict[str, Any]]:
    """Return a session whose failing attempt is handed in with changes."""
    failed, passed = recovery(**others)
    return [failed | {"submission": failed["submission"] | changes}, passed]


def hidden_in(result: AuditResult) -> Found:
    found = [each for each in result.listed if each.finding.rule == "hidden_text"]
    assert all(each.finding.level == "suspicious" for each in found)
    assert len(found) == result.findings_by_rule["hidden_text"]
    return [(each.attempt_index, each.finding.subject, each.finding.recorded) for each in found]


@pytest.mark.parametrize(("changes", "where"), [*PLACES, *IN_LOGS_ONLY])
def test_it_is_found_wherever_a_miner_writes(
    changes: dict[str, Any], where: str, tmp_path: Path
) -> None:
    log = write_log(tmp_path / "a.jsonl", session(changes))
    assert hidden_in(audit(log)) == [(1, where, "U+202E")]
    build(log, tmp_path / "out", audit=True)
    [row] = read_rows(tmp_path / "out")
    assert "hidden_text" in row["audit"]["flags"]
    in_row = [] if (changes, where) in IN_LOGS_ONLY else [(1, where, "U+202E")]
    assert hidden_in(audit(tmp_path / "out")) == in_row


def test_a_finding_says_which_characters_and_how_often(tmp_path: Path) -> None:
    smuggled = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all that")
    changes = {"artifact": f"a\u200bb\u200b{smuggled}", "model": "\xadm"}
    log = write_log(tmp_path / "a.jsonl", session(changes))
    assert hidden_in(audit(log)) == [
        (
            1,
            "artifact",
            "2 x U+200B, U+E0069, U+E0067, U+E006E, U+E006F, U+E0072, U+E0065, 2 x U+E0020, "
            "2 x U+E0061, 2 x U+E006C, 2 others",
        ),
        (1, "model", "U+00AD"),
    ]


def test_writing_emoji_and_the_prompt_are_no_finding(tmp_path: Path) -> None:
    asked = context() | {
        "document": f"{document()}\u202e",
        "questions": ["\u200b"],
        "constraints": ["Tip: \U000e0041"],
    }
    trace = [extract(entity=ORDINARY), {"action": "note", ORDINARY: [ORDINARY]}]
    changes = {"artifact": ORDINARY, "model": ORDINARY, "reasoning_trace": trace}
    log = write_log(
        tmp_path / "a.jsonl",
        session(
            changes, challenge_context=asked, challenge_domain="\u200b", constraint_total=...,
            constraint_results=...,
        ),
    )  # fmt: skip
    assert audit(log).attempts == 2
    assert hidden_in(audit(log)) == []
    build(log, tmp_path / "out", audit=True)
    assert hidden_in(audit(tmp_path / "out")) == []


def test_simulated_logs_hide_nothing(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=12, miners=5, seed=3, noise=0.05)
    assert "hidden_text" not in audit(tmp_path / "logs").findings_by_rule


@pytest.mark.parametrize("name", ["attempts_v2", "session_0x37289055.attempts"])
def test_real_logs_hide_nothing(reference: Path, name: str) -> None:
    assert "hidden_text" not in audit(reference / f"{name}.jsonl").findings_by_rule


def test_builds_and_exports_drop_by_it(tmp_path: Path) -> None:
    log = write_log(
        tmp_path / "a.jsonl",
        [*session({"model": "\U000e0041"}), *recovery("0x02", number=2), *recovery("0x03")],
    )
    dropped = build(log, tmp_path / "without", drop_if=["hidden_text"])
    assert dropped.funnel.dropped == {"hidden_text": 1}
    assert [row["challenge_id"] for row in read_rows(tmp_path / "without")] != []
    assert validate(tmp_path / "without").is_valid
    build(log, tmp_path / "all", audit=True)
    assert len(read_rows(tmp_path / "all")) == 3
    result = export(
        tmp_path / "all",
        tmp_path / "hub",
        format="jsonl",
        drop_if=["hidden_text"],
        allow_empty=True,
    )
    assert result.rows_dropped == {"hidden_text": 1}
    assert validate(tmp_path / "hub").is_valid


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_command_shows_only_escapes(options: list[str], tmp_path: Path) -> None:
    changes = {"model": "m\u202e", "reasoning_trace": [compute(operation="a\u200b")]}
    log = write_log(tmp_path / "a.jsonl", session(changes, challenge_domain="\U000e0041d"))
    told = CliRunner().invoke(app, ["audit", str(log), *options]).stdout
    assert not list(hidden_characters(told))
    assert "hidden_text" in told
    assert "\\u202e" in told
    if options:
        shown = json.loads(told)
        assert shown.pop("timing")["stages"]
        assert shown == audit(log).as_json()
