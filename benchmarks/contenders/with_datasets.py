"""Hugging Face `datasets`: lines as text, columns by `map`, then grouped; nothing validated."""

import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from assembly import pairs_of, row_of
from datasets import disable_progress_bars, load_dataset

logs, out = map(Path, sys.argv[1:3])
names = (
    "challenge_id", "miner_id", "attempt_index", "pass", "credit_eligible", "acceptance_path",
    "session_status",
)  # fmt: skip


def fields_of(batch: dict[str, Any]) -> dict[str, Any]:
    records = [orjson.loads(line) for line in batch["text"]]
    return {name: [record.get(name) for record in records] for name in names}


disable_progress_bars()
with TemporaryDirectory() as cache:
    files = [str(path) for path in sorted(logs.glob("*.jsonl"))]
    lines = load_dataset("text", data_files=files, split="train", cache_dir=cache)
    fields = lines.map(fields_of, batched=True, batch_size=500)
    sessions = defaultdict(list)
    for number, record in enumerate(fields.remove_columns("text")):
        sessions[record["challenge_id"], record["miner_id"]].append(record | {"number": number})
    with out.open("wb") as file:
        for session in sessions.values():
            for pair in pairs_of(session):
                rejected, chosen = (orjson.loads(lines[side["number"]]["text"]) for side in pair)
                row = row_of(rejected, chosen, session)
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
