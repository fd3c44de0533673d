"""Side by side with what a user would take instead, on simulated logs.

Run: python benchmarks/run.py [--attempts 20000] [--rounds 3] [--sizes 20000 60000 …]

Makes logs with `simulate`, builds pairs from them with this tool and with others, in alternating
order, and prints median seconds, megabytes and pairs a second, peak memory of all processes
together (pages that several share count once), and the ratio to this tool. Every contender must
write the same rows, or its time does not count; one malformed line shows what each does about
damage. Needs `pip install -e '.[bench]'`, and for Node `npm install` in `contenders`; what
is not installed is left out.
"""

import argparse
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from botcoin_dpo.logs.compiled_scanner import SCANNER, SWITCH

HERE = Path(__file__).parent
SCHEMA = HERE.parent / "schemas" / "pair.schema.json"
CONTENDERS = {
    "plain script": ("plain_script.py", "jsonschema"),
    "pandas": ("with_pandas.py", "pandas"),
    "Polars": ("with_polars.py", "polars"),
    "DuckDB": ("with_duckdb.py", "duckdb"),
    "HF datasets": ("with_datasets.py", "datasets"),
    "datatrove": ("with_datatrove.py", "datatrove"),
    "Node + ajv": ("with_node.mjs", "ajv"),
}
"""The script of each, and the library that it stands on."""

NODE = ["node", "--max-old-space-size=16384"]  # its own limit is less than these logs decoded
PREFIX = "botcoin-dpo-bench-"
ATTEMPTS_OF_A_CHALLENGE = 13.7
"""On average, as `simulate` makes them with twelve miners."""


@dataclass
class Runs:
    """What was measured of one contender."""

    command: list[str]
    out: Path
    """The file of rows, or the folder of a build."""
    seconds: list[float] = field(default_factory=list)
    seconds_to_disk: list[float] = field(default_factory=list)
    peak: list[int] = field(default_factory=list)
    verdict: str = ""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--attempts", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=[], help="for the second table")
    parser.add_argument("--folder", type=Path, default=None, help="where to work; a memory disk")
    parser.add_argument("--disk", type=Path, default=None, help="where to write a second time")
    parser.add_argument("--only", nargs="*", default=list(CONTENDERS), metavar="CONTENDER")
    arguments = parser.parse_args()
    # An installed program is compiled once; so is this one, in its first run, also from a checkout.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    home = arguments.folder or Path("/dev/shm" if Path("/dev/shm").is_dir() else "/tmp")
    with ExitStack() as stack:
        work, disk = (
            place and Path(stack.enter_context(TemporaryDirectory(prefix=PREFIX, dir=place)))
            for place in (home, arguments.disk)
        )
        print(f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, "
              f"scanner: {SCANNER}, "
              f"work in {'memory' if str(home).startswith('/dev/shm') else 'files'}\n")  # fmt: skip
        side_by_side(work, disk, arguments.attempts, arguments.rounds, arguments.only)
        if arguments.sizes:
            by_size(work, arguments.sizes)


