"""The script one writes first: `json` and `jsonschema`, everything in memory."""

import json
import sys
from collections import defaultdict
from pathlib import Path

from assembly import pairs_of, row_of
from jsonschema import Draft202012Validator

logs, out, schema = map(Path, sys.argv[1:])
validator = Draft202012Validator(json.loads(schema.read_bytes()))
sessions = defaultdict(list)
for path in sorted(logs.glob("*.jsonl")):
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            sessions[record["challenge_id"], record["miner_id"]].append(record)
with out.open("w", encoding="utf-8") as file:
    for session in sessions.values():
        for rejected, chosen in pairs_of(session):
            row = row_of(rejected, chosen, session)
            validator.validate(row)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
