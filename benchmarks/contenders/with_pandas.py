"""pandas: `read_json` by lines, `groupby`; rows put together in Python, nothing validated."""

import sys
from pathlib import Path

import orjson
import pandas as pd
from assembly import pairs_of, row_of

logs, out = map(Path, sys.argv[1:3])
frames = [
    pd.read_json(path, lines=True, dtype=False, convert_dates=False)
    for path in sorted(logs.glob("*.jsonl"))
]
frame = pd.concat(frames, ignore_index=True).astype(object)
frame = frame.where(frame.notna(), None)
with out.open("wb") as file:
    for _, group in frame.groupby(["challenge_id", "miner_id"], sort=False):
        session = group.to_dict("records")
        for rejected, chosen in pairs_of(session):
            row = row_of(rejected, chosen, session)
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
