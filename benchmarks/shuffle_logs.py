"""Copy logs with the same lines in another order and in other files.

Run: python benchmarks/shuffle_logs.py LOGS OUT
"""

import random
import sys
from pathlib import Path

logs, out = Path(sys.argv[1]), Path(sys.argv[2])
lines = [line for path in sorted(logs.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
random.Random(0).shuffle(lines)
out.mkdir()
for number in range(3):
    (out / f"part-{number}.jsonl").write_bytes(b"\n".join(lines[number::3]) + b"\n")
