"""What a build of many terabytes would take on many cores, computed from rates measured here.

Run: python benchmarks/scale_model.py [--terabytes 10] [--cores 1000] [--challenges 300]

Makes simulated logs, builds them with one process, and takes from that what a core does in a
second and what an attempt leaves: bytes of rows and index. From these it computes each stage of a
build as the code divides it, with a job array over a store and on Ray, and prints a table of each.
What no small build can tell (how well carried records compress, what a store or a network gives)
are options.
"""

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

MEGABYTE, GIGABYTE, TERABYTE = 10**6, 10**9, 10**12
SHARD = 500 * MEGABYTE
MOST_PARTITIONS = 4096
REFERENCE = 140
"""Bytes of a packed reference; see botcoin_dpo/logs/references.py."""
QUARANTINED = 0.02
"""Share of the records that are quarantined; the last task sorts their entries."""
SORTED = 190_000
"""Quarantine entries that one core sorts and writes in a second."""

ARRAY_TASKS = 1000
"""Tasks of a kind; see botcoin_dpo/stages/plan.py."""
RANGE = 8 << 20
"""Bytes of a request that reads a log, or of a part of an upload."""
PIECE = 1 << 20
"""Bytes of a request that reads what tasks left for a file of the dataset."""
REQUESTS_A_SECOND = 5500
"""Reads that S3 answers of one prefix, at least; docs/scale.md names the source."""
REQUESTS_OF_A_SCAN = 6
"""What a build task asks of each scan: its summary, its table of bins, and four bins."""

RAY_SCAN = 1 << 25
"""Bytes of a scan job: a segment."""
RAY_TASK = 4_000
"""Bytes that the driver holds of each scan job."""
RAY_ROUND = 64
"""Scans whose packs one job merges; after two rounds, 4,096 are."""


@dataclass(frozen=True)
class Rates:
    """What one core does, and what one attempt leaves."""

    scan: float
    """Bytes of logs a second."""
    build: float
    """Bytes of logs a second, grouped, paired and written as rows."""
    digest: float
    """Bytes a second of SHA-256."""
    attempt: float
    """Bytes of logs of one attempt."""
    rows: float
    """Bytes of rows for a byte of logs."""
    index: float
    """Bytes of the index for an attempt."""


@dataclass(frozen=True)
class Assumed:
    """What a small build cannot tell."""

    compression: float
    """How much smaller records are that travel."""
    store: float
    """Bytes a second that a task gets from the store."""
    driver: float
    """Bytes a second that the machine of the driver takes from a cluster and writes."""


@dataclass(frozen=True)
class Stage:
    """One stage of a build."""

    name: str
    tasks: int
    read: float
    written: float
    core_seconds: float
    requests: float = 0
    """GETs and PUTs of a store."""
    at_once: int | None = None
    """Tasks that run at once, where that is not all cores."""


