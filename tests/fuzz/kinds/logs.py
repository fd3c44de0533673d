"""Changed logs: whatever they hold, a build ends well, and its bytes depend on records alone."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import zstandard

from tests.fuzz.checks import check_outcome, check_texts, check_valid
from tests.fuzz.fixtures import as_line
from tests.fuzz.mutations import change_bytes, change_record
from tests.fuzz.trials import Trial, difference, tree_of

_CODES = frozenset({0, 1, 2})
_OPTIONS = ("--audit", "--allow-unsafe-text", "--attempts")
_STRATEGIES = ("sequential", "bookend", "exhaustive", "cross_session")


def logs(trial: Trial) -> None:
    """Build changed logs in two layouts and with an update, and export what comes out."""
    rng = trial.rng
    lines = [_line(trial, record) for record in trial.fixtures.some_records()]
    options = [word for name in trial.some(_STRATEGIES, 1) for word in ("--pairs", name)]
    options += [option for option in _OPTIONS if trial.chance(0.3)]
    options += ["--allow-empty"]
    _write(trial, "one", [lines])
    built = trial.run("build", "one", "-o", "out-one", "--workers", rng.choice((1, 1, 2)), *options)
    check_outcome(trial, built, frozenset({0}))
    check_valid(trial, "out-one")
    shuffled = rng.sample(lines, len(lines))
    middle = rng.randint(0, len(lines))
    _write(trial, "two", [shuffled[:middle]])
    first = trial.run("build", "two", "-o", "out-two", *options)
    check_outcome(trial, first, frozenset({0}))
    _write(trial, "two", [shuffled[middle:]], "late")
    second = trial.run("build", "two", "-o", "out-two", "--update", *options)
    check_outcome(trial, second, frozenset({0}))
    _check_same_rows(trial)
    for text in ("clean", "canonical"):
        exported = trial.run(
            "export", "out-one", "-o", f"hub-{text}", "--text", text, "--format", "jsonl",
            "--allow-empty",
        )  # fmt: skip
        check_outcome(trial, exported, frozenset({0, 2}))
        if exported.code == 0:
            check_texts(trial, trial.folder / f"hub-{text}")
            check_valid(trial, f"hub-{text}")
    _break_a_file(trial, lines)


def _line(trial: Trial, record: dict[str, Any]) -> bytes:
    """Return a record as a line, changed in one case of four; a line break makes two of it."""
    if not trial.chance(0.25):
        return as_line(record)
    if trial.chance(0.6):
        return change_record(record, trial.rng)
    return change_bytes(as_line(record), trial.rng).replace(b"\n", b" ")


def _write(trial: Trial, folder: str, files: list[list[bytes]], name: str = "log") -> None:
    home = trial.folder / folder
    home.mkdir(exist_ok=True)
    for number, lines in enumerate(files):
        data = b"".join(line + b"\n" for line in lines)
        ending = trial.rng.choice(("", ".gz", ".zst"))
        if ending == ".gz":
            data = gzip.compress(data, 1, mtime=0)
        elif ending == ".zst":
            data = zstandard.compress(data, 1)
        (home / f"{name}-{number}.jsonl{ending}").write_bytes(data)


def _check_same_rows(trial: Trial) -> None:
    one, two = (_rows_of(trial.folder / out) for out in ("out-one", "out-two"))
    if one != two:
        trial.fail("bytes", f"another layout gives other rows: {difference(one, two)}")


def _rows_of(out: Path) -> dict[str, Any]:
    """Return the files of rows, attempts and challenges; the index is of the logs as they lie."""
    return {
        name: state
        for name, state in tree_of(out).items()
        if "/" in name and not name.startswith("index/")
    }


def _break_a_file(trial: Trial, lines: list[bytes]) -> None:
    """Build a file that is broken as a whole: as JSON values, or compressed."""
    data = b"[" + b",".join(lines) + b"]" if trial.chance(0.5) else b"\n".join(lines)
    name = trial.rng.choice(("x.json", "x.jsonl.gz", "x.json.zst", "x.jsonl"))
    if name.endswith(".gz"):
        data = gzip.compress(data, 1, mtime=0)
    elif name.endswith(".zst"):
        data = zstandard.compress(data, 1)
    (trial.folder / "broken").mkdir()
    (trial.folder / "broken" / name).write_bytes(change_bytes(data, trial.rng))
    built = trial.run("build", "broken", "-o", "out-broken", "--allow-empty")
    check_outcome(trial, built, _CODES)
    if built.code == 0:
        check_valid(trial, "out-broken")
    for command in (("stats", "broken"), ("audit", "broken")):
        check_outcome(trial, trial.run(*command), _CODES)
