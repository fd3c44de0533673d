"""What a build of many terabytes would take on many cores, computed from rates measured here.

Run: python benchmarks/scale_model.py [--terabytes 10] [--cores 1000] [--challenges 300]

Makes simulated logs, builds them with one process, and takes from that what a core does in a
second and what an attempt leaves: bytes of references, rows and index. From these it computes
each stage of a build on a cluster, and prints a table. The parameters that no small build can tell
(how well carried records compress, what an object store gives one task) are options; their
defaults are measured values of docs/scale.md.
"""

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, isqrt
from pathlib import Path
from tempfile import TemporaryDirectory

GIGABYTE, TERABYTE = 10**9, 10**12
SCAN_TASK = GIGABYTE
"""Bytes of logs that one scan task reads."""
PARTITION = GIGABYTE
"""Bytes of logs that one partition stands for: what a build task takes."""
SHARD = 500 * 10**6
ONE_ROUND = 10**6
"""Most blobs that one driver keeps account of; beyond that the shuffle takes two rounds."""
SUMMARY = 2_000
"""Bytes that the driver holds of a finished task."""
HANDLE = 200
"""Bytes that the driver holds of a blob."""
REFERENCE = 140
"""Bytes of a packed reference; see botcoin_dpo/logs/references.py."""
PUBLISHED_AT_ONCE = 100
"""Files that the last step checks at once."""


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
class Stage:
    """One stage of a build on a cluster."""

    name: str
    tasks: int
    read: float
    written: float
    core_seconds: float
    requests: float
    """GETs and PUTs of the object store."""


def main() -> None:
    """Measure, compute and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--terabytes", type=float, default=10, help="of logs, decompressed")
    parser.add_argument("--cores", type=int, default=1000)
    parser.add_argument("--challenges", type=int, default=300, help="of the logs to measure with")
    parser.add_argument("--compression", type=float, default=7, help="of records that are carried")
    parser.add_argument("--store", type=float, default=100, help="MB/s that a task gets from it")
    arguments = parser.parse_args()
    rates = measure(arguments.challenges)
    print_rates(rates)
    print_model(
        rates,
        size=arguments.terabytes * TERABYTE,
        cores=arguments.cores,
        compression=arguments.compression,
        store=arguments.store * 10**6,
    )


def measure(challenges: int) -> Rates:
    """Build simulated logs with one process and return its rates."""
    with TemporaryDirectory() as folder:
        logs, out = Path(folder, "logs"), Path(folder, "out")
        run("simulate", str(logs), "--challenges", str(challenges), "--quiet")
        built = json.loads(run("build", str(logs), "--out", str(out), "--workers", "1", "--json"))
        timing, attempts = built["timing"], built["funnel"]["attempts"]["total"]
        size = timing["bytes"]
        return Rates(
            scan=size / timing["stages"]["reading"],
            build=size / timing["stages"]["pairing"],
            digest=digest_rate(),
            attempt=size / attempts,
            rows=sum(shard["bytes"] for shard in built["shards"]) / size,
            index=(out / "index.bin").stat().st_size / attempts,
        )


def run(*words: str) -> bytes:
    """Run the tool and return what it prints."""
    return subprocess.check_output([sys.executable, "-m", "botcoin_dpo", *words])


def digest_rate() -> float:
    """Return bytes a second of SHA-256."""
    block = bytes(64 * 10**6)
    start = time.perf_counter()
    sha256(block)
    return len(block) / (time.perf_counter() - start)


def stages(rates: Rates, size: float, compression: float, store: float) -> tuple[list[Stage], int]:
    """Return the stages of a build, and how many blobs its scans leave."""
    attempts = size / rates.attempt
    scans, partitions = ceil(size / SCAN_TASK), ceil(size / PARTITION)
    carried = size / compression + attempts * REFERENCE
    rows = size * rates.rows
    shards = max(1, ceil(rows / SHARD))
    blobs = scans * partitions
    moved = [
        Stage("scan", scans, size, carried, size / rates.scan + (size + carried) / store, 2 * scans)
    ]
    if blobs > ONE_ROUND:
        # Each merge takes the blobs of some scans, a coarse partition each, and cuts them finer.
        coarse = isqrt(partitions - 1) + 1
        blobs = (scans + partitions) * coarse
        moved.append(
            Stage("merge", partitions, carried, carried, 2 * carried / store, 2 * coarse * scans)
        )
    moved += [
        Stage(
            "build",
            partitions,
            carried,
            rows,
            size / rates.build + (carried + rows) / store,
            2 * blobs / max(1, len(moved)),
        ),
        Stage("shards", shards, rows, rows, rows / rates.digest + 2 * rows / store, 3 * shards),
        Stage("publish", 1, 0, 0, shards / PUBLISHED_AT_ONCE, shards),
    ]
    return moved, blobs


def print_rates(rates: Rates) -> None:
    """Print what was measured."""
    print(
        f"Measured on one core: scan {rates.scan / 1e6:,.0f} MB/s, build {rates.build / 1e6:,.0f} "
        f"MB/s of logs, SHA-256 {rates.digest / 1e9:.2f} GB/s; an attempt has "
        f"{rates.attempt / 1e3:.0f} KB, {rates.index:.0f} bytes of index; rows are "
        f"{100 * rates.rows:.0f}% of the logs.\n"
    )


def print_model(rates: Rates, size: float, cores: int, compression: float, store: float) -> None:
    """Print the stages, and what the driver holds."""
    computed, blobs = stages(rates, size, compression, store)
    print("| stage | tasks | TB read | TB written | core hours | minutes | requests |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for stage in computed:
        print(
            f"| {stage.name} | {stage.tasks:,} | {stage.read / TERABYTE:.2f} "
            f"| {stage.written / TERABYTE:.2f} | {stage.core_seconds / 3600:,.1f} "
            f"| {minutes(stage, cores):,.1f} | {stage.requests:,.0f} |"
        )
    tasks = sum(stage.tasks for stage in computed)
    print(
        f"| all | {tasks:,} | {sum(stage.read for stage in computed) / TERABYTE:.2f} "
        f"| {sum(stage.written for stage in computed) / TERABYTE:.2f} "
        f"| {sum(stage.core_seconds for stage in computed) / 3600:,.1f} "
        f"| {sum(minutes(stage, cores) for stage in computed):,.1f} "
        f"| {sum(stage.requests for stage in computed):,.0f} |"
    )
    attempts = size / rates.attempt
    held = tasks * SUMMARY + blobs * HANDLE
    print(
        f"\n{attempts:,.0f} attempts, {blobs:,} blobs; the driver holds {held / 1e6:,.0f} MB, the "
        f"index is {attempts * rates.index / GIGABYTE:,.0f} GB."
    )


def minutes(stage: Stage, cores: int) -> float:
    """Return how long a stage takes: whole waves of tasks, each on one core."""
    waves = ceil(stage.tasks / cores)
    return waves * stage.core_seconds / stage.tasks / 60


if __name__ == "__main__":
    main()
