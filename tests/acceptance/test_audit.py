"""Audits of real and simulated logs: no false alarm, and every lie that is planted is found."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import pytest

from botcoin_dpo import build, read_attempts, stats, validate
from botcoin_dpo.auditing.audited_attempt import audited_attempt_of
from botcoin_dpo.auditing.auditor import audit
from botcoin_dpo.auditing.checks.constraint_outcomes import audit_constraints
from botcoin_dpo.auditing.expected_texts.consensus import Consensus
from botcoin_dpo.auditing.result import AuditResult
from botcoin_dpo.contract.audit_rules import RULES
from botcoin_dpo.contract.verdicts import STATUSES
from botcoin_dpo.errors import InputError, UsageError
from botcoin_dpo.exporting.exporter import export
from botcoin_dpo.simulation.simulator import simulate
from tests.builders import attempt, published, recovery, write_log

Record = dict[str, Any]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "logs"
    simulate(folder, challenges=24, miners=8, files=1, seed=5)
    return folder


def read(logs: Path) -> list[Record]:
    return [
        orjson.loads(line)
        for path in sorted(logs.iterdir())
        for line in path.read_bytes().splitlines()
    ]


def contradicted(result: AuditResult) -> dict[str, int]:
    return {
        rule: count
        for rule, count in result.findings_by_rule.items()
        if RULES[rule].level == "contradicted"
    }


# Real records


def test_real_records_are_not_contradicted(reference: Path) -> None:
    """Of the second file the records have no answers, so that entities are guesses."""
    for name, constraints, verified in (
        ("attempts_v2", 24, 17),
        ("session_0x37289055.attempts", 16, 4),
    ):
        result = audit(reference / f"{name}.jsonl")
        assert contradicted(result) == {}
        by_status = Counter[str]()
        for (_, status), count in result.outcomes.verdicts.items():
            by_status[status] += count
        assert by_status.total() == constraints
        assert by_status["verified"] >= verified
        assert by_status["verified"] + by_status["consistent"] >= constraints * 3 / 4
        assert set(result.findings_by_rule) <= {"citation_tier"}


def test_the_tier_that_contradicts_its_citation_is_named(reference: Path) -> None:
    [listed] = audit(reference / "attempts_v2.jsonl").listed
    assert listed.as_json() == {
        "record_id": "8202ad41-2554-4bb4-9d59-20048c8894ee",
        "attempt_index": listed.attempt_index,
        "rule": "citation_tier",
        "level": "suspicious",
        "subject": "e2",
        "recorded": "EXACT",
        "recomputed": "does not match",
    }


def test_the_published_pair_is_audited_as_its_records_are(reference: Path, tmp_path: Path) -> None:
    build(reference / "session_0x37289055.attempts.jsonl", tmp_path / "out", audit=True)
    [path] = (tmp_path / "out").glob("sequential/*")
    row = orjson.loads(path.read_bytes())
    published = orjson.loads((reference / "pair_0x37289055.json").read_bytes())
    assert list(row)[-1] == "audit"
    assert {key: row[key] for key in published} == published
    for verdicts in row["audit"]["verdicts"].values():
        assert verdicts["verified"] >= 2
        assert verdicts["verified"] + verdicts["consistent"] >= 5
    assert row["audit"]["flags"] == []
    again = audit(tmp_path / "out")
    assert contradicted(again) == {}
    assert again.outcomes.verdicts.total() == 16


# Simulated logs: no false alarm


def slips_in(record: Record) -> int:
    """The computations of a simulated trace that are off, by an own reading of it."""
    values: dict[str, Any] = {}
    slips = 0
    for step in record["submission"]["reasoning_trace"]:
        if step["action"] == "extract_fact":
            values[step["step_id"]] = step["valueExtracted"]
        elif step["action"] == "compute_logic":
            inputs = [values.get(each, each) for each in step["inputs"]]
            if step["operation"] in ("mod", "add", "sum", "subtract"):
                expected = sum(inputs)
                if step["operation"] == "mod":
                    expected = inputs[0] % inputs[1]
                elif step["operation"] == "subtract":
                    expected = inputs[0] - inputs[1]
                slips += step["result"] != expected
            values[step["step_id"]] = step["result"]
    return slips


def assert_no_false_alarm(logs: Path, result: AuditResult) -> None:
    records = read(logs)
    assert result.attempts == len(records)
    assert contradicted(result) == {}
    assert set(result.findings_by_rule) <= {"computation_result", "trap_value"}
    assert result.findings_by_rule["computation_result"] == sum(map(slips_in, records)) > 0
    checked = dict.fromkeys(STATUSES, 0)
    for (_, status), count in result.outcomes.verdicts.items():
        checked[status] += count
    assert checked["verified"] > 0.6 * sum(checked.values())
    assert checked["verified"] + checked["consistent"] > 0.85 * sum(checked.values())


def test_simulated_logs_raise_no_false_alarm(logs: Path) -> None:
    assert_no_false_alarm(logs, audit(logs))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_thousands_of_simulated_attempts_raise_no_false_alarm(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=400, miners=12, seed=77)
    result = audit(tmp_path / "logs", workers=2)
    assert result.attempts > 5000
    assert set(result.by_domain.as_json()) == {
        "companies", "exoplanets", "battery_materials", "enzymes",
    }  # fmt: skip
    assert_no_false_alarm(tmp_path / "logs", result)


# Lies


def flip_outcome(record: Record, dice: random.Random) -> str | None:
    """Flip an outcome whose text alone, or the coordinator's answers, decide it."""
    if record["credit_eligible"]:
        return None
    index = dice.choice([0, 6, 7])  # word count, acrostic, forbidden letter
    holds = not record["constraint_results"][str(index)]["pass"]
    record["constraint_results"][str(index)]["pass"] = holds
    for name, is_kept in (("passed", True), ("failed", False)):
        listed = [i for i in range(8) if record["constraint_results"][str(i)]["pass"] is is_kept]
        record[f"constraints_{name}"] = listed
    record["constraint_pass_count"] = len(record["constraints_passed"])
    record["constraint_fail_count"] = len(record["constraints_failed"])
    return f"constraint {index} ("


