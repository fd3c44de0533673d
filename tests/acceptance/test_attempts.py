"""`build --attempts`: every usable attempt and what it was made on, beside the rows of pairs."""

import json
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import audit, build, read_attempts, validate
from botcoin_dpo.attempts.facts import input_key
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.identifiers import challenge_hash
from botcoin_dpo.contract.pair_types import PAIR_TYPES
from botcoin_dpo.contract.trace_text import trace_text
from tests.builders import (
    SAMPLE_LOGS,
    all_bytes,
    attempt,
    challenge,
    context,
    facts,
    quarantine,
    read_rows,
    recovery,
    run,
    write_log,
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    build(SAMPLE_LOGS, out, pairs=PAIR_TYPES, attempts=True)
    return out


def test_every_usable_attempt_is_there_in_order_in_a_pair_or_not(sample: Path) -> None:
    written = [(each["record_id"], each["steps"]) for each in facts(sample, "attempts")]
    usable = [(each.record.record_id, each.steps) for each in read_attempts(SAMPLE_LOGS)]
    assert written == usable
    manifest = json.loads((sample / "manifest.json").read_bytes())
    assert len(written) == manifest["funnel"]["attempts"]["surviving"]
    paired = {
        row[f"{side}_metadata"]["record_id"]
        for kind in PAIR_TYPES
        for row in read_rows(sample, kind)
        for side in ("rejected", "chosen")
    }
    assert 0 < len(paired) < len(written)


def test_what_rows_say_of_an_attempt_is_what_its_object_says(sample: Path) -> None:
    attempts = {each["record_id"]: each for each in facts(sample, "attempts")}
    challenges = {each["input"]: each for each in facts(sample, "challenges")}
    rows = [row for kind in PAIR_TYPES for row in read_rows(sample, kind)]
    assert rows
    for row in rows:
        for side in ("rejected", "chosen"):
            found = attempts[row[f"{side}_metadata"]["record_id"]]
            assert json.dumps(found["metadata"]) == json.dumps(row[f"{side}_metadata"])
            assert found["artifact"] == row[side]["artifact"]
            assert trace_text(found["steps"]) == row[side]["think"]
            assert (found["split"], found["is_credited"]) == (row["split"], side == "chosen")
            of_checked = found["constraint_outcomes"][: found["constraint_count"]]
            assert of_checked.count(True) == found["metadata"]["constraint_pass_count"]
            made_on = challenges[found["input"]]
            for name in ("document", "questions", "constraints", "trap_metadata", "split"):
                assert made_on[name] == row[name]


def test_objects_fit_their_schemas_and_are_in_the_order_of_challenges(sample: Path) -> None:
    attempts, challenges = facts(sample, "attempts"), facts(sample, "challenges")
    for each in attempts:
        assert schemas.explain("attempt_facts", each) == []
        assert [*each, "audit"] == list(schemas.load("attempt_facts")["properties"])
    for each in challenges:
        assert schemas.explain("challenge_facts", each) == []
        assert list(each) == list(schemas.load("challenge_facts")["properties"])
        assert each["input"] == input_key(each)
    hashes = [challenge_hash(each["challenge_id"]) for each in attempts]
    assert hashes == sorted(hashes)
    named = list(dict.fromkeys(each["input"] for each in attempts))
    assert named == [each["input"] for each in challenges]


def test_the_metadata_is_that_of_a_side_of_a_row() -> None:
    of_rows = schemas.load("pair")["properties"]["chosen_metadata"]
    own = schemas.load("attempt_facts")["properties"]["metadata"]
    assert own | {"description": ""} == of_rows | {"description": ""}


def test_an_audit_of_another_form_does_not_fit(sample: Path) -> None:
    each = facts(sample, "attempts")[0]
    verdict = {"constraint": 0, "kind": "include", "recorded": True, "verdict": "verified",
               "ground": "document", "reason": None, "expected": "x", "found": None,
               "place": {"paragraph": 3, "start": 20, "end": 21}}  # fmt: skip
    step = {"step": 2, "verdict": "unsound", "reason": "citation", "ungrounded_inputs": []}
    each["audit"] = {"constraints": [verdict], "steps": [step], "findings": []}
    assert schemas.is_valid("attempt_facts", each)
    for name, value in (("verdict", "true"), ("ground", "hearsay"), ("place", {}), ("more", 1)):
        changed = each | {"audit": each["audit"] | {"constraints": [verdict | {name: value}]}}
        assert not schemas.is_valid("attempt_facts", changed)
    del each["audit"]["steps"]
    assert not schemas.is_valid("attempt_facts", each)


def test_attempts_of_an_audited_build_carry_verdicts(sample: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        build(SAMPLE_LOGS, tmp_path / f"{workers}", attempts=True, audit=True, workers=workers)
    assert validate(tmp_path / "1").is_valid
    audited = facts(tmp_path / "1", "attempts")
    assert audited == facts(tmp_path / "2", "attempts")
    assert [{**each, "audit": None} for each in audited] == [
        {**each, "audit": None} for each in facts(sample, "attempts")
    ]
    for each in audited:
        of = each["audit"]
        assert [one["constraint"] for one in of["constraints"]] == list(
            range(each["constraint_count"])
        )
        assert [one["step"] for one in of["steps"]] == list(range(len(each["steps"])))
        for one in of["constraints"]:
            assert one["recorded"] is each["constraint_outcomes"][one["constraint"]]
            assert (one["reason"] is None) == (one["verdict"] != "unchecked")
            assert (one["place"] is not None) <= (one["ground"] == "document")
    audit(SAMPLE_LOGS, details=tmp_path / "details.jsonl")
    lines = (tmp_path / "details.jsonl").read_bytes().splitlines()
    by_id = {each["record_id"]: each["audit"] for each in map(json.loads, lines)}
    assert by_id == {each["record_id"]: each["audit"] for each in audited}


def test_steps_keep_unknown_fields_and_nulls(tmp_path: Path) -> None:
    step = {"action": "muse", "note": None, "mood": {"é": [1, 2.5, None]}, "step": 3.0}
    submission = {"artifact": "x", "reasoning_trace": [step], "model": None}
    log = write_log(tmp_path / "a.jsonl", [attempt(submission=submission, unknown=1)])
    build(log, tmp_path / "out", attempts=True)
    (found,) = facts(tmp_path / "out", "attempts")
    assert json.dumps(found["steps"]) == json.dumps([step | {"step": 3}])
    assert found["model"] is None
    assert found["constraint_outcomes"] == [True, False, True, True]
    assert found["constraint_count"] == 3


def test_inputs_of_one_challenge_that_differ_are_objects_of_their_own(tmp_path: Path) -> None:
    with_questions = context(question_metadata=[{"answer": "Alma Rose"}])
    records = [
        *recovery(),
        *recovery(miner="0xbb", challenge_context=with_questions),
        *recovery(miner="0xcc", challenge_id="0X01"),
        attempt(miner="0xdd", number=2),
        attempt(miner="0xee", trap_metadata=...),
        attempt(miner="0xff", challenge_context=...),
        challenge(),
    ]
    build(write_log(tmp_path / "a.jsonl", records), tmp_path / "out", attempts=True)
    challenges = facts(tmp_path / "out", "challenges")
    keys = [each["input"] for each in facts(tmp_path / "out", "attempts")]
    one, other, second, trapless = (each["input"] for each in challenges)
    assert keys == [one, one, other, other, one, one, second, trapless, one]
    assert [each["question_metadata"] for each in challenges] == [
        None, [{"answer": "Alma Rose"}], None, None
    ]  # fmt: skip
    assert challenges[3]["trap_metadata"] == {"trap_count": 0, "traps": []}


def test_what_is_quarantined_is_not_there(tmp_path: Path) -> None:
    unsafe = attempt(miner="0xbb", submission={"artifact": "<s>", "reasoning_trace": []})
    log = write_log(tmp_path / "a.jsonl", [*recovery(), unsafe])
    build(log, tmp_path / "out", attempts=True)
    assert [each["miner_id"] for each in facts(tmp_path / "out", "attempts")] == ["0xaa"] * 2
    build(log, tmp_path / "all", attempts=True, allow_unsafe_text=True)
    assert len(facts(tmp_path / "all", "attempts")) == 3


def test_what_does_not_fit_its_schema_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_log(tmp_path / "a.jsonl", [*recovery(), attempt(miner="0xbb", number=2)])
    fits = schemas.is_valid

    def is_valid(name: Any, value: Any) -> bool:
        return fits(name, value) and "volume 2" not in value.get("document", "")

    monkeypatch.setattr(schemas, "is_valid", is_valid)
    monkeypatch.setattr(
        schemas, "first_violation", lambda *_: schemas.Violation("/document", "is odd")
    )
    build(log, tmp_path / "out", attempts=True)
    assert len(facts(tmp_path / "out", "attempts")) == 2
    assert len(facts(tmp_path / "out", "challenges")) == 1
    (entry,) = quarantine(tmp_path / "out")
    assert (entry["reason"], entry["detail"]) == ("row_schema_violation", "/document: is odd")
    assert (entry["line"], entry["record_id"]) == (3, "0x01-0xbb-1")


def test_without_the_option_nothing_speaks_of_it(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", recovery())
    build(log, tmp_path / "with", attempts=True)
    build(log, tmp_path / "out")
    bare, full = all_bytes(tmp_path / "out"), all_bytes(tmp_path / "with")
    assert b"attempt_f" not in bare["manifest.json"]
    assert '"attempts": true' not in bare["manifest.json"].decode()
    assert b"attempts/" not in bare["README.md"]
    added = {"attempts/part-00000.jsonl", "challenges/part-00000.jsonl"}
    assert set(full) - set(bare) == added
    differing = {name for name in bare if bare[name] != full[name]}
    assert differing == {"manifest.json", "README.md"}


def test_files_are_closed_by_size_and_listed(tmp_path: Path) -> None:
    records = [record for number in range(8) for record in recovery(f"0x{number:02x}")]
    log = write_log(tmp_path / "a.jsonl", records)
    result = build(log, tmp_path / "out", attempts=True, shard_mb=0.004)
    build(log, tmp_path / "whole", attempts=True)
    assert result.facts is not None
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    for kind, key in (("attempts", "attempt_files"), ("challenges", "challenge_files")):
        of_kind = result.facts[kind]  # type: ignore[index]
        names = [file.path for file in of_kind.files]
        assert names == [f"{kind}/part-{number:05d}.jsonl" for number in range(len(names))]
        assert len(names) > 1
        assert all(file.bytes <= 4000 or file.objects == 1 for file in of_kind.files)
        assert [file._asdict() for file in of_kind.files] == manifest[key]
        assert sum(file.objects for file in of_kind.files) == of_kind.objects
        assert facts(tmp_path / "out", kind) == facts(tmp_path / "whole", kind)


@pytest.mark.parametrize("attempts", [False, True])
def test_a_previous_build_with_attempts_is_replaced_whole(tmp_path: Path, attempts: bool) -> None:
    log = write_log(tmp_path / "a.jsonl", recovery())
    build(log, tmp_path / "out", attempts=True, shard_mb=0.001)
    write_log(tmp_path / "a.jsonl", [*recovery(), *recovery("0x02")])
    build(log, tmp_path / "out", attempts=attempts, update=True)
    build(log, tmp_path / "new", attempts=attempts)
    assert all_bytes(tmp_path / "out") == all_bytes(tmp_path / "new")


def test_the_command_writes_and_counts_them(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", recovery())
    out = tmp_path / "out"
    dry = json.loads(run("build", log, "-o", out, "--attempts", "--dry-run", "--json").stdout)
    assert (dry["attempts"], dry["challenges"]) == (
        {"objects": 2, "files": []},
        {"objects": 1, "files": []},
    )
    shown = run("build", log, "-o", out, "--attempts", "--dry-run").stdout
    assert "beside them 2 attempts and 1 challenges" in shown
    done = json.loads(run("build", log, "-o", out, "--attempts", "--json").stdout)
    assert done["attempts"]["files"][0]["path"] == "attempts/part-00000.jsonl"
    without = json.loads(run("build", log, "-o", out, "--overwrite", "--json").stdout)
    assert without["attempts"] is without["challenges"] is None
    assert not (out / "attempts").exists()
