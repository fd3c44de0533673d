"""DuckDB finds the pairs; their lines are decoded and put together in Python, nothing validated."""

import sys
from pathlib import Path

import duckdb
import orjson
from assembly import row_of

logs, out = map(Path, sys.argv[1:3])
query = """
    with attempts as (
        select json as line,
               json->>'$.challenge_id' as challenge_id,
               json->>'$.miner_id' as miner_id,
               (json->>'$.attempt_index')::int as attempt_index,
               (json->>'$.pass')::bool
                   and coalesce((json->>'$.credit_eligible')::bool, true)
                   and coalesce(json->>'$.acceptance_path', '') <> 'A' as is_credited,
               json->>'$.session_status' as session_status
        from read_ndjson_objects(?)
    ),
    sessions as (
        select challenge_id, miner_id, count(*) as attempts, max(attempt_index) as last_index,
               arg_max(session_status, attempt_index) as final_status
        from attempts group by all
    )
    select before.line, after.line, attempts, last_index, final_status
    from attempts as before
    join attempts as after using (challenge_id, miner_id)
    join sessions using (challenge_id, miner_id)
    where before.attempt_index = after.attempt_index - 1
      and after.is_credited and not before.is_credited
"""
connection = duckdb.connect()
connection.execute(query, [str(logs / "*.jsonl")])
with out.open("wb") as file:
    while found := connection.fetchmany(256):
        for before, after, attempts, last_index, final_status in found:
            last = {"attempt_index": last_index, "session_status": final_status}
            row = row_of(orjson.loads(before), orjson.loads(after), [last] * attempts)
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
