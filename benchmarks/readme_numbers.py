"""The numbers that README.md quotes: each with what it counts, and the commands that make it.

Run: python benchmarks/readme_numbers.py, which prints them as JSON; `python tests/refresh.py` keeps
them in docs/numbers.json. It runs the listed commands in a folder of its own and counts in what
they write. Nothing here depends on the machine or the time.
"""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from worked_commands import Work

SAMPLE = "botcoin-dpo build sample_data/logs --out sample --json"
SAMPLE_EXPORT = "botcoin-dpo export sample -o sample-hub --format jsonl --json"
LOGS = "botcoin-dpo simulate logs --noise 0.05"
BUILD = "botcoin-dpo build logs --out out --max-record-mb 1 --json"
EXPORT = "botcoin-dpo export out -o hub --config dpo_chat_sequential --format jsonl"
STRICT_SCRIPT = "python benchmarks/naive_script.py logs strict.jsonl"
SCRIPT = "python benchmarks/naive_script.py logs script.jsonl --skip-bad-lines"
SHUFFLE = "python benchmarks/shuffle_logs.py logs shuffled"
BUILDS = {
    f"{logs}-{workers}": f"botcoin-dpo build {logs} --out {logs}-{workers} --max-record-mb 1 "
    f"--workers {workers}"
    for logs in ("logs", "shuffled")
    for workers in (1, 2)
}
SHUFFLED_SCRIPT = "python benchmarks/naive_script.py shuffled script-2.jsonl --skip-bad-lines"
HONEST = "botcoin-dpo simulate honest"
HONEST_AUDIT = "botcoin-dpo audit honest --json"
RELABEL = "python benchmarks/relabel_failures.py honest wrong"
AUDIT = "botcoin-dpo audit wrong --json --max-findings 1000000"
RELABEL_ALONE = "python benchmarks/relabel_failures.py honest alone --alone"
AUDIT_ALONE = "botcoin-dpo audit alone --json --max-findings 1000000"


def sample(work: Work) -> None:
    """Count what the sample data gives."""
    built = work.json(SAMPLE)
    quarantined = sum(built["funnel"]["set_aside"].values())
    exported = work.json(SAMPLE_EXPORT)["configs"]
    lengths = {each["config"]: each["lengths"] for each in exported if each["lengths"]}
    work.note("sample_records", built["funnel"]["records"], "records in the sample logs", SAMPLE)
    work.note("sample_quarantined", quarantined, "records and files in its quarantine", SAMPLE)
    work.note("sample_pairs", built["rows"], "pairs in the sample build", SAMPLE)
    work.note(
        "sample_max_length",
        lengths["dpo_chat_sequential"]["max_length"]["all"],
        "the max_length, in tokens, that keeps every row of dpo_chat_sequential",
        SAMPLE,
        SAMPLE_EXPORT,
    )


def broken_records(work: Work) -> None:
    """Count damaged and duplicate records, and what the script makes of them."""
    work.run(LOGS)
    expected = json.loads((work.folder / "logs.expected.json").read_bytes())
    funnel = work.json(BUILD)["funnel"]
    quarantine = work.rows("out/quarantine.jsonl")
    places = {(each["file"], each["line"]): each["reason"] for each in quarantine}
    as_expected = sum(
        places.get((each["file"], each["line"])) == each["reason"]
        for each in expected["quarantine"]
    )
    taken = sum(
        (name, line) in places and is_taken(record)
        for name, line, record in work.lenient_records("logs/*.jsonl")
    )
    reasons = dict(sorted(funnel["set_aside"].items()))
    stop = re.match(r"(\S+), line (\d+)", work.run(STRICT_SCRIPT, fails=True))
    assert stop
    made = (LOGS, BUILD)
    work.note("challenges", expected["challenges"], "challenges in the simulated logs", LOGS)
    work.note("records", funnel["records"], "records in the simulated logs", *made)
    work.note("quarantined", len(quarantine), "records and files in the quarantine", *made)
    work.note("quarantined_by_reason", reasons, "the same by reason", *made)
    work.note(
        "quarantined_as_expected",
        as_expected,
        "those that logs.expected.json lists with the same place and reason",
        *made,
    )
    work.note(
        "duplicates",
        funnel["attempts"]["repeats"],
        "copies of attempts that were uploaded again",
        *made,
    )
    work.note(
        "conflicting_copies",
        reasons["conflicting_attempts"],
        "copies of attempts that contradict each other, all quarantined",
        *made,
    )
    work.note("script_stops_in", stop[1], "the file in which the script stops", LOGS, STRICT_SCRIPT)
    work.note("script_stops_at", int(stop[2]), "the line where it stops", LOGS, STRICT_SCRIPT)
    work.note("script_takes", taken, "quarantined records that the script takes as good", *made)


