"""Copy simulated logs with wrong labels: at each challenge, one failure that claims to have passed.

Run: python benchmarks/relabel_failures.py LOGS OUT [--alone]

Only attempts that break a constraint are relabelled, and only where another miner has solved the
challenge. With --alone, all other attempts at these challenges are left out. Prints the record ids
of the relabelled attempts, one a line. Expects logs of `botcoin-dpo simulate` without noise.
"""

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Relabel, write, print."""
    logs, out = Path(sys.argv[1]), Path(sys.argv[2])
    records = [
        json.loads(line) for path in sorted(logs.iterdir()) for line in path.open("rb")
    ]  # fmt: skip
    records.sort(key=lambda each: (each["challenge_id"], each["miner_id"], each["attempt_index"]))
    solvers: dict[str, set[str]] = {}
    for record in records:
        if record["credit_eligible"]:
            solvers.setdefault(record["challenge_id"], set()).add(record["miner_id"])
    relabelled: dict[str, str] = {}  # record ids by challenge
    for record in records:
        challenge = record["challenge_id"]
        is_solved = solvers.get(challenge, set()) - {record["miner_id"]}
        if challenge not in relabelled and is_solved and record["constraints_failed"]:
            claim_to_pass(record)
            relabelled[challenge] = record["record_id"]
    if "--alone" in sys.argv:
        wrong = set(relabelled.values())
        records = [record for record in records if record["record_id"] in wrong]
    out.mkdir()
    (out / "attempts.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    print(*relabelled.values(), sep="\n")


def claim_to_pass(record: dict[str, Any]) -> None:
    """Change all of a failed attempt that would betray it to what a credited pass has."""
    total = record["constraint_total"]
    answers = record["answer_verification"]
    if not answers["passed_threshold"]:  # claims as many right answers as are asked for
        wrong = [name for name, entry in answers["per_question"].items() if not entry["correct"]]
        for name in wrong[: answers["required"] - answers["correct"]]:
            for entry in (answers["per_question"][name], record["submitted_answers"][name]):
                entry["correct"] = True
                entry["submitted" if "submitted" in entry else "value"] = entry["expected"]
        answers |= {"correct": answers["required"], "passed_threshold": True}
    record["trace_validation"]["ok"] = True
    flips = record["constraint_flip_summary"]
    if flips:
        held = sorted(flips["flipped_to_fail"] + flips["stayed_pass"])
        lost = sorted(flips["flipped_to_pass"] + flips["stayed_fail"])
        record["constraint_flip_summary"] = {
            "flipped_to_pass": lost,
            "flipped_to_fail": [],
            "stayed_pass": held,
            "stayed_fail": [],
        }
    record |= {
        "pass": True,
        "credit_eligible": True,
        "acceptance_path": "B",
        "trap_classification": "PATH_B",
        "constraints_passed": list(range(total)),
        "constraints_failed": [],
        "constraint_results": {str(index): {"pass": True} for index in range(total)},
        "constraint_pass_count": total,
        "constraint_fail_count": 0,
        "coarse_progress_bucket": "gte_50",
        "session_status": "passed",
        "retry_metadata": record["retry_metadata"] | {"retry_allowed": False},
    }


if __name__ == "__main__":
    main()