def side_by_side(
    work: Path, disk: Path | None, attempts: int, rounds: int, only: list[str]
) -> None:
    """Print the first table."""
    logs = make_logs(work / "logs", attempts)
    size = sum(path.stat().st_size for path in logs.iterdir())
    contenders = {
        f"botcoin-dpo, {workers} worker{'s' * (workers > 1)}": Runs(
            tool(logs, work / f"built-{workers}", workers), work / f"built-{workers}"
        )
        for workers in (2, 1)
    }
    if SCANNER.module is not None:
        out = work / "built-without"
        contenders["botcoin-dpo, 1 worker, scanner in Python"] = Runs(
            ["env", f"{SWITCH}=python", *tool(logs, out, 1)], out
        )
    for name in only:
        script, module = CONTENDERS[name]
        if not is_installed(script, module):
            print(f"left out, not installed: {name}")
            continue
        out = work / f"{script}.jsonl"
        contenders[name] = Runs(contender(script, logs, out), out)
    ours = contenders["botcoin-dpo, 1 worker"]
    measure(ours)  # warms the page cache, and gives what to compare with
    ours.seconds.clear()
    ours.peak.clear()
    expected = rows_in(ours.out)
    floor = Runs(floor_command(work, logs, expected), work / "none")
    for number in range(rounds):
        names = list(contenders)
        for name in names if number % 2 else reversed(names):
            measure(contenders[name])
            if disk is not None:
                measure(elsewhere := on_disk(contenders[name], disk))
                contenders[name].seconds_to_disk += elsewhere.seconds
        floor.seconds.append(float(subprocess.check_output(floor.command)))
    for runs in contenders.values():
        runs.verdict = "same rows" if rows_in(runs.out) == expected else "OTHER ROWS"
    damaged = what_damage_does(work, contenders)
    print(f"{attempts} attempts asked for, {size / 1e6:,.0f} MB, {len(expected):,} pairs; "
          f"medians of {rounds}\n")  # fmt: skip
    print("| | s | to disk, s | MB/s | pairs/s | peak MB | against 2 workers | rows "
          "| one malformed line |")  # fmt: skip
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    base = statistics.median(contenders["botcoin-dpo, 2 workers"].seconds)
    least = statistics.median(floor.seconds)
    print(f"| floor: decode pairs, encode rows | {least:.2f} | | | | | {least / base:.2f} | | |")
    for name, runs in contenders.items():
        seconds = statistics.median(runs.seconds)
        print(
            f"| {name} | {seconds:.2f} | {median_or_blank(runs.seconds_to_disk)} "
            f"| {size / 1e6 / seconds:,.0f} "
            f"| {len(expected) / seconds:,.0f} | {max(runs.peak) / 1e6:,.0f} "
            f"| {seconds / base:.1f} | {runs.verdict} | {damaged[name]} |"
        )
    one = statistics.median(contenders["botcoin-dpo, 1 worker"].seconds)
    print(
        f"\none worker takes {one / least:.1f} times the floor, two take {base / least:.1f} times\n"
    )


