"""datatrove: its JSON Lines reader as the source of records, grouped in one pipeline step."""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
from assembly import pairs_of, row_of
from datatrove.data import Document
from datatrove.pipeline.readers import JsonlReader
from loguru import logger

logs, out = map(Path, sys.argv[1:3])
logger.remove()


def adapter(self: JsonlReader, data: dict[str, Any], path: str, number: int) -> dict[str, Any]:
    return {"text": data["record_id"], "id": f"{path}/{number}", "metadata": data}


sessions = defaultdict(list)
document: Document
for document in JsonlReader(str(logs), glob_pattern="*.jsonl", adapter=adapter)():
    record = document.metadata
    record.pop("file_path", None)
    sessions[record["challenge_id"], record["miner_id"]].append(record)
with out.open("wb") as file:
    for session in sessions.values():
        for rejected, chosen in pairs_of(session):
            row = row_of(rejected, chosen, session)
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