def change_word(record: Record, dice: random.Random) -> str | None:
    """Change the first word of a credited artifact, which the acrostic needs."""
    if not record["credit_eligible"]:
        return None
    first, rest = record["submission"]["artifact"].split(" ", 1)
    letter = "b" if first[0].lower() != "b" else "c"
    record["submission"]["artifact"] = f"{letter}{first[1:]} {rest}"
    return "constraint 6 (acrostic)"


def wrong_result(record: Record, dice: random.Random) -> str | None:
    """Change the result of a computation that no other uses."""
    steps = [s for s in record["submission"]["reasoning_trace"] if s["action"] == "compute_logic"]
    used = {each for step in steps for each in step["inputs"] if isinstance(each, str)}
    last = [s for s in steps if s["step_id"] not in used and isinstance(s["result"], int)]
    last = [s for s in last if not isinstance(s["result"], bool)]
    if not last or slips_in(record):
        return None
    step = dice.choice(last)
    step["result"] += dice.choice([-2, -1, 1, 2])
    return str(step["step_id"])


def move_citation(record: Record, dice: random.Random) -> str | None:
    """Let a step cite a paragraph that says nothing of its entity."""
    steps = [s for s in record["submission"]["reasoning_trace"] if s["action"] == "extract_fact"]
    matched = [s for s in steps if s["coordinator_provenance"]["quote_match"] == "EXACT"]
    if not matched:
        return None
    step = dice.choice(matched)
    text = record["challenge_context"]["document"]
    paragraphs = text.split("[paragraph_")[1:]
    for number, paragraph in enumerate(paragraphs, start=1):
        if step["targetEntity"].lower() not in paragraph.lower():
            step["source"] = f"paragraph_{number}"
            step["coordinator_provenance"]["paragraph_index"] = number
            return str(step["step_id"])
    return None


