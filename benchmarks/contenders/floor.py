"""The floor: decode the paired records, encode the rows, and nothing else. Prints its seconds."""

import sys
import time
from pathlib import Path

import orjson

paired, rows_file = map(Path, sys.argv[1:3])
lines = paired.read_bytes().splitlines()
rows = [orjson.loads(line) for line in rows_file.read_bytes().splitlines()]
start = time.perf_counter()
for line in lines:
    orjson.loads(line)
size = sum(len(orjson.dumps(row)) for row in rows)
sys.stdout.write(f"{time.perf_counter() - start}\n")
assert size > 0
