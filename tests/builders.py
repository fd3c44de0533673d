"""Small builders of records: valid by default, changed by naming what differs."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import zstandard

from botcoin_dpo import build
from botcoin_dpo.building.build import BuildResult
from botcoin_dpo.exporting.result import ExportResult

ROOT = Path(__file__).parents[1]
"""The checkout."""
SAMPLE_LOGS = ROOT / "sample_data" / "logs"
REFERENCE = ROOT.parent / "shared" / "reference"
"""Real records, where they are at hand; tests that need them skip where they are not."""

CONSTRAINTS = [
    "Write EXACTLY 4 words. Single line.",
    "Must include the harbour of the ship that answers Question 1.",
    'Must NOT contain the letter "x" (case-insensitive).',
    "Tip: words are split on spaces.",
]


def document(number: int = 1) -> str:
    facts = (
        f"Log of the packet boats, volume {number}.",
        "The Alma Rose carries 1,200 crates – “salt” mostly.",
        "Early notes gave the Alma Rose 900 crates; that was withdrawn.",
        "The Beryl Star sails from Port Nara.",
    )
    return "\n\n".join(f"[paragraph_{n}]\n{fact}" for n, fact in enumerate(facts, start=1))


def context(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "document": document(number),
        "questions": ["Which ship carries the most?", "Which sails from Port Nara?"],
        "constraints": CONSTRAINTS,
        "paragraph_count": 4,
    } | changes


def extract(
    entity: Any = "Alma Rose", value: Any = 1200, paragraph: int = 2, **changes: Any
) -> dict[str, Any]:
    return {
        "step_id": "e1",
        "action": "extract_fact",
        "targetEntity": entity,
        "attribute": "crates",
        "valueExtracted": value,
        "source": f"paragraph_{paragraph}",
        "coordinator_provenance": {
            "paragraph_index": paragraph,
            "semantic_zone": "GROUND_TRUTH",
            "quote_match": "EXACT",
        },
    } | changes


def compute(**changes: Any) -> dict[str, Any]:
    return {
        "step_id": "c1",
        "action": "compute_logic",
        "operation": "add",
        "inputs": [1, 2],
        "result": 3,
    } | changes


def attempt(
    index: int = 1,
    *,
    passed: bool = False,
    challenge: str = "0x01",
    miner: str = "0xaa",
    number: int = 1,
    failed: Iterable[int] = (1,),
    **changes: Any,
) -> dict[str, Any]:
    """Return an attempt record; `changes` set fields, and `...` as a value removes one."""
    failed = [] if passed else list(failed)
    record: dict[str, Any] = {
        "storage_schema_version": 2,
        "dataset_namespace": "dataset/v2",
        "record_id": f"{challenge}-{miner}-{index}",
        "challenge_id": challenge,
        "challenge_seed": "17",
        "challenge_domain": "ships",
        "miner_id": miner,
        "attempt_index": index,
        "pass": passed,
        "credit_eligible": passed,
        "acceptance_path": "B" if passed else "NONE",
        "trap_classification": "PATH_B" if passed else "UNKNOWN",
        "session_status": "passed" if passed else "active",
        "constraint_total": 3,
        "constraint_results": {str(i): {"pass": i not in failed} for i in range(3)},
        "submission": {
            "model": "small-model",
            "artifact": f"Alma sails from Nara{'' if passed else index}",
            "reasoning_trace": [extract(), compute(result=3 if passed else index + 10)],
        },
        "attempt_submitted_at": 1_774_000_000_000 + index * 60_000,
        "challenge_context": context(number),
        "trap_metadata": {"trap_count": 1, "traps": [{"wrong_value": 900, "correct_value": 1200}]},
    }
    return {key: value for key, value in (record | changes).items() if value is not ...}


def challenge(challenge: str = "0x01", number: int = 1, **changes: Any) -> dict[str, Any]:
    record = {"challenge_id": challenge, "challenge_context": context(number)}
    return {key: value for key, value in (record | changes).items() if value is not ...}


def recovery(challenge: str = "0x01", miner: str = "0xaa", **changes: Any) -> list[dict[str, Any]]:
    """Return a session that fails once, then passes."""
    return [
        attempt(1, challenge=challenge, miner=miner, **changes),
        attempt(2, passed=True, challenge=challenge, miner=miner, **changes),
    ]


SHARED = (
    "challenge_id", "miner_id", "challenge_context", "challenge_seed", "challenge_domain",
    "trap_metadata",
)  # fmt: skip
"""What the attempts of a session have in common."""


def session(
    records: list[dict[str, Any]], shared: Iterable[str] = SHARED, **changes: Any
) -> dict[str, Any]:
    """Return the session record of attempts; their shared fields stand in the session alone."""
    names = set(shared)
    head = {name: records[0][name] for name in SHARED if name in names and name in records[0]}
    rest = [{key: value for key, value in r.items() if key not in names} for r in records]
    record = {"session_id": "s1", **head, "attempts": rest} | changes
    return {key: value for key, value in record.items() if value is not ...}


def as_lines(records: Iterable[Any]) -> bytes:
    """Return JSON lines; bytes stand as they are."""
    return b"".join(
        (record if isinstance(record, bytes) else json.dumps(record, ensure_ascii=False).encode())
        + b"\n"
        for record in records
    )


def write_log(path: Path, records: Iterable[Any]) -> Path:
    """Write records as JSON lines, compressed as the name says."""
    data = as_lines(records)
    if path.suffix == ".gz":
        data = gzip.compress(data, mtime=0)
    elif path.suffix == ".zst":
        data = zstandard.compress(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read_rows(out: Path, kind: str = "sequential") -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted(out.glob(f"{kind}/*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def facts(out: Path, kind: str) -> list[dict[str, Any]]:
    """Return the attempt objects or the challenge objects of a build."""
    return [
        json.loads(line)
        for path in sorted(out.glob(f"{kind}/part-*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


def shard_bytes(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.glob("*/*.jsonl"))}


def quarantine(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "quarantine.jsonl").read_bytes().splitlines()]


def reasons(out: Path) -> list[str]:
    return [entry["reason"] for entry in quarantine(out)]


def run(
    *arguments: object, stdin: bytes = b"", cwd: Path | None = None, columns: int = 100
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does."""
    process = subprocess.run(
        [sys.executable, "-m", "botcoin_dpo", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=os.environ | {"COLUMNS": str(columns)},
    )
    return subprocess.CompletedProcess(
        process.args, process.returncode, process.stdout.decode(), process.stderr.decode()
    )


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def make_folder(path: Path) -> None:
    path.mkdir()


def make_socket(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)  # the address of a socket must be short
    try:
        with closing(socket.socket(socket.AF_UNIX)) as server:
            server.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)


SPECIAL_FILES: list[Callable[[Path], None]] = [
    make_pipe, make_device, make_loop, make_folder, make_socket,
]  # fmt: skip
"""What may lie in the place of a regular file."""


@contextmanager
def at_once() -> Iterator[None]:
    """Fail, instead of waiting for ever, if what is inside waits for a pipe."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(30)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def all_bytes(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }


def published(result: BuildResult | ExportResult) -> Path:
    """Return the folder of a result that was published."""
    assert isinstance(result.out, Path)
    return result.out


def real_records(folder: Path) -> list[dict[str, Any]]:
    """Return the attempts of a folder of real records."""
    return [
        json.loads(line)
        for name in ("attempts_v2.jsonl", "session_0x37289055.attempts.jsonl")
        for line in (folder / name).read_bytes().splitlines()
    ]


def built_row(folder: Path, rejected: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a session whose two attempts differ in these fields from ordinary ones."""
    records = [attempt(1, **rejected), attempt(2, **{"passed": True, **chosen})]
    build(write_log(folder / "a.jsonl", records), folder / "out")
    (row,) = read_rows(folder / "out")
    return row