def by_size(work: Path, sizes: list[int]) -> None:
    """Print the second table: this tool alone, as logs grow."""
    print("| attempts | MB | s | MB/s | peak MB | validate, s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for attempts in sizes:
        logs = make_logs(work / "logs", attempts)
        size = sum(path.stat().st_size for path in logs.iterdir())
        runs = Runs(tool(logs, work / "built", 2), work / "built")
        measure(runs)
        check = Runs([sys.executable, "-m", "botcoin_dpo", "validate", "--quiet", str(runs.out)],
                     work / "none")  # fmt: skip
        measure(check)
        print(f"| {attempts:,} | {size / 1e6:,.0f} | {runs.seconds[0]:.1f} "
              f"| {size / 1e6 / runs.seconds[0]:,.0f} | {max(runs.peak) / 1e6:,.0f} "
              f"| {check.seconds[0]:.1f} |")  # fmt: skip
        shutil.rmtree(runs.out)


def make_logs(folder: Path, attempts: int) -> Path:
    """Simulate logs of about so many attempts."""
    challenges = str(max(1, round(attempts / ATTEMPTS_OF_A_CHALLENGE)))
    subprocess.run(
        [sys.executable, "-m", "botcoin_dpo", "simulate", str(folder), "--overwrite", "--quiet",
         "--challenges", challenges],
        check=True,
    )  # fmt: skip
    return folder


def tool(logs: Path, out: Path, workers: int) -> list[str]:
    """Return the command of this tool."""
    return [sys.executable, "-m", "botcoin_dpo", "build", str(logs), "--out", str(out),
            "--overwrite", "--quiet", "--workers", str(workers)]  # fmt: skip


def contender(script: str, logs: Path, out: Path) -> list[str]:
    """Return the command of another."""
    run_by = NODE if script.endswith(".mjs") else [sys.executable]
    return [*run_by, str(HERE / "contenders" / script), str(logs), str(out), str(SCHEMA)]


def is_installed(script: str, module: str) -> bool:
    """Return whether a contender can run."""
    if script.endswith(".mjs"):
        modules = HERE / "contenders" / "node_modules"
        return shutil.which(NODE[0]) is not None and (modules / module).is_dir()
    return importlib.util.find_spec(module) is not None


def on_disk(runs: Runs, disk: Path) -> Runs:
    """Return the same command with its output on the disk."""
    out = disk / runs.out.name
    return Runs([str(out) if word == str(runs.out) else word for word in runs.command], out)


def median_or_blank(seconds: list[float]) -> str:
    """Return the median of what was measured, if anything was."""
    return f"{statistics.median(seconds):.2f}" if seconds else ""


def floor_command(work: Path, logs: Path, rows: dict[str, bytes]) -> list[str]:
    """Write the paired records and the rows, and return the command of the floor."""
    wanted = {
        json.loads(row)[f"{side}_metadata"]["record_id"]
        for row in rows.values()
        for side in ("rejected", "chosen")
    }
    with (work / "paired.jsonl").open("wb") as paired:
        for path in sorted(logs.iterdir()):
            for line in path.read_bytes().splitlines(keepends=True):
                if orjson.loads(line)["record_id"] in wanted:
                    paired.write(line)
    (work / "rows.jsonl").write_bytes(b"\n".join(rows.values()))
    return [sys.executable, str(HERE / "contenders" / "floor.py"), str(work / "paired.jsonl"),
            str(work / "rows.jsonl")]  # fmt: skip


def measure(runs: Runs) -> int:
    """Run a command, and note its seconds and the peak of its memory; return its exit code."""
    start = time.perf_counter()
    process = subprocess.Popen(runs.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = [0]
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=(process.pid, peak, done))
    watcher.start()
    code = process.wait()
    runs.seconds.append(time.perf_counter() - start)
    done.set()
    watcher.join()
    runs.peak.append(peak[0])
    return code


def watch(pid: int, peak: list[int], done: threading.Event) -> None:
    """Note the most memory that a process and its children take together."""
    while not done.wait(0.05):
        peak[0] = max(peak[0], sum(map(proportional_size, family(pid))))


def family(pid: int) -> list[int]:
    """Return a process and all that come from it."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return [pid]
    return [pid, *(each for child in text.split() for each in family(int(child)))]


def proportional_size(pid: int) -> int:
    """Return bytes of memory, a page that n processes share as an n-th."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def rows_in(out: Path) -> dict[str, bytes]:
    """Return canonical rows by the record they choose, of a build or of a file of rows."""
    files = sorted(out.glob("*/*.jsonl")) if out.is_dir() else [out] if out.exists() else []
    rows = {}
    for path in files:
        for line in path.read_bytes().splitlines():
            row = orjson.loads(line)
            rows[row["chosen_metadata"]["record_id"]] = orjson.dumps(
                _plain(row), option=orjson.OPT_SORT_KEYS
            )
    return rows


def _plain(value: object) -> object:
    """Return a JSON value in which equal numbers are spelled alike."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def what_damage_does(work: Path, contenders: dict[str, Runs]) -> dict[str, str]:
    """Run each contender on small logs with one malformed line in the middle of a file."""
    logs = make_logs(work / "damaged", 300)
    first = sorted(logs.iterdir())[0]
    lines = first.read_bytes().splitlines(keepends=True)
    whole = Runs(tool(logs, work / "damaged-whole", 1), work / "damaged-whole")
    measure(whole)
    lines.insert(len(lines) // 2, b'{"record_id": "cut off", "submis\n')
    first.write_bytes(b"".join(lines))
    expected = rows_in(whole.out)
    verdicts = {}
    for name, runs in contenders.items():
        out = work / f"damaged-{runs.out.name}"
        swap = {str(work / "logs"): str(logs), str(runs.out): str(out)}
        damaged = Runs([swap.get(word, word) for word in runs.command], out)
        code = measure(damaged)
        found = rows_in(out)
        if code:
            verdicts[name] = "stops"
        elif found == expected:
            listed = (out / "quarantine.jsonl").exists() if out.is_dir() else False
            verdicts[name] = "quarantined, named" if listed else "left out, silently"
        else:
            verdicts[name] = f"{len(found)} of {len(expected)} pairs, silently"
    return verdicts


if __name__ == "__main__":
    main()
