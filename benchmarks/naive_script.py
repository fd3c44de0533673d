"""The 50-line script that README.md compares with: DPO pairs from attempt logs, written in an hour.

Run: python benchmarks/naive_script.py LOGS OUT.jsonl [--skip-bad-lines]

It is what many would write first, and no parody: it groups attempts by challenge and miner, pairs
each pass with the failure just before it, and splits the rows at random.
"""

import json
import random
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

logs, out = Path(sys.argv[1]), Path(sys.argv[2])
sessions = defaultdict[Any, list[dict[str, Any]]](list)
for path in sorted(logs.glob("*.jsonl")):
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            record = json.loads(line)
            session = record["challenge_id"], record["miner_id"]
            record["attempt_index"], record["pass"], record["submission"]["reasoning_trace"]
            record["challenge_context"]["document"]
        except (ValueError, KeyError, TypeError) as error:
            if "--skip-bad-lines" not in sys.argv:
                sys.exit(f"{path.name}, line {number}: {error!r}")
            continue
        sessions[session].append(record)


def prompt_of(record: dict[str, Any]) -> str:
    context = record["challenge_context"]
    return "\n\n".join([context["document"], *context["questions"], *context["constraints"]])


def answer_of(record: dict[str, Any]) -> str:
    steps = [json.dumps(step) for step in record["submission"]["reasoning_trace"]]
    return "\n".join(["<think>", *steps, "</think>", record["submission"]["artifact"]])


random.seed(0)
with out.open("w") as file:
    for attempts in sessions.values():
        attempts.sort(key=lambda record: record["attempt_index"])
        for before, after in pairwise(attempts):
            if after["pass"] and not before["pass"]:
                row = {
                    "record_ids": [before["record_id"], after["record_id"]],
                    "split": random.choices(["train", "validation", "test"], [90, 5, 5])[0],
                    "prompt": prompt_of(after),
                    "rejected": answer_of(before),
                    "chosen": answer_of(after),
                }
                file.write(json.dumps(row) + "\n")