def is_taken(record: dict[str, Any]) -> bool:
    """Return whether the script takes a record: it has what the script reads."""
    parts = (record, record.get("submission"), record.get("challenge_context"))
    needed = (
        ("challenge_id", "miner_id", "attempt_index", "pass", "submission", "challenge_context"),
        ("reasoning_trace",),
        ("document",),
    )
    return all(
        isinstance(part, dict) and all(key in part for key in keys)
        for part, keys in zip(parts, needed, strict=True)
    )


def pairs(work: Work) -> None:
    """Count pairs, and in what those of the script differ."""
    work.run(SCRIPT)
    script = {tuple(each["record_ids"]) for each in work.rows("script.jsonl")}
    ours = {
        (row["rejected_metadata"]["record_id"], row["chosen_metadata"]["record_id"])
        for row in work.rows("out/sequential/*.jsonl")
    }
    places = {(each["file"], each["line"]) for each in work.rows("out/quarantine.jsonl")}
    bad, uncredited = set(), set()
    for name, line, record in work.lenient_records("logs/*.jsonl"):
        if (name, line) in places:
            bad.add(record.get("record_id"))
        if record.get("pass") and record.get("credit_eligible") is False:
            uncredited.add(record["record_id"])
    from_bad = {pair for pair in script if bad & {*pair}}
    from_uncredited = {pair for pair in script - from_bad if pair[1] in uncredited}
    made = (LOGS, BUILD, SCRIPT)
    work.note("pairs", len(ours), "pairs of botcoin-dpo", LOGS, BUILD)
    work.note("script_pairs", len(script), "pairs of the script", LOGS, SCRIPT)
    work.note(
        "script_pairs_of_bad_records",
        len(from_bad),
        "pairs of the script with a record that botcoin-dpo quarantines",
        *made,
    )
    work.note(
        "script_pairs_without_credit",
        len(from_uncredited),
        "other pairs of the script whose chosen attempt passed without credit",
        *made,
    )
    work.note(
        "script_pairs_otherwise_wrong",
        len(script - ours - from_bad - from_uncredited),
        "other pairs of the script that botcoin-dpo does not make: an attempt between is bad",
        *made,
    )
    work.note(
        "script_pairs_missing",
        len(ours - script),
        "pairs of botcoin-dpo that the script does not make",
        *made,
    )


def splits(work: Work) -> None:
    """Count documents on both sides of a split."""
    for who, prefix, pattern, key, made in (
        ("botcoin-dpo", "", "out/sequential/*.jsonl", "document", (LOGS, BUILD)),
        ("the script", "script_", "script.jsonl", "prompt", (LOGS, SCRIPT)),
    ):
        places: dict[str, set[str]] = {}
        for row in work.rows(pattern):
            places.setdefault(row[key], set()).add(row["split"])
        leaks = sum("train" in found and len(found) > 1 for found in places.values())
        work.note(f"{prefix}documents", len(places), f"documents in the pairs of {who}", *made)
        work.note(
            f"{prefix}leaking_documents",
            leaks,
            f"documents of {who} that are both in train and in validation or test",
            *made,
        )


