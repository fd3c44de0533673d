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
    """Change every label of a failed attempt to that of a credited pass."""
    total = record["constraint_total"]
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
    }


if __name__ == "__main__":
    main()
