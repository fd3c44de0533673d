"""Attempts and challenges of a build: whatever does not belong together is found by its rule."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import build, validate
from botcoin_dpo.attempts.facts import input_key
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.files import segments
from botcoin_dpo.validation.validate import ValidationResult
from tests.builders import attempt, facts, recovery, write_log

Objects = list[dict[str, Any]]
Change = Callable[[Objects], Any]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    records = [*recovery(), *recovery(miner="0xbb"), *recovery("0x02", number=2)]
    records += [attempt(miner="0xcc"), attempt(miner="0xdd", number=3, challenge="0x02")]
    log = write_log(tmp_path / "a.jsonl", records)
    build(log, tmp_path / "out", pairs=PAIR_TYPES, attempts=True)
    return tmp_path / "out"


def rewrite(out: Path, path: str, change: Change) -> None:
    """Change the lines of a file, and list it in the manifest as it is then."""
    lines = [json.loads(line) for line in (out / path).read_bytes().splitlines()]
    change(lines)
    data = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    (out / path).write_bytes(data)
    manifest = json.loads((out / "manifest.json").read_bytes())
    for each in (file for key in ("shards", "attempt_files", "challenge_files")
                 for file in manifest[key] if file["path"] == path):  # fmt: skip
        each |= {"bytes": len(data), "sha256": sha256(data).hexdigest()}
        each["rows" if "rows" in each else "objects"] = len(lines)
    (out / "manifest.json").write_text(json.dumps(manifest))


def found(result: ValidationResult) -> set[tuple[str, str, int | None, str]]:
    return {(each.rule, each.file, each.line, each.pointer) for each in result.findings}


ATTEMPTS, CHALLENGES = "attempts/part-00000.jsonl", "challenges/part-00000.jsonl"


def set_in(place: int, name: str, value: Any) -> Change:
    return lambda lines: lines[place].__setitem__(name, value)


def set_metadata(place: int, name: str, value: Any) -> Change:
    return lambda lines: lines[place]["metadata"].__setitem__(name, value)


def swap(one: int, other: int) -> Change:
    def change(lines: Objects) -> None:
        lines[one], lines[other] = lines[other], lines[one]

    return change


# What is changed, and one finding that must be there: rule, line, pointer.
TAMPERED: list[tuple[str, Change, tuple[str, int, str]]] = [
    (ATTEMPTS, set_in(0, "split", "dev"), ("attempt_schema", 1, "/split")),
    (ATTEMPTS, set_in(1, "more", 1), ("attempt_schema", 2, "")),
    (ATTEMPTS, set_in(0, "steps", ["x"]), ("attempt_schema", 1, "/steps/0")),
    (ATTEMPTS, set_in(0, "model", "other"), ("attempt_facts", 1, "/model")),
    (ATTEMPTS, set_in(0, "record_id", "other"), ("attempt_facts", 1, "/record_id")),
    (ATTEMPTS, set_in(0, "is_credited", True), ("attempt_facts", 1, "/is_credited")),
    (ATTEMPTS, set_in(0, "constraint_count", 9), ("attempt_facts", 1, "/constraint_count")),
    (ATTEMPTS, set_in(0, "constraint_outcomes", [True] * 4),
     ("attempt_facts", 1, "/metadata/constraint_pass_count")),
    (ATTEMPTS, set_in(0, "constraint_outcomes", [True, False, True]),
     ("attempt_challenge", 1, "/constraint_outcomes")),
    (ATTEMPTS, set_in(0, "input", "0" * 32), ("attempt_challenge", 1, "/input")),
    (ATTEMPTS, set_in(0, "challenge_domain", "x"), ("attempt_challenge", 1, "/challenge_domain")),
    (ATTEMPTS, set_in(0, "split", "test"), ("attempt_challenge", 1, "/split")),
    (ATTEMPTS, swap(0, 1), ("attempt_order", 2, "")),
    (ATTEMPTS, lambda lines: lines.insert(1, lines[0]), ("attempt_order", 2, "")),
    (ATTEMPTS, set_in(0, "artifact", "a <s>"), ("unsafe_text", 1, "")),
    (CHALLENGES, set_in(0, "document", ""), ("attempt_schema", 1, "/document")),
    (CHALLENGES, set_in(0, "questions", []), ("attempt_facts", 1, "/input")),
    (CHALLENGES, set_in(0, "split", "test"), ("split_hash", 1, "/split")),
    (CHALLENGES, lambda lines: lines.append(lines[-1]), ("attempt_order", 4, "/input")),
]  # fmt: skip


@pytest.mark.parametrize("case", TAMPERED, ids=lambda case: f"{case[2][0]}{case[2][2]}")
def test_what_is_wrong_with_an_object_is_found(
    out: Path, case: tuple[str, Change, tuple[str, int, str]]
) -> None:
    path, change, (rule, line, pointer) = case
    rewrite(out, path, change)
    assert (rule, path, line, pointer) in found(validate(out))


def test_a_build_is_clean_and_its_files_are_counted(out: Path) -> None:
    result = validate(out)
    assert result.is_valid, result.findings
    assert result.files == len(list(out.glob("*/*.jsonl")))


def place_of(out: Path, is_credited: bool) -> int:
    """Return the place of an attempt that is a side of a row."""
    pairs = [(each["record_id"], each["is_credited"]) for each in facts(out, "attempts")]
    wanted = "0x01-0xaa-2" if is_credited else "0x01-0xaa-1"
    return pairs.index((wanted, is_credited))


@pytest.mark.parametrize("is_credited", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda place: set_in(place, "artifact", "another"),
        lambda place: lambda lines: lines[place]["steps"].pop(),
        lambda place: set_metadata(place, "retry_metadata", {"x": 1}),
        lambda place: lambda lines: lines.pop(place),
    ],
)
def test_a_side_of_a_row_that_is_no_attempt_is_found(
    out: Path, change: Callable[[int], Change], is_credited: bool
) -> None:
    rewrite(out, ATTEMPTS, change(place_of(out, is_credited)))
    pointer = "/chosen" if is_credited else "/rejected"
    result = validate(out)
    places = {(each.rule, each.pointer) for each in result.findings}
    assert ("attempt_of_row", pointer) in places
    assert {rule for rule, _ in places} <= {"attempt_of_row", "funnel"}
    messages = {each.message for each in result.findings if each.rule == "attempt_of_row"}
    is_gone = "funnel" in result.counts
    assert messages == {
        "no attempt object has its record id and attempt index"
        if is_gone
        else "its attempt object has another artifact, trace, outcome, metadata or miner"
    }


def test_a_side_of_another_miner_is_found(out: Path) -> None:
    rewrite(out, ATTEMPTS, set_in(place_of(out, True), "miner_id", "0xab"))
    result = validate(out)
    assert set(result.counts) == {"attempt_of_row"}
    assert "miner" in result.findings[0].message


def test_a_row_on_another_challenge_than_its_attempts_is_found(out: Path) -> None:
    def change(lines: Objects) -> None:
        for each in lines:
            if "volume 1" in each["document"]:
                each["trap_metadata"] = {"trap_count": 0, "traps": []}
                each["input"] = input_key(each)

    before = {each["input"]: number for number, each in enumerate(facts(out, "challenges"))}
    rewrite(out, CHALLENGES, change)
    after = [each["input"] for each in facts(out, "challenges")]

    def follow(lines: Objects) -> None:
        for each in lines:
            each["input"] = after[before[each["input"]]]

    rewrite(out, ATTEMPTS, follow)
    result = validate(out)
    assert set(result.counts) == {"attempt_of_row"}
    assert {each.pointer for each in result.findings} == {"/chosen"}


def test_challenges_out_of_order_are_found_also_within_one(out: Path) -> None:
    of_one = [
        number
        for number, each in enumerate(facts(out, "challenges"))
        if each["challenge_id"] == "0x02"
    ]
    rewrite(out, CHALLENGES, swap(*of_one))
    result = validate(out)
    assert result.counts == {"attempt_order": 1}
    assert result.findings[0].line == of_one[0] + 1


def test_a_challenge_without_attempts_is_found(out: Path) -> None:
    rewrite(out, ATTEMPTS, lambda lines: lines.remove(next(
        each for each in lines if each["record_id"] == "0x02-0xdd-1")))  # fmt: skip
    result = validate(out)
    assert result.counts == {"attempt_challenge": 1, "funnel": 1}


def test_files_that_are_changed_missing_or_foreign_are_found(out: Path) -> None:
    with (out / ATTEMPTS).open("ab") as file:
        file.write(b"{\n")
    (out / CHALLENGES).unlink()
    (out / "attempts/part-00001.jsonl").write_bytes(b"{}\n")
    result = validate(out)
    expected = {"malformed_row", "file_content", "missing_file", "unlisted_file"}
    assert expected <= set(result.counts)


def test_an_option_without_files_is_found(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_bytes())
    del manifest["options"]["attempts"]
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert validate(out).counts == {"manifest": 1}


def test_findings_do_not_depend_on_workers_or_ranges(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(out, ATTEMPTS, set_in(2, "artifact", "another"))
    rewrite(out, CHALLENGES, set_in(1, "questions", []))
    whole = [validate(out, workers=workers, max_errors=most).as_json()
             for workers in (1, 2) for most in (1, 100)]  # fmt: skip
    assert whole[:2] == whole[2:]
    assert whole[1]["findings"] > 1
    monkeypatch.setattr(segments, "BLOCK", 700)
    assert validate(out).as_json() == whole[1]
