"""Simulated logs: the same bytes again, annotations that hold, damage that is found to the last."""

import hashlib
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from botcoin_dpo import OutputError, UsageError, build, read_attempts, validate
from botcoin_dpo.contract import schemas
from botcoin_dpo.contract.rejections import REASONS
from botcoin_dpo.simulation.challenge import Challenge, make_challenge
from botcoin_dpo.simulation.domain_files import built_in_domains
from botcoin_dpo.simulation.log_files import LogFormat
from botcoin_dpo.simulation.simulation import ContextPlace
from botcoin_dpo.simulation.simulator import ledger_of, simulate
from tests.builders import read_rows, write_log

ANNOTATIONS = {
    "trace_stats", "trace_spatial_summary", "trace_validation", "timestamp",
    "constraint_pass_count", "constraint_fail_count", "time_since_previous_attempt_ms",
    "constraint_results", "constraints_passed",
}  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def records_of(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        simulate(tmp_path / name, challenges=3, seed=5, noise=0.1, format="mixed")
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    ledgers = {ledger_of(tmp_path / name).read_bytes() for name in ("one", "two")}
    assert len(ledgers) == 1
    simulate(tmp_path / "three", challenges=3, seed=6, noise=0.1, format="mixed")
    assert digests(tmp_path / "three") != digests(tmp_path / "one")


def test_these_bytes_come_out_on_every_machine(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=4, seed=1, miners=2, files=1)
    content = (tmp_path / "logs/attempts-00000.jsonl").read_bytes()
    assert hashlib.sha256(content).hexdigest() == (
        "fc31ff0d7432b6cec3e059e409a4a873f71f492402ca88da05552f9bb460a539"
    ), "simulated logs changed: refresh this digest and sample_data, and say so in CHANGELOG.md"


def test_records_have_every_field_of_the_real_ones(reference: Path, tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=6, miners=6)
    records = records_of(tmp_path / "logs")
    assert all(schemas.is_valid("attempt", record) for record in records)
    real = [
        json.loads(line) for line in (reference / "attempts_v2.jsonl").read_bytes().splitlines()
    ]

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            free = {"submitted_answers", "per_question", "constraint_results"}
            return {
                key: "…" if key in free else shape(inner)
                for key, inner in value.items()
                if inner is not None
            }
        return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__

    def paths(value: Any, path: str = "") -> set[str]:
        if isinstance(value, dict):
            return set().union(*(paths(v, f"{path}/{k}") for k, v in value.items()), {path})
        return paths(value[0], f"{path}[]") if isinstance(value, list) and value else {path}

    real_paths = set().union(*(paths(shape(record)) for record in real))
    made_paths = set().union(*(paths(shape(record)) for record in records))
    assert real_paths <= made_paths
    assert [key for key in records[0] if key in real[1]] == [
        key for key in real[1] if key in records[0]
    ]


def check_agreement(folder: Path, tmp_path: Path) -> int:
    """Build from full and from bare records: what is derived equals what was claimed."""
    records = records_of(folder)
    bare = [{k: v for k, v in record.items() if k not in ANNOTATIONS} for record in records]
    build(folder, tmp_path / "full", pairs=["exhaustive"])
    build(write_log(tmp_path / "bare.jsonl", bare), tmp_path / "derived", pairs=["exhaustive"])
    claimed = read_rows(tmp_path / "full", "exhaustive")
    derived = read_rows(tmp_path / "derived", "exhaustive")
    assert len(claimed) == len(derived) > 0
    for one, other in zip(claimed, derived, strict=True):
        for row in (one, other):
            for side in ("rejected_metadata", "chosen_metadata"):
                for judged in ("ok", "programmatic_score"):  # the builder judges no trace
                    del row[side]["trace_validation"][judged]
            del row["pair_annotations"]["improvement_basis"]  # follows from that
        assert one == other
    by_session: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        by_session.setdefault((record["challenge_id"], record["miner_id"]), []).append(record)
    for session in by_session.values():
        session.sort(key=lambda record: record["attempt_index"])
        for before, after in pairwise(session):
            flips: dict[str, list[int]] = {"flipped_to_pass": [], "flipped_to_fail": [],
                     "stayed_pass": [], "stayed_fail": []}  # fmt: skip
            for index in range(9):
                was, now = (index not in each["constraints_failed"] for each in (before, after))
                flips[("stayed" if was == now else "flipped_to") + ("_pass" if now else "_fail")
                      ].append(index)  # fmt: skip
            assert after["constraint_flip_summary"] == flips
            shown = after["feedback_shown"]["constraints_passed_shown"]
            assert shown == before["constraint_pass_count"] == len(before["constraints_passed"])
    return len(by_session)


def holds(text: str, artifact: str, challenge: Challenge, wrong: dict[Any, int]) -> bool:
    """Check a constraint the plain way: its numbers by regular expression, values by column."""
    table, answers = challenge.table, [question.answer for question in challenge.questions]
    labels: dict[str, tuple[str, int | None]] = {}
    for attribute in challenge.domain.attributes:
        include = getattr(attribute, "include", None)
        if include:
            labels[re.split(r" (?:of|used|on|credited|tested|behind|for) ", include)[0]] = (
                attribute.key, None,
            )  # fmt: skip
        term = getattr(attribute, "term", None)
        for quarter in (1, 2, 3, 4) if term and "{}" in term else (None,):
            if term:
                labels[term.format(quarter)] = (attribute.key, quarter)
    words = artifact.split(" ")
    if "EXACTLY" in text:
        return len(words) == int(re.findall(r"\d+", text)[0])
    if "NOT contain" in text:
        return re.findall(r'"(.)"', text)[0] not in artifact.lower()
    if text.startswith("Acrostic"):
        length, *_ = map(int, re.findall(r"first (\d) words", text))
        names = [table.entities[answers[int(n) - 1]] for n in re.findall(r"Q(\d+)", text)]
        target = "".join(part[0] for name in names for part in name.split())[:length]
        return "".join(word[0] for word in words[:length]).upper() == target
    if "that answers Question" in text:
        label = max((name for name in labels if f"include the {name} " in text), key=len)
        answer = answers[int(re.findall(r"Question (\d+)", text)[0]) - 1]
        return str(table.columns[labels[label]][answer]) in artifact
    terms = []
    for label, question, modulus, offset in re.findall(
        r"\(\(?([^()]+?) of the answer to Question (\d+) mod (\d+)\)\s*\+\s*(\d+)", text
    ):
        key, answer = labels[label], answers[int(question) - 1]
        value = wrong.get((answer, *key), table.columns[key][answer])
        assert isinstance(value, int)
        terms.append(value % int(modulus) + int(offset))
    if "nextPrime" in text:
        (prime,) = terms
        while any(prime % divisor == 0 for divisor in range(2, prime)):
            prime += 1
        return str(prime) in artifact
    return f"{terms[0]}+{terms[1]}={sum(terms)}" in artifact


def check_outcomes(folder: Path, seed: int, challenges: int) -> Counter[str]:
    """Recompute every outcome and decision from the artifact and the table."""
    domains = list(built_in_domains().values())
    worlds = [make_challenge(domains[n % len(domains)], seed, n) for n in range(challenges)]
    by_id = {world.challenge_id: world for world in worlds}
    paths: Counter[str] = Counter()
    for record in records_of(folder):
        world = by_id[record["challenge_id"]]
        artifact = record["submission"]["artifact"]
        texts = record["challenge_context"]["constraints"][:8]
        wrong = {tuple(trap.cell): trap.wrong for trap in world.binding.traps}
        outcomes = [holds(text, artifact, world, {}) for text in texts]
        assert [index for index in range(8) if outcomes[index]] == record["constraints_passed"]
        path_a = all(holds(text, artifact, world, wrong) for text in texts)
        assert record["path_a_would_have_passed"] == path_a
        names = world.table.entities
        right = sum(
            answer["value"] == names[question.answer] == answer["expected"]
            for answer, question in zip(
                record["submitted_answers"].values(), world.questions, strict=True
            )
        )
        assert record["answer_verification"]["correct"] == right
        sound = right >= 6 and record["trace_validation"]["ok"]
        path = "B" if all(outcomes) and sound else "A" if path_a and sound else "NONE"
        assert (record["acceptance_path"], record["pass"]) == (path, path != "NONE")
        assert record["credit_eligible"] == (path == "B")
        paths[path] += 1
    return paths


def test_the_builder_agrees_with_what_is_claimed(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=16, miners=8, seed=3)
    assert check_agreement(tmp_path / "logs", tmp_path) > 30
    assert set(check_outcomes(tmp_path / "logs", 3, 16)) == {"A", "B", "NONE"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_builder_agrees_with_what_is_claimed_in_two_thousand_sessions(tmp_path: Path) -> None:
    made = simulate(tmp_path / "logs", challenges=320, seed=4)
    assert made.sessions >= 2000
    assert check_agreement(tmp_path / "logs", tmp_path) == made.sessions
    paths = check_outcomes(tmp_path / "logs", 4, 320)
    assert paths["B"] == made.credited
    assert paths.total() == made.attempts


def test_miners_fail_and_recover_like_the_real_ones(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=40, seed=2)
    records = records_of(tmp_path / "logs")
    steps = sorted(record["trace_stats"]["total_steps"] for record in records)
    extracts = sorted(record["trace_stats"]["extract_fact_steps"] for record in records)
    tenth = len(records) // 10
    assert 14 <= steps[tenth] <= steps[-tenth] <= 24
    assert 6 <= extracts[tenth] <= extracts[-tenth] <= 16
    failed = {index for record in records for index in record["constraints_failed"]}
    assert failed == set(range(8))
    assert {record["acceptance_path"] for record in records} == {"A", "B", "NONE"}
    zones = Counter(
        step["coordinator_provenance"]["semantic_zone"]
        for record in records
        for step in record["submission"]["reasoning_trace"]
        if step["action"] == "extract_fact"
    )
    assert set(zones) == {"STANDARD", "TRAP", "GROUND_TRUTH"}
    retried = [record for record in records if record["attempt_index"] > 1]
    assert retried
    for record in retried:
        actions = [step["action"] for step in record["submission"]["reasoning_trace"]]
        assert "revision" in actions or len(actions) == 2  # cut short
        assert record["time_since_previous_attempt_ms"] > 0
        assert record["attempt_submitted_at"] <= record["session_expires_at"]
    assert max(record["attempt_index"] for record in records) == 3


def check_quarantine(tmp_path: Path, challenges: int, log_format: LogFormat, place: ContextPlace,
                     **options: Any) -> Counter[str]:  # fmt: skip
    """Build damaged logs: what is quarantined is what the ledger lists, to the last record."""
    made = simulate(
        tmp_path / "logs", challenges=challenges, format=log_format, context=place, **options
    )
    ledger = json.loads(made.ledger.read_bytes())
    result = build(tmp_path / "logs", tmp_path / "out", **ledger["build_options"])
    found = [
        json.loads(line) for line in (tmp_path / "out/quarantine.jsonl").read_bytes().splitlines()
    ]

    def places(entries: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        names = ("file", "byte_offset", "reason", "line")
        return sorted(tuple(entry[name] for name in names) for entry in entries)

    assert places(found) == places(ledger["quarantine"])
    ids = {(entry["file"], entry["byte_offset"]): entry for entry in ledger["quarantine"]}
    for entry in found:
        if entry["record_id"] is not None:
            assert entry["record_id"] == ids[entry["file"], entry["byte_offset"]]["record_id"]
    assert result.funnel.records == ledger["records"] == made.records
    assert result.funnel.attempts.duplicates == ledger["repeats"]
    assert validate(tmp_path / "out").is_valid
    return Counter(entry["reason"] for entry in found)


@pytest.mark.parametrize(
    ("log_format", "place"),
    [
        ("jsonl", "inline"), ("jsonl.gz", "separate"), ("jsonl.zst", "inline"),
        ("jsonl", "separate"), ("mixed", "mixed"),
    ],
)  # fmt: skip
def test_damage_is_found_to_the_last_record(
    tmp_path: Path, log_format: LogFormat, place: ContextPlace
) -> None:
    reasons = check_quarantine(
        tmp_path, 16, log_format, place, noise=0.3, miners=5, files=3, seed=7
    )
    assert len(reasons) >= 10
    assert set(reasons) == set(
        json.loads((tmp_path / "logs.expected.json").read_bytes())["expected"]
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("log_format", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_damage_is_found_among_a_thousand_challenges(tmp_path: Path, log_format: LogFormat) -> None:
    reasons = check_quarantine(tmp_path, 1000, log_format, "mixed", noise=0.05, miners=4)
    every = set(REASONS) - {"row_schema_violation"}
    expected = every if log_format != "jsonl" else every - {"truncated_file"}
    assert set(reasons) == expected


def test_a_session_whose_inputs_are_all_changed_alike_is_no_mismatch(tmp_path: Path) -> None:
    for seed, challenges in ((50853, 1), (529317, 2), (3, 6)):
        check_quarantine(
            tmp_path / str(seed), challenges, "mixed", "mixed", noise=0.9, miners=3, seed=seed
        )


def test_contexts_apart_are_the_same_attempts(tmp_path: Path) -> None:
    for place in ("inline", "separate"):
        simulate(tmp_path / place, challenges=4, miners=4, context=place)
        build(tmp_path / place, tmp_path / f"out-{place}")
    assert read_rows(tmp_path / "out-inline") == read_rows(tmp_path / "out-separate")
    inline, apart = (list(read_attempts(tmp_path / place)) for place in ("inline", "separate"))
    assert len(inline) == len(apart)


def test_only_former_simulations_are_replaced(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=1, miners=1)
    with pytest.raises(
        OutputError, match="holds a previous simulation; replace it with overwrite=True"
    ):
        simulate(tmp_path / "logs", challenges=1)
    (tmp_path / "logs/mine.txt").write_text("precious")
    with pytest.raises(OutputError, match=r"mine\.txt: is not part of the previous simulation"):
        simulate(tmp_path / "logs", challenges=1, overwrite=True)
    (tmp_path / "logs/mine.txt").unlink()
    simulate(tmp_path / "logs", challenges=1, miners=1, files=2, overwrite=True)
    assert len(list((tmp_path / "logs").iterdir())) == 2
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.jsonl").write_text("{}")
    with pytest.raises(OutputError, match="exists and is not a previous simulation"):
        simulate(tmp_path / "other", overwrite=True)


def test_what_is_no_ledger_is_not_overwritten_and_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "logs.expected.json").write_text("mine")
    with pytest.raises(OutputError, match="exists and is no ledger; move it away"):
        simulate(tmp_path / "logs", challenges=1, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["logs.expected.json"]
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to("target")
    made = simulate(tmp_path / "link", challenges=1, miners=1)
    assert made.ledger == tmp_path / "target.expected.json"
    assert json.loads(made.ledger.read_bytes())["files"] == sorted(
        path.name for path in (tmp_path / "target").iterdir()
    )
    made.ledger.write_text('{"simulated_logs":1,"files":5}')
    with pytest.raises(OutputError, match="is not part of the previous simulation"):
        simulate(tmp_path / "link", challenges=1, overwrite=True)


def test_what_a_retry_says_it_changed_it_changed(tmp_path: Path) -> None:
    simulate(tmp_path / "logs", challenges=60, seed=9, miners=8)
    notes = Counter[str]()
    for record in records_of(tmp_path / "logs"):
        trace = record["submission"]["reasoning_trace"]
        answers = [answer["value"] for answer in record["submitted_answers"].values()]
        for step in trace:
            for note in step.get("note", "").split("; "):
                if corrected := re.fullmatch(r"Q(\d+): (.*) corrected to (.*)", note):
                    notes["answer"] += 1
                    assert answers[int(corrected[1]) - 1] in (corrected[3], None)  # left out
                used = re.fullmatch(r"(\S+): (\d+) was superseded, used (\d+)", note)
                if used and len(trace) > 2:  # not cut short
                    notes["trap"] += 1
                    values = [each.get("valueExtracted") for each in trace]
                    assert int(used[3]) in values and int(used[2]) not in values
                if note == "fixed the acrostic":
                    notes["acrostic"] += 1
                if note == "removed the letter":
                    notes["letter"] += 1
        for step in trace:
            if step.get("operation") == "mod":
                assert 0 <= step["result"] < step["inputs"][1]
    assert set(notes) == {"answer", "trap", "acrostic", "letter"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"noise": 1.5}, "noise: must be from 0 to 1"),
        ({"noise": float("nan")}, "noise: must be from 0 to 1"),
        ({"format": "csv"}, "format csv: unknown; choose from jsonl"),
        ({"context": "nowhere"}, "context nowhere: unknown"),
        ({"domains": ["alchemy"]}, "domains alchemy: unknown; choose from companies"),
        ({"domains": []}, "domains: none given"),
        ({"challenges": 0}, "challenges: must be at least 1"),
        ({"seed": 2**64}, "seed: must be from"),
        ({"files": 513}, "files: must be at most 512"),
        ({"miners": 0}, "miners: must be at least 1"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        simulate(tmp_path / "logs", **options)
    assert not list(tmp_path.iterdir())