def move_in_one_place(record: Record, dice: random.Random) -> str | None:
    """Move a citation in one of the three places that name its paragraph."""
    steps = [s for s in record["submission"]["reasoning_trace"] if s["action"] == "extract_fact"]
    if not steps:
        return None
    step = dice.choice(steps)
    total, number = step["coordinator_provenance"]["paragraph_total"], dice.randint(1, 50)
    moved = (step["coordinator_provenance"]["paragraph_index"] + number) % total
    place = dice.choice(["source", "provenance", "resolved"])
    if place == "source":
        step["source"] = f"paragraph_{moved}"
    elif place == "provenance":
        step["coordinator_provenance"]["paragraph_index"] = moved
    else:
        for entry in record["trace_validation"]["resolved_citations"]:
            if entry["stepId"] == step["step_id"]:
                entry["paragraphIndex"] = moved
    return str(step["step_id"])


def wrong_count(record: Record, dice: random.Random) -> str | None:
    """Change a list of constraints, or the number of traps or paragraphs."""
    name = dice.choice(["constraints_passed", "trap_metadata", "paragraph_count"])
    if name == "trap_metadata":
        record[name]["trap_count"] += 1
    elif name == "paragraph_count":
        record["challenge_context"][name] += 1
    elif not record[name]:
        return None
    else:
        record[name].remove(dice.choice(record[name]))
    return name


def wrong_feedback(record: Record, dice: random.Random) -> str | None:
    """Change what was shown of the attempt before."""
    if record["feedback_shown"] is None:
        return None
    record["feedback_shown"]["constraints_passed_shown"] += 1
    return "feedback_shown.constraints_passed_shown"


def wrong_summary(record: Record, dice: random.Random) -> str | None:
    """Change one number of a summary."""
    group, key = dice.choice(
        [
            ("trace_stats", "total_steps"),
            ("trace_stats", "compute_logic_steps"),
            ("trace_spatial_summary", "paragraph_span"),
            ("trace_spatial_summary", "max_forward_jump"),
            ("trace_quality", "verified_step_ratio"),
            ("reasoning_depth", "reasoning_depth_score"),
            ("answer_verification", "correct"),
        ]
    )
    record[group][key] += 1
    return f"{group}.{key}"


def wrong_time(record: Record, dice: random.Random) -> str | None:
    """Change the time since the attempt before."""
    if record["time_since_previous_attempt_ms"] is None:
        return None
    record["time_since_previous_attempt_ms"] += 1000
    return "time_since_previous_attempt_ms"


def wrong_flips(record: Record, dice: random.Random) -> str | None:
    """Swap two lists of the flip summary."""
    flips = record["constraint_flip_summary"]
    if flips is None or flips["stayed_pass"] == flips["flipped_to_pass"]:
        return None
    flips["stayed_pass"], flips["flipped_to_pass"] = flips["flipped_to_pass"], flips["stayed_pass"]
    return "constraint_flip_summary."


def claim_other_path(record: Record, dice: random.Random) -> str | None:
    """Claim path A for what took path B."""
    if record["acceptance_path"] != "B":
        return None
    record["trap_classification"] = "PATH_A"
    return "trap_classification"


LIES: dict[str, tuple[Callable[[Record, random.Random], str | None], str]] = {
    "flipped outcome": (flip_outcome, "constraint_outcome"),
    "changed word": (change_word, "constraint_outcome"),
    "wrong result": (wrong_result, "computation_result"),
    "moved citation": (move_citation, "citation_flag"),
    "citation moved in one place": (move_in_one_place, "citation_source"),
    "wrong summary": (wrong_summary, ""),
    "wrong count": (wrong_count, "stored_counts"),
    "wrong feedback": (wrong_feedback, "feedback"),
    "wrong time": (wrong_time, "time_difference"),
    "wrong flips": (wrong_flips, "flip_summary"),
    "other path": (claim_other_path, "path_claim"),
}


def plant(records: list[Record], lie: str, most: int) -> dict[str, str]:
    """Plant a lie in up to so many records; return what should be named, by record id."""
    dice = random.Random(lie)
    planted: dict[str, str] = {}
    for record in dice.sample(records, len(records)):
        if len(planted) >= most:
            break
        subject = LIES[lie][0](record, dice)
        if subject is not None:
            planted[record["record_id"]] = subject
    return planted


