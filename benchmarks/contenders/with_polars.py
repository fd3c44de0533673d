"""Polars finds the pairs over a few columns; their lines are decoded and put together in Python."""

import sys
from pathlib import Path

import orjson
import polars as pl
from assembly import pairs_of, row_of

logs, out = map(Path, sys.argv[1:3])
lines = pl.scan_csv(
    sorted(logs.glob("*.jsonl")),
    has_header=False,
    new_columns=["line"],
    separator="\x01",
    quote_char=None,
    schema_overrides={"line": pl.String},
)
names = {
    "challenge_id": pl.String, "miner_id": pl.String, "attempt_index": pl.Int64,
    "pass": pl.Boolean, "credit_eligible": pl.Boolean, "acceptance_path": pl.String,
    "session_status": pl.String,
}  # fmt: skip
fields = pl.col("line").str.json_decode(pl.Struct(names)).alias("fields")
frame = lines.with_columns(fields).unnest("fields").collect()
with out.open("wb") as file:
    for session_frame in frame.partition_by("challenge_id", "miner_id", maintain_order=True):
        session = session_frame.to_dicts()
        for pair in pairs_of(session):
            rejected, chosen = (orjson.loads(attempt["line"]) for attempt in pair)
            row = row_of(rejected, chosen, session)
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
