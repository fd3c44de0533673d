"""Makes large logs for measuring: the sample sessions again and again, under new challenge ids.

Run: python benchmarks/repeat_logs.py FOLDER --times 4000

Each time adds 11 attempts in 5 sessions at 4 challenges, 103 KB, to one of 8 files.
"""

import argparse
import gzip
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

SAMPLE = Path(__file__).parents[1] / "sample_data" / "logs"


def sample_attempts() -> list[dict[str, Any]]:
    """Return the sample attempts that carry their own context, each once."""
    lines = (SAMPLE / "day1.jsonl").read_bytes().splitlines()
    lines += gzip.decompress((SAMPLE / "day2.jsonl.gz").read_bytes()).splitlines()
    return [orjson.loads(line) for line in lines]


def main() -> None:
    """Write the logs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=4000)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True)
    attempts = sample_attempts()
    files = [(arguments.folder / f"log{number}.jsonl").open("wb") for number in range(8)]
    for time in range(arguments.times):
        for attempt in attempts:
            challenge = f"{attempt['challenge_id']}/{time}".encode()
            record_id = f"{attempt['record_id']}-{time}"
            changes = {
                "challenge_id": f"0x{sha256(challenge).hexdigest()}",
                "record_id": record_id,
            }
            files[time % 8].write(orjson.dumps(attempt | changes, option=orjson.OPT_APPEND_NEWLINE))
    for file in files:
        file.close()


if __name__ == "__main__":
    main()