def assert_lies_are_found(logs: Path, folder: Path, lie: str, most: int) -> int:
    records = read(logs)
    planted = plant(records, lie, most)
    write_log(folder / "a.jsonl", records)
    result = audit(folder / "a.jsonl", max_findings=10**6)
    rule = LIES[lie][1]
    found: dict[str, list[tuple[str, str]]] = {}
    for listed in result.listed:
        found.setdefault(listed.record_id, []).append((listed.finding.rule, listed.finding.subject))
    for record_id, subject in planted.items():
        assert any(
            at.startswith(subject) and (by == rule or not rule)
            for by, at in found.get(record_id, [])
        ), (record_id, subject, found.get(record_id))
    # What follows from a lie is found where it lies; elsewhere only what a flipped outcome makes
    # of the flips of the next attempt, or a moved time of another one.
    accused = {
        listed.record_id
        for listed in result.listed
        if listed.finding.level == "contradicted" and listed.finding.rule != "flip_summary"
    }
    assert accused <= planted.keys()
    return len(planted)


@pytest.mark.parametrize("lie", LIES)
def test_planted_lies_are_found_and_named(logs: Path, tmp_path: Path, lie: str) -> None:
    assert assert_lies_are_found(logs, tmp_path, lie, 25) >= 8


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("lie", LIES)
def test_two_hundred_lies_of_a_kind_are_found_and_named(tmp_path: Path, lie: str) -> None:
    simulate(tmp_path / "logs", challenges=160, miners=8, seed=13)
    assert assert_lies_are_found(tmp_path / "logs", tmp_path / "lies", lie, 200) == 200


def test_a_flipped_outcome_of_any_constraint_is_nearly_always_found(logs: Path) -> None:
    """In failing attempts at challenges that somebody passed; path A has rules of its own."""
    flipped, found = Counter[str](), Counter[str]()
    by_challenge = groupby(read_attempts(logs), lambda each: each.candidate.ref.challenge)
    for _, attempts in by_challenge:
        audited = [audited_attempt_of(attempt) for attempt in attempts]
        consensus = Consensus.of(audited)
        for subject in audited if any(each.is_credited for each in audited) else ():
            if subject.is_credited or subject.acceptance_path == "A":
                continue
            for index in range(subject.checked):
                outcomes = [not held if at == index else held
                            for at, held in enumerate(subject.outcomes)]  # fmt: skip
                lying = replace(subject, outcomes=outcomes)
                verdict = audit_constraints(lying, consensus)[index]
                flipped[verdict.kind] += 1
                found[verdict.kind] += verdict.status == "contradicted"
    assert len(flipped) == 6
    for kind in ("word_count", "forbidden_letter", "acrostic"):
        assert found[kind] == flipped[kind] > 0
    for kind in ("include", "equation", "prime"):
        assert found[kind] > 0.85 * flipped[kind] > 0


# In builds


def planted_pairs(logs: Path, folder: Path) -> Iterator[str]:
    """Write logs in which every third credited attempt lies; yield the ids of those."""
    records = read(logs)
    dice = random.Random(1)
    credited = [record for record in records if record["credit_eligible"]]
    for record in credited[::3]:
        change_word(record, dice)
        yield record["record_id"]
    write_log(folder / "a.jsonl", records)