def main() -> None:
    """Measure, compute and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--terabytes", type=float, default=10, help="of logs, decompressed")
    parser.add_argument("--cores", type=int, default=1000)
    parser.add_argument("--challenges", type=int, default=300, help="of the logs to measure with")
    parser.add_argument("--compression", type=float, default=7, help="of records that travel")
    parser.add_argument("--store", type=float, default=100, help="MB/s that a task gets from it")
    parser.add_argument("--driver", type=float, default=1000, help="MB/s of the driver's machine")
    arguments = parser.parse_args()
    size = arguments.terabytes * TERABYTE
    assumed = Assumed(
        arguments.compression, arguments.store * MEGABYTE, arguments.driver * MEGABYTE
    )
    rates = measure(arguments.challenges)
    print_rates(rates)
    print_table("Job array, over a store", array_stages(rates, size, assumed), arguments.cores)
    print_table("Ray", ray_stages(rates, size, assumed), arguments.cores)
    scans = ceil(size / RAY_SCAN)
    attempts = size / rates.attempt
    print(
        f"{attempts:,.0f} attempts; the index is {attempts * rates.index / GIGABYTE:,.0f} GB. "
        f"Ray's driver holds {scans * RAY_TASK / MEGABYTE:,.0f} MB for {scans:,} scans. "
        f"A gz file of 1 GB is one scan of {10 * GIGABYTE / rates.scan / 60:,.1f} minutes where "
        "it holds 10 GB."
    )


def measure(challenges: int) -> Rates:
    """Build simulated logs with one process and return its rates.

    The logs are compressed, so that records travel, as those that lie in a store do.
    """
    with TemporaryDirectory() as folder:
        plain, logs, out = Path(folder, "plain"), Path(folder, "logs"), Path(folder, "out")
        for place, form in ((plain, "jsonl"), (logs, "jsonl.gz")):
            run("simulate", place, "--challenges", challenges, "--format", form, "--quiet")
        size = sum(file.stat().st_size for file in plain.rglob("*.jsonl"))
        built = json.loads(run("build", logs, "--out", out, "--workers", 1, "--json"))
        stages, attempts = built["timing"]["stages"], built["funnel"]["attempts"]["total"]
        return Rates(
            scan=size / stages["reading"],
            build=size / stages["pairing"],
            digest=digest_rate(),
            attempt=size / attempts,
            rows=sum(shard["bytes"] for shard in built["shards"]) / size,
            index=sum(file.stat().st_size for file in out.glob("index/*")) / attempts,
        )


def run(*words: object) -> bytes:
    """Run the tool and return what it prints."""
    return subprocess.check_output([sys.executable, "-m", "botcoin_dpo", *map(str, words)])


def digest_rate() -> float:
    """Return bytes a second of SHA-256."""
    block = bytes(64 * 10**6)
    start = time.perf_counter()
    sha256(block)
    return len(block) / (time.perf_counter() - start)


def array_stages(rates: Rates, size: float, assumed: Assumed) -> list[Stage]:
    """Return the stages of a job array whose logs, work folder and output are in a store."""
    task = max(GIGABYTE, size / ARRAY_TASKS)
    scans, builds = ceil(size / task), power_of_two(size / task)
    moved, written = traffic(rates, size, assumed)
    files = ceil(written / SHARD)
    store = assumed.store
    return [
        Stage(
            "scan", scans, size, moved, size / rates.scan + (size + moved) / store,
            (size + moved) / RANGE + 2 * scans,
        ),
        Stage(
            "build", builds, moved, written, size / rates.build + (moved + written) / store,
            REQUESTS_OF_A_SCAN * scans * builds + written / RANGE,
        ),
        Stage("plan-shards", 1, 0, 0, files / 100, scans + 2 * builds + files),
        Stage(
            "shard", files, written, written, written / rates.digest + 2 * written / store,
            written / PIECE + written / RANGE,
        ),
        Stage("publish", 1, 0, 0, quarantine_seconds(rates, size) + files / 100, 2 * scans + files),
    ]  # fmt: skip


def ray_stages(rates: Rates, size: float, assumed: Assumed) -> list[Stage]:
    """Return the stages on a Ray cluster that reads logs from a store."""
    scans = ceil(size / RAY_SCAN)
    moved, written = traffic(rates, size, assumed)
    partitions = power_of_two(size / (32 * MEGABYTE))
    rounds = 1 if scans <= RAY_ROUND else 2 if scans <= RAY_ROUND**2 else 3
    net = assumed.store
    stages = [
        Stage(
            "scan", scans, size, moved, size / rates.scan + size / net, size / RANGE,
        ),
        Stage("build", partitions, moved, written, size / rates.build + moved / net),
        Stage("write, by the driver", 1, written, written, written / assumed.driver, at_once=1),
        Stage("publish", 1, 0, 0, quarantine_seconds(rates, size)),
    ]  # fmt: skip
    merges = [
        Stage(f"merge {number}", scans // RAY_ROUND, moved, moved, 2 * moved / net)
        for number in range(1, rounds)
    ]
    return [stages[0], *merges, *stages[1:]]


def traffic(rates: Rates, size: float, assumed: Assumed) -> tuple[float, float]:
    """Return the bytes that scans leave, and those of the dataset."""
    attempts = size / rates.attempt
    index = attempts * rates.index
    return size / assumed.compression + attempts * REFERENCE + index, size * rates.rows + index


def quarantine_seconds(rates: Rates, size: float) -> float:
    """Return how long one core sorts and writes the quarantine."""
    return QUARANTINED * size / rates.attempt / SORTED


def power_of_two(most: float) -> int:
    """Return the largest power of two that is not more, of those that partitions may be."""
    return min(MOST_PARTITIONS, 1 << (max(1, int(most)).bit_length() - 1))


def print_rates(rates: Rates) -> None:
    """Print what was measured."""
    print(
        f"Measured on one core: scan {rates.scan / 1e6:,.0f} MB/s, build {rates.build / 1e6:,.0f} "
        f"MB/s of gz logs, decompressed, SHA-256 {rates.digest / 1e9:.2f} GB/s; an attempt has "
        f"{rates.attempt / 1e3:.0f} KB, {rates.index:.0f} bytes of index; rows are "
        f"{100 * rates.rows:.0f}% of the logs.\n"
    )


def print_table(title: str, stages: list[Stage], cores: int) -> None:
    """Print the stages of one way to build, and their sum."""
    print(f"{title}, {cores:,} cores:\n")
    print("| stage | tasks | TB read | TB written | core hours | minutes | requests |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    total = Stage(
        "all",
        sum(stage.tasks for stage in stages),
        sum(stage.read for stage in stages),
        sum(stage.written for stage in stages),
        sum(stage.core_seconds for stage in stages),
        sum(stage.requests for stage in stages),
    )
    for stage in [*stages, total]:
        taken = sum(minutes(each, cores) for each in (stages if stage is total else [stage]))
        print(
            f"| {stage.name} | {stage.tasks:,} | {stage.read / TERABYTE:.2f} "
            f"| {stage.written / TERABYTE:.2f} | {stage.core_seconds / 3600:,.1f} "
            f"| {taken:,.1f} | {stage.requests:,.0f} |"
        )
    print()


def minutes(stage: Stage, cores: int) -> float:
    """Return how long a stage takes: whole waves of tasks, or as long as the store makes it."""
    waves = ceil(stage.tasks / (stage.at_once or cores))
    return max(waves * stage.core_seconds / stage.tasks, stage.requests / REQUESTS_A_SECOND) / 60


if __name__ == "__main__":
    main()