def training_text(work: Work) -> None:
    """Count texts that hold what a model should not learn to write."""
    work.run(EXPORT)
    exported = work.rows("hub/dpo_chat_sequential/*.jsonl")
    for who, prefix, texts, made in (
        ("botcoin-dpo export", "", [row["chosen"][0]["content"] for row in exported], EXPORTED),
        ("the script", "script_", [row["chosen"] for row in work.rows("script.jsonl")], SCRIPTED),
    ):
        work.note(f"{prefix}texts", len(texts), f"chosen texts of {who}", *made)
        for name, pattern, what in (
            ("annotated", ANNOTATION, "with the coordinator's annotations"),
            ("naming_truth", "GROUND_TRUTH", "whose annotations tell which paragraph is right"),
            ("on_retry", "(?i:revis|previous attempt)", "about an attempt that is not shown"),
        ):
            found = sum(re.search(pattern, text) is not None for text in texts)
            work.note(f"{prefix}texts_{name}", found, f"chosen texts of {who} {what}", *made)


ANNOTATION = r"quote_match|zone:|semantic_zone|\| (?:exact|unverified)\b"
"""The coordinator's fields of a step, in JSON or as trace text shows them."""

EXPORTED = (LOGS, BUILD, EXPORT)
SCRIPTED = (LOGS, SCRIPT)


def same_bytes(work: Work) -> None:
    """Count different results of the same records in another order and other files."""
    for command in (SHUFFLE, *BUILDS.values(), SHUFFLED_SCRIPT):
        work.run(command)
    ours = {work.digest(f"{folder}/sequential/*.jsonl") for folder in BUILDS}
    script = {work.digest("script.jsonl"), work.digest("script-2.jsonl")}
    splits_by_run = [
        {tuple(row["record_ids"]): row["split"] for row in work.rows(name)}
        for name in ("script.jsonl", "script-2.jsonl")
    ]
    moved = sum(splits_by_run[1].get(pair) != split for pair, split in splits_by_run[0].items())
    builds = (LOGS, SHUFFLE, *BUILDS.values())
    runs = (LOGS, SCRIPT, SHUFFLE, SHUFFLED_SCRIPT)
    work.note("builds", len(BUILDS), "builds of the same records, in two orders", *builds)
    work.note("build_results", len(ours), "different results of these builds", *builds)
    work.note("script_results", len(script), "different results of two runs of the script", *runs)
    work.note(
        "script_rows_moved", moved, "rows of the first run that the second puts elsewhere", *runs
    )


LABEL_RULES = ("constraint_outcome", "pass_label", "path_claim")
"""The rules of the audit that contradict a label, and not a number beside it."""


def wrong_labels(work: Work) -> None:
    """Count what the audit finds among labels that were changed on purpose."""
    work.run(HONEST)
    honest = work.json(HONEST_AUDIT)
    made = (HONEST, HONEST_AUDIT)
    contradicted = sum(each["contradicted"] for each in honest["constraints"].values())
    work.note("honest_attempts", honest["attempts"], "attempts in logs with true labels", *made)
    work.note("honest_contradicted", contradicted, "outcomes contradicted there", *made)
    for prefix, relabel, audit, where in (
        ("", RELABEL, AUDIT, ""),
        ("alone_", RELABEL_ALONE, AUDIT_ALONE, ", without other attempts at the challenge"),
    ):
        wrong = set(work.run(relabel).split())
        listed = work.json(audit)["listed"]
        found = {each["record_id"] for each in listed if each["rule"] in LABEL_RULES}
        by = (HONEST, relabel, audit)
        work.note(f"{prefix}relabelled", len(wrong), f"failures relabelled as passes{where}", *by)
        work.note(
            f"{prefix}relabelled_found",
            len(wrong & found),
            f"relabelled failures with a contradicted label{where}",
            *by,
        )
        work.note(
            f"{prefix}relabelled_others",
            len(found - wrong),
            f"other attempts with a contradicted label{where}",
            *by,
        )


GROUPS = (sample, broken_records, pairs, splits, training_text, same_bytes, wrong_labels)


def make_numbers() -> dict[str, dict[str, Any]]:
    """Run the commands and return the numbers by name."""
    with TemporaryDirectory() as folder:
        work = Work(Path(folder))
        for group in GROUPS:
            group(work)
        return work.numbers


if __name__ == "__main__":
    print(json.dumps(make_numbers(), indent=1))