def rows_of(out: Path) -> list[Record]:
    return [
        orjson.loads(line)
        for path in sorted(out.glob("*/*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def test_drop_if_contradicted_removes_exactly_the_planted_pairs(logs: Path, tmp_path: Path) -> None:
    liars = set(planted_pairs(logs, tmp_path / "lies"))
    kept = build(tmp_path / "lies", tmp_path / "all")
    honest = build(tmp_path / "lies", tmp_path / "honest", drop_if=["contradicted"])
    everything = {row["chosen_metadata"]["record_id"]: row for row in rows_of(tmp_path / "all")}
    left = {row["chosen_metadata"]["record_id"]: row for row in rows_of(tmp_path / "honest")}
    assert left == {key: row for key, row in everything.items() if key not in liars}
    assert 0 < len(left) < len(everything)
    dropped = len(everything) - len(left)
    assert honest.funnel.dropped == kept.funnel.dropped + Counter(constraint_outcome=dropped)
    manifest = json.loads((tmp_path / "honest/manifest.json").read_bytes())
    assert manifest["funnel"]["dropped"]["constraint_outcome"] == dropped
    assert "constraint_outcome" in manifest["options"]["drop_if"]
    assert validate(tmp_path / "honest").is_valid


def test_an_export_drops_by_the_audit_of_its_build(logs: Path, tmp_path: Path) -> None:
    liars = set(planted_pairs(logs, tmp_path / "lies"))
    build(tmp_path / "lies", tmp_path / "out", audit=True)
    assert validate(tmp_path / "out").is_valid
    rows = rows_of(tmp_path / "out")
    flagged = {
        row["chosen_metadata"]["record_id"]
        for row in rows
        if "constraint_outcome" in row["audit"]["flags"]
    }
    assert flagged == {row["chosen_metadata"]["record_id"] for row in rows} & liars
    result = export(
        tmp_path / "out", tmp_path / "hub", format="jsonl", drop_if=["constraint_outcome"]
    )
    assert result.rows_dropped == Counter(constraint_outcome=len(flagged))
    [archive] = [each for each in result.configs if each.config.is_archive]
    assert archive.rows() == len(rows) - len(flagged)
    assert (
        f"`constraint_outcome` | {len(flagged)} |" in (published(result) / "README.md").read_text()
    )
    assert validate(published(result)).is_valid
    build(tmp_path / "lies", tmp_path / "plain")
    with pytest.raises(InputError, match="build it with audit=True"):
        export(tmp_path / "plain", tmp_path / "hub2", drop_if=["contradicted"])


def test_stats_show_the_audit_where_there_is_one(logs: Path, tmp_path: Path) -> None:
    build(logs, tmp_path / "out", audit=True)
    build(logs, tmp_path / "plain")
    numbers = stats(tmp_path / "out", workers=2).as_json()
    assert numbers["audit"]["rows"] == numbers["rows"] > 10
    assert sum(numbers["audit"]["verdicts"].values()) == 16 * numbers["rows"]
    assert numbers["audit"]["signals"]["edit_similarity"]["count"] == numbers["rows"]
    assert stats(tmp_path / "plain").as_json()["audit"] is None


def test_workers_and_layout_do_not_show_in_an_audit(logs: Path, tmp_path: Path) -> None:
    records = read(logs)
    random.Random(3).shuffle(records)
    for number in range(3):
        write_log(tmp_path / f"logs/{number}.jsonl", records[number::3])
    one = audit(logs, max_findings=7).as_json()
    assert audit(tmp_path / "logs", max_findings=7, workers=2).as_json() == one
    assert len(one["listed"]) == 7
    for workers in (1, 2):
        build(tmp_path / "logs", tmp_path / f"out{workers}", audit=True, workers=workers)
    assert rows_of(tmp_path / "out1") == rows_of(tmp_path / "out2")
    assert audit(tmp_path / "out1").as_json() == audit(tmp_path / "out2", workers=2).as_json()


def test_a_build_tells_less_than_its_logs_and_nothing_false(logs: Path, tmp_path: Path) -> None:
    build(logs, tmp_path / "out")
    result = audit(tmp_path / "out")
    assert contradicted(result) == {}
    assert result.attempts == 2 * result.pairs
    assert result.outcomes.verdicts["acrostic", "verified"] > 0
    assert result.signals["edit_similarity"].count == result.pairs


def test_what_cannot_be_audited_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        audit(tmp_path / "nothing")
    write_log(tmp_path / "a.jsonl", [{"x": 1}])
    with pytest.raises(InputError, match="no attempt in it can be audited"):
        audit(tmp_path / "a.jsonl")
    write_log(tmp_path / "b.jsonl", recovery())
    with pytest.raises(UsageError, match="drop_if lies: no such rule"):
        build(tmp_path / "b.jsonl", tmp_path / "out", drop_if=["lies"])
    result = audit(tmp_path / "b.jsonl")  # its first attempt adds 1 and 2 up to 11
    assert (result.fails("contradicted"), result.fails("suspicious")) == (False, True)
    write_log(tmp_path / "c.jsonl", [attempt(failed=[2])])  # says that there is an x
    assert audit(tmp_path / "c.jsonl").fails("contradicted")
